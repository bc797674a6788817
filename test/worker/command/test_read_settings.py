import json
import subprocess
import sys

from workload_modules import WORKLOADS

WORKLOAD = WORKLOADS / "command"


def read(tmp_path, text):
    script = tmp_path / "script.py"
    script.write_text(text)
    done = subprocess.run([sys.executable, "-B", str(WORKLOAD / "read_arguments.py"), str(script)], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def settings(tmp_path, text):
    found = read(tmp_path, text)
    return found["how"], found["form"], {one["name"]: one["default"] for one in found["parameters"]}


def test_what_comes_after_the_command_line_was_read_is_no_setting(tmp_path):
    """A script that checks its settings by name knows nothing of later ones."""
    text = '"""python script.py, see sys.argv"""\nlr = 6e-4\nexec(open("configurator.py").read())\niter_num = 0\n'
    assert settings(tmp_path, text) == ("assignments", "--{name}={value}", {"lr": 6e-4})


def test_a_whole_number_with_a_point_keeps_it(tmp_path):
    """Such scripts compare types, and "0" is no 0.0."""
    found = settings(tmp_path, "import sys\ndropout = 0.0\nclip = 1.0\nlayers = 2\nbeta = 0.95\nfor word in sys.argv: pass\n")[2]
    assert found == {"dropout": "0.0", "clip": "1.0", "layers": 2, "beta": 0.95}


def test_a_script_that_takes_words_by_their_place_has_no_settings(tmp_path):
    assert settings(tmp_path, "import sys\nlr = float(sys.argv[1])\nweight = 0.0\n") == ("nothing", "--{name} {value}", {})


def test_words_that_a_parser_demands_by_their_place_are_named(tmp_path):
    text = "import argparse\np = argparse.ArgumentParser()\np.add_argument('data', metavar='DIR')\np.add_argument('more', nargs='*')\np.parse_args()\n"
    assert read(tmp_path, text)["places"] == ["data"]
    text = "import argparse\np = argparse.ArgumentParser()\np.add_subparsers().add_parser('fit')\np.parse_args()\n"
    assert read(tmp_path, text)["places"] == ["subcommand"]


def test_a_parser_of_click_is_asked_where_it_is_imported_and_not_where_it_is_spoken_of(tmp_path):
    (tmp_path / "click.py").write_text("")
    text = "import click\nprint('  --lr FLOAT  [default: 0.1]')\n"
    assert settings(tmp_path, text) == ("help text", "--{name} {value}", {"lr": 0.1})
    assert settings(tmp_path, text.replace("import click", "# click here"))[0] == "nothing"
