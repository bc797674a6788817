"""What looks wrong in the course of a training, as sentences. Warnings only: the training goes on."""

import math

LARGE_LOSS = 10.0
OVERFITTING = 0.1  # rise of the validation loss within an epoch while the training loss falls


def warnings(history):
    """About the newest epoch. `history`: rows with epoch, trainLoss and validationLoss, all as this training weighs them."""
    *_, now = history
    before = history[-2] if len(history) > 1 else None
    epoch, found = now["epoch"], []
    for name, loss in (("training", now["trainLoss"]), ("validation", now["validationLoss"])):
        if not math.isfinite(loss):
            found.append(f"Epoch {epoch}: the {name} loss is not a finite number.")
        elif loss > LARGE_LOSS:
            found.append(f"Epoch {epoch}: the {name} loss of {loss:.3g} is larger than {LARGE_LOSS:g}.")
    if before is None:
        return found
    trained, checked = (now[key] - before[key] for key in ("trainLoss", "validationLoss"))
    if trained > 0:
        found.append(f"Epoch {epoch}: the training loss rose by {trained:.3g}.")
    if trained < 0 and checked > OVERFITTING:
        found.append(f"Epoch {epoch}: the validation loss rose by {checked:.3g} while the training loss fell: overfitting.")
    return found
