"""An ordinary PyTorch training of one network: modules, autograd and torch.optim.Adam, one trial at a time."""

import math

import torch

LOW_WATT, HIGH_WATT, NOISE_WATT = 1e-8, 1.0, 1e-12


def build(hidden, inputs, outputs, batch_norm):
    parts, width = [], inputs
    for size in hidden:
        parts.append(torch.nn.Linear(width, size))
        if batch_norm:
            parts.append(torch.nn.BatchNorm1d(size))
        parts.append(torch.nn.ReLU())
        width = size
    return torch.nn.Sequential(*parts, torch.nn.Linear(width, outputs), torch.nn.Sigmoid())


def start_from(model, weights):
    """Kaiming-uniform weights as given, zero biases."""
    linears = [part for part in model if isinstance(part, torch.nn.Linear)]
    with torch.no_grad():
        for linear, weight in zip(linears, weights):
            linear.weight.copy_(torch.as_tensor(weight))
            linear.bias.zero_()


def loss_of(answers, gains):
    powers = LOW_WATT + (HIGH_WATT - LOW_WATT) * answers
    received = powers.unsqueeze(-1) * gains
    signal = torch.diagonal(received, dim1=1, dim2=2)
    interference = received.sum(dim=1) - signal
    return -(torch.log1p(signal / (interference.clamp(min=0.0) + NOISE_WATT)) / math.log(2.0)).sum(dim=1).mean()


def train(model, inputs, gains, recipe):
    """Trains with early stopping and leaves the best parameters in the model. Returns the number of epochs."""
    optimizer = torch.optim.Adam(model.parameters(), lr=recipe["learning_rate"])
    best, best_epoch, best_state = math.inf, 0, None
    for epoch in range(1, recipe["epochs"] + 1):
        total = 0.0
        for start in range(0, len(inputs), recipe["batch_size"]):
            batch = slice(start, start + recipe["batch_size"])
            loss = loss_of(model(inputs[batch]), gains[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(inputs[batch])
        mean = total / len(inputs)
        if mean < best - recipe["min_delta"]:
            best, best_epoch = mean, epoch
            best_state = {name: value.clone() for name, value in model.state_dict().items()}
        if epoch - best_epoch >= recipe["patience"]:
            break
    model.load_state_dict(best_state)
    return epoch
