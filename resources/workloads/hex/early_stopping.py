"""Which epoch was the best, with a copy of its weights, and when to stop waiting for a better one."""


class EarlyStopping:
    """Better means lower by more than `min_delta`; a loss that is not a number never is."""

    def __init__(self, patience, min_delta):
        self.patience, self.min_delta = patience, min_delta
        self.best_loss, self.best_epoch, self.best_weights, self.epoch = None, None, None, 0

    def add(self, loss, network):
        """Takes the loss after the next epoch. Returns whether it was the best so far."""
        self.epoch += 1
        limit = float("inf") if self.best_loss is None else self.best_loss - self.min_delta
        better = loss < limit
        if better:
            self.best_loss, self.best_epoch = loss, self.epoch
            # A copy: the network's own tensors go on changing.
            self.best_weights = {name: values.detach().cpu().clone() for name, values in network.state_dict().items()}
        return better

    @property
    def stop(self):
        return self.epoch - (self.best_epoch or 0) >= self.patience

    def state(self):
        return {"loss": self.best_loss, "best": self.best_epoch, "weights": self.best_weights, "epoch": self.epoch}

    def restore(self, state):
        self.best_loss, self.best_epoch = state["loss"], state["best"]
        self.best_weights, self.epoch = state["weights"], state["epoch"]
