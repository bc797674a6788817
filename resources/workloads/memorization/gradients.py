"""Forward and backward pass of a stack of networks, written out: one call for each matrix product, no graph.

The buffers belong to a batch of fixed size. Gradients are written where `Layout` puts the parameters, so that one
optimiser call over the flat buffer updates every network.
"""

import torch

from network import BATCH_NORM_EPSILON


class Pass:
    """Passes over one batch: inputs [K, B, inputs] and the loss of these samples."""

    def __init__(self, layout, params, adam, inputs, loss):
        networks, samples, _ = inputs.shape
        self.inputs, self.loss, self.samples = inputs, loss, samples

        def views(stack, name):
            blocks = [getattr(layer, name) for layer in layout.layers]
            return [block and block.view(stack) for block in blocks]

        self.weights, self.biases = views(params, "weight"), views(params, "bias")
        self.scales, self.shifts = views(params, "scale"), views(params, "shift")
        self.turned = [weight.transpose(1, 2) for weight in self.weights]
        self.weight_gradients, self.bias_gradients = views(adam.gradients, "weight"), views(adam.gradients, "bias")
        self.scale_gradients, self.shift_gradients = views(adam.gradients, "scale"), views(adam.gradients, "shift")
        widths = [weight.shape[2] for weight in self.weights]
        self.outputs = [torch.empty(networks, samples, width, device=params.device) for width in widths]
        self.errors = [torch.empty_like(output) for output in self.outputs]
        self.normal = [torch.empty_like(output) for output in self.outputs] if layout.batch_norm else []
        self.spreads = [None] * len(widths)
        self.outer = samples == 1

    def forward(self):
        """Summed sum-rate of the batch for each network: [K]."""
        values = self.inputs
        for position, weight in enumerate(self.weights):
            output = self.outputs[position]
            torch.baddbmm(self.biases[position], values, weight, out=output)
            if self.scales[position] is not None:
                self.normalise(position, output)
            if position < len(self.weights) - 1:
                values = torch.relu_(output)
        torch.sigmoid(output, out=output)
        return self.loss.rates(output)

    def backward(self):
        """Gradients of all parameters, from the last layer to the first. Call after `forward`."""
        error = self.loss.gradient(self.outputs[-1], self.errors[-1])
        for position in range(len(self.weights) - 1, -1, -1):
            if self.scales[position] is not None:
                # Its bias has no effect behind the mean, so its gradient stays at the exact zero it begins with.
                self.through_normalisation(position, error)
            elif self.outer:
                self.bias_gradients[position].copy_(error)
            else:
                torch.sum(error, dim=1, keepdim=True, out=self.bias_gradients[position])
            values = self.outputs[position - 1] if position > 0 else self.inputs
            self.product(values.transpose(1, 2), error, self.weight_gradients[position])
            if position > 0:
                below = self.errors[position - 1]
                torch.bmm(error, self.turned[position], out=below)
                error = torch.ops.aten.threshold_backward.grad_input(below, values, 0, grad_input=below)

    def product(self, values, error, gradient):
        """gradient [K, inputs, outputs] = values [K, inputs, B] times error [K, B, outputs].

        One or two samples make a sum of outer products, which broadcasting writes about twice as fast as a matrix
        product; for two only where there is one network, because a stack of them outgrows the cache in between.
        """
        if self.outer:
            torch.mul(values, error, out=gradient)
        elif self.samples == 2 and len(gradient) == 1:
            torch.mul(values[:, :, :1], error[:, :1], out=gradient)
            gradient.addcmul_(values[:, :, 1:], error[:, 1:])
        else:
            torch.bmm(values, error, out=gradient)

    def normalise(self, position, output):
        output -= output.mean(dim=1, keepdim=True)
        spread = (output.square().mean(dim=1, keepdim=True) + BATCH_NORM_EPSILON).rsqrt_()
        self.spreads[position] = spread
        torch.mul(output, spread, out=self.normal[position])
        torch.addcmul(self.shifts[position], self.normal[position], self.scales[position], out=output)

    def through_normalisation(self, position, error):
        """Turns the error behind a batch normalisation into the error before it, in place."""
        normal, scale, shift = self.normal[position], self.scale_gradients[position], self.shift_gradients[position]
        torch.sum(error, dim=1, keepdim=True, out=shift)
        torch.sum(error * normal, dim=1, keepdim=True, out=scale)
        error -= shift / self.samples
        error.addcmul_(normal, scale, value=-1.0 / self.samples)
        error *= self.scales[position] * self.spreads[position]
