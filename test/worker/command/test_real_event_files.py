"""What TensorBoard's own libraries wrote; where the files come from stands beside them."""

import math
import shutil
from pathlib import Path

import pytest
from conftest import ROOT
from workload_modules import use_workload

use_workload("command")
from metric_files import EventFolder, name_of  # noqa: E402

RECORDED = ROOT / "test" / "fixtures" / "tensorboard"
NEW_STYLE = {"accuracy": {0: 0.0, 10: 0.25, 20: 0.5}, "double": {0: 0.0, 10: 0.25, 20: 0.5}}


@pytest.mark.parametrize("library, more", [("torch", NEW_STYLE), ("tensorboardX", {})])
def test_scalars_of_real_libraries_are_all_there(library, more, series, tmp_path):
    shutil.copytree(RECORDED / library, tmp_path / "runs" / "exp")
    complaints = []
    EventFolder(tmp_path, "runs", series, complaints.append).poll(final=True)
    series.release()
    curves = {}
    for step, values in series.emitted:
        for name, value in values.items():
            curves.setdefault(name, {})[step] = value
    loss = curves.pop("loss/train")
    assert list(loss) == [0, 10, 20, 30, 40]
    assert [loss[step] for step in (0, 10, 20)] == pytest.approx([1, 1 / 11, 1 / 21], rel=1e-6)
    assert math.isnan(loss[30]) and loss[40] == math.inf
    assert curves == {
        "charts/episodic_return": {0: 0.0, 10: 25.0, 20: 50.0},
        "both/a": {20: 0.25},
        "both/b": {20: 0.75},
        "hparam/loss": {0: 0.5},
        **more,
    }
    assert complaints == []


@pytest.mark.parametrize("tag, folder, name", [
    ("epoch_loss", "logs/validation", "validation/epoch_loss"),
    ("loss", "logs/20261123-101500", "loss"),
    ("loss/train", "runs/x/loss_train_adam", "loss/train/adam"),
    ("loss", "runs/loss_ablation", "loss"),
    ("loss", "runs/loss/ablation", "loss"),
])
def test_folders_tell_what_a_tag_is_of(tag, folder, name):
    assert name_of(tag, Path(folder), {Path(folder), Path("runs/x")}) == name
