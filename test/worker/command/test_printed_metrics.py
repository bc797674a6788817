import re

import pytest

from printed_metrics import printed_metrics


def told(source, *lines):
    """What the guessed patterns find in lines that the script would print."""
    patterns = printed_metrics(source)["patterns"]
    return [match.groupdict() for line in lines for pattern in patterns for match in re.finditer(pattern, line)]


@pytest.mark.parametrize(
    ("source", "line", "found"),
    [
        (
            """print(f"step {i}: train loss {losses['train']:.4f}, val loss {losses['val']:.4f}")""",
            "step 20: train loss 2.4674, val loss nan",
            {"step": "20", "train_loss": "2.4674", "val_loss": "nan"},
        ),
        (
            """print('Train Epoch: {} [{}/{} ({:.0f}%)]\\tLoss: {:.6f}'.format(a, b, c, d, e))""",
            "Train Epoch: 1 [640/60000 (1%)]\tLoss: 2.300039",
            {"loss": "2.300039"},
        ),
        (
            """print('\\nTest set: Average loss: {:.4f}, Accuracy: {}/{} ({:.0f}%)\\n'.format(a, b, c, d))""",
            "Test set: Average loss: 0.0487, Accuracy: 9836/10000 (98%)",
            {"average_loss": "0.0487", "accuracy": "9836"},
        ),
        (
            """print(f"global_step={global_step}, episodic_return={info['r']}")""",
            "global_step=812, episodic_return=23.0",
            {"global_step": "812", "episodic_return": "23.0"},
        ),
        (
            """print("Epoch %d | Train loss: %.3f | Val acc: %.2f%%" % (e, l, a))""",
            "Epoch 3 | Train loss: 0.500 | Val acc: 91.20%",
            {"epoch": "3", "train_loss": "0.500", "val_acc": "91.20"},
        ),
        (
            """print(f'| end of epoch {epoch:3d} | time: {t:5.2f}s | valid loss {v:5.2f} | valid ppl {p:8.2f}')""",
            "| end of epoch   1 | time: 12.00s | valid loss  5.20 | valid ppl   181.27",
            {"valid_loss": "5.20", "valid_ppl": "181.27"},
        ),
        ("""print("epoch", e, "loss", loss.item())""", "epoch 3 loss 0.25", {"epoch": "3", "loss": "0.25"}),
        ("""log.info("step %d loss %.3f", a, b)""", "INFO step 7 loss 0.125", {"step": "7", "loss": "0.125"}),
        ("""bar.set_postfix(loss=f"{loss:.3f}")""", " 7%|▋  | 7/99 [00:01<00:09, loss=0.100]", {"loss": "0.100"}),
        ("""bar.set_postfix({"train/loss": 1})""", "7/99 [00:01<00:09, train/loss=1]", {"train_loss": "1"}),
    ],
)
def test_what_a_script_prints_is_found_again(source, line, found):
    assert told(source, line) == [found]


def test_two_losses_of_one_script_are_two_metrics():
    source = 'print(f"step {i}: val loss {v:.2f}")\nprint(f"iter {i}: loss {l:.2f}, time {t}ms")\n'
    lines = ["step 1: val loss 3.00", "iter 1: loss 4.00, time 3ms"]
    assert told(source, *lines) == [{"step": "1", "val_loss": "3.00"}, {"iter": "1", "loss": "4.00"}]


@pytest.mark.parametrize(
    ("source", "main"),
    [
        ('print(f"loss {l} val loss {v}")', "val_loss"),
        ('print(f"accuracy {a} loss {l}")', "loss"),
        ('print(f"value loss {a} episodic return {l}")', "episodic_return"),
        ('print(f"accuracy {a}")', "accuracy"),
        ('print(f"batch {a} of {b} in {c} s")', None),
        ('raise ValueError(f"bad loss {x}")\nassert x, f"loss {x}"', None),
        ("print(f'{loss:.3f}')\nx = {'loss': 3}", None),
        ("this is no Python", None),
    ],
)
def test_the_metric_that_people_look_at_first(source, main):
    assert printed_metrics(source)["main"] == main


def test_scalars_for_tensorboard_are_read_from_its_files():
    source = (
        'w = SummaryWriter(f"runs/{name}")\nw.add_scalar("losses/value_loss", 1, 2)\n'
        'w.add_scalar("charts/episodic_return", 1, 2)\nprint(f"loss: {x}")'
    )
    assert printed_metrics(source) == {"main": "charts/episodic_return", "patterns": [], "tensorboard": ["runs"]}
    assert printed_metrics("SummaryWriter()")["tensorboard"] == ["runs"]
    assert printed_metrics("SummaryWriter(log_dir='out/tb/')")["tensorboard"] == ["out/tb"]
    # Where files of other runs lie as well, nothing can be told apart.
    assert printed_metrics("SummaryWriter('/data/tb')")["tensorboard"] == []
