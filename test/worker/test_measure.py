"""What the devices of this interpreter's torch do, measured in a process of its own."""
import json
import subprocess
import sys

from harness import PACKAGE


def measured(*flags):
    done = subprocess.run(
        [sys.executable, *flags, str(PACKAGE / "measure.py")], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=120
    )
    return done


def test_every_device_gives_a_speed_that_belongs_to_its_time():
    found = json.loads(measured().stdout)
    assert [one["device"] for one in found["devices"]][0] == "cpu"
    assert found["threads"] >= 1
    for one in found["devices"]:
        assert one["seconds"] > 0
        assert abs(one["gflops"] * one["seconds"] * 1e9 / (2 * 1024**3) - 1) < 1e-9


def test_without_torch_it_fails_and_prints_no_answer():
    done = measured("-S", "-I")
    assert done.returncode != 0
    assert done.stdout == ""
