import json
import subprocess
import sys

import pytest

from command_words import build, option_words, text_of
from workload_modules import WORKLOADS

WORKLOAD = WORKLOADS / "command"


def plan(command, values=None, **more):
    return {"command": command, "values": values or {}, "arguments": "--{name} {value}", "shell": False, **more}


BUILT_IN = {"python": "/opt/python", "seed": "7", "run": "/run"}


def test_words_are_filled_one_by_one_and_never_split():
    words = build(plan(["python", "a b.py", "--lr={lr}", "{name}", "{list}", "{{x}}", "${HOME}", "{}}}"],
                       {"lr": 0.1, "name": "x; rm -rf $HOME 'y'", "list": [1, 2]}), BUILT_IN, ["--resume", "c d"])
    assert words == ["/opt/python", "a b.py", "--lr=0.1", "x; rm -rf $HOME 'y'", "1", "2", "{x}", "${HOME}", "{}}}", "--resume", "c d"]


def test_a_shell_gets_values_quoted():
    words = build(plan(["printf %s {word} {seed}"], {"word": "a 'b' $HOME"}, shell=True), BUILT_IN)
    assert words[:2] == ["/bin/sh", "-c"]
    assert subprocess.run(words, capture_output=True, text=True, check=True).stdout == "a 'b' $HOME7"


def test_options_of_all_parameters():
    values = {"lr": 1e-5, "epochs": 3.0, "flag": True, "off": False, "none": None, "sizes": [1, 2]}
    assert option_words(values, "--{name} {value}") == ["--lr", "1e-05", "--epochs", "3", "--flag", "--sizes", "1", "2"]
    assert option_words({"a": True, "b": 2}, "--{name}={value}") == ["--a=True", "--b=2"]


def test_a_parameter_that_the_command_names_is_no_option_besides():
    words = build(plan(["python", "train.py", "{data}", "{arguments}"], {"data": "d", "lr": 0.1}), BUILT_IN)
    assert words == ["/opt/python", "train.py", "d", "--lr", "0.1"]
    shell = build(plan(["train {data} {arguments}"], {"data": "d", "lr": 0.1}, shell=True), BUILT_IN)
    assert shell[2] == "train d --lr 0.1"


@pytest.mark.parametrize("value, text", [(3.0, "3"), (0.1, "0.1"), (True, "True"), ("a", "a"), ([1, 2.5], "1,2.5")])
def test_values_look_as_people_write_them(value, text):
    assert text_of(value) == text


def read_arguments(tmp_path, source):
    script = tmp_path / "script.py"
    script.write_text(source)
    result = subprocess.run([sys.executable, "-B", str(WORKLOAD / "read_arguments.py"), str(script)], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_the_parser_of_a_script_is_read(tmp_path):
    found = read_arguments(tmp_path, '''
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("input")
parser.add_argument("-b", "--batch-size", type=int, default=64, help="size (default: %(default)s)")
parser.add_argument("--mode", choices=["a", "b"], default="a")
parser.add_argument("--fast", action="store_true")
parser.add_argument("--out", required=True)
options = parser.parse_args()
open("/nowhere/at/all", "w")
''')
    assert found["how"] == "argparse"
    assert [(one["name"], one["default"], one["choices"], one["required"]) for one in found["parameters"]] == [
        ("batch-size", 64, [], False), ("mode", "a", ["a", "b"], False), ("fast", False, [], False), ("out", None, [], True)]
    assert found["parameters"][0]["help"] == "size (default: 64)"


def test_settings_are_read_without_running_the_script(tmp_path):
    found = read_arguments(tmp_path, "batch = 12\nname = 'x'\n_own = 1\nf = open\nraise_it = 1 / 0\nexec(open('configurator.py').read())\n")
    assert (found["how"], found["form"]) == ("assignments", "--{name}={value}")
    assert [(one["name"], one["default"]) for one in found["parameters"]] == [("batch", 12), ("name", "x")]


def test_a_script_without_parameters_is_not_run(tmp_path):
    assert read_arguments(tmp_path, "raise SystemExit('trained for a week')")["parameters"] == []


def test_a_hand_made_help_text_is_understood(tmp_path):
    found = read_arguments(tmp_path, "# like argparse\nprint('  --lr FLOAT   step size (default: 0.1)\\n  -n, --name TEXT  [default: run]\\n  --help')\nraise SystemExit(0)\n")
    assert [(one["name"], one["default"]) for one in found["parameters"]] == [("lr", 0.1), ("name", "run")]


SWITCHES = '''
import argparse, json
parser = argparse.ArgumentParser()
parser.add_argument("--augment", action=argparse.BooleanOptionalAction, default=True)
parser.add_argument("--compile", action=argparse.BooleanOptionalAction, default=False)
parser.add_argument("--no-bias", dest="bias", action="store_false")
parser.add_argument("--amp", type=lambda text: text == "True", default=True)
parser.add_argument("--track", type=lambda text: text == "True", default=True, nargs="?", const=True)
parser.add_argument("--trap", type=bool, default=False)
parser.add_argument("-v", "--verbose", action="count", default=0)
if __name__ == "__main__":
    print(json.dumps(vars(parser.parse_args())))
'''


def test_every_switch_of_a_parser_can_be_turned_either_way(tmp_path):
    read = read_arguments(tmp_path, SWITCHES)["parameters"]
    values = {one["name"]: one["default"] for one in read if one["default"] is not None}

    def parsed(changes):
        words = option_words({**values, **changes}, "--{name} {value}")
        command = [sys.executable, str(tmp_path / "script.py"), *words]
        return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    as_ever = {"augment": True, "compile": False, "bias": True, "amp": True, "track": True, "trap": False, "verbose": 0}
    assert parsed({}) == as_ever
    turned = parsed({"no-augment": True, "compile": True, "no-bias": True, "amp": "False", "track": "False", "verbose": True})
    assert turned == {**as_ever, "augment": False, "compile": True, "bias": False, "amp": False, "track": False, "verbose": 1}


def test_numbers_are_texts_as_they_were_written():
    parameters = {
        "command": ["x", "{a}", "{b}", "{arguments}"],
        "values": {"a": 1, "b": [1, 2], "c": 3, "d": 1},
        "written": {"a": "1.0", "b": [None, "2."], "c": "3e0"},
        "arguments": "--{name}={value}",
        "shell": False,
    }
    assert build(parameters, {}) == ["x", "1.0", "1", "2.", "--c=3e0", "--d=1"]
