"""Adam over flat buffers: parameters, gradients and both moments of a whole stack lie in four matrices of one shape."""

import torch

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8


class Adam:
    """The optimiser of a stack. On a CPU one fused kernel passes once over the four buffers."""

    def __init__(self, params, learning_rate):
        self.learning_rate = learning_rate
        self.gradients = torch.zeros_like(params)
        self.first = torch.zeros_like(params)
        self.second = torch.zeros_like(params)
        self.steps = 0
        self.step_tensor = torch.zeros(())
        self.fused = params.device.type == "cpu" and hasattr(torch, "_fused_adam_")

    def update(self, params):
        """One step of all networks by `gradients`."""
        self.steps += 1
        if self.fused:
            self.step_tensor.fill_(self.steps)
            torch._fused_adam_(
                [params.view(-1)], [self.gradients.view(-1)], [self.first.view(-1)], [self.second.view(-1)], [], [self.step_tensor],
                lr=self.learning_rate, beta1=BETA1, beta2=BETA2, weight_decay=0.0, eps=EPSILON,
                amsgrad=False, maximize=False,
            )  # fmt: skip
            return
        rate = self.learning_rate / (1.0 - BETA1**self.steps)
        correction = (1.0 - BETA2**self.steps) ** 0.5
        self.first.lerp_(self.gradients, 1.0 - BETA1)
        self.second.mul_(BETA2).addcmul_(self.gradients, self.gradients, value=1.0 - BETA2)
        params.addcdiv_(self.first, self.second.sqrt().div_(correction).add_(EPSILON), value=-rate)

    def keep(self, rows):
        """Forgets all networks but `rows` (a long tensor)."""
        self.gradients = self.gradients[rows]
        self.first = self.first[rows]
        self.second = self.second[rows]
