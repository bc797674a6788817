import json
import subprocess
import sys

import pytest
from derivatives_runs import WORKLOAD

OPTIONS = {
    "systems": "all", "noise": "1e-8,1e-6,1e-4,1e-3,1e-2,2e-2", "trials": 10, "points": 251, "orders": [0, 1, 2, 3, 4, 5, 6, 7],
    "methods": "all", "exclude": "", "jobs": 0, "method-timeout": 300, "run-twice": False, "methods-file": "", "noise-model": "additive",
}  # fmt: skip


def asked(**options):
    request = json.dumps({"options": {**OPTIONS, **{name.replace("_", "-"): value for name, value in options.items()}}, "seed": 42})
    return subprocess.run([sys.executable, "-B", "-I", "-S", "-c", RUN, str(WORKLOAD)], input=request, capture_output=True, text=True)


RUN = "import sys, runpy; sys.path.insert(0, sys.argv[1]); runpy.run_path(sys.argv[1] + '/describe.py', run_name='__main__')"


def described(**options):
    answer = asked(**options)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def test_full_and_study_have_as_many_configurations_as_published():
    assert len(described()["experiments"]) == 180
    study = described(systems="lotka_volterra", noise="1e-8,1e-6,1e-4,1e-3,1e-2,2e-2,5e-2", trials=3, points=101)
    assert len(study["experiments"]) == 21 and study["experiments"][0]["facts"]["methods"] == 20


def test_quick_has_twelve_methods_on_twelve_configurations():
    quick = described(systems="lotka_volterra,van_der_pol", noise="1e-8,1e-3,1e-2", trials=2, orders=[0, 1, 2, 3, 4], methods="quick")
    assert len(quick["experiments"]) == 12
    assert {experiment["facts"]["methods"] for experiment in quick["experiments"]} == {12}
    assert [experiment["index"] for experiment in quick["experiments"]] == list(range(12))
    assert len({json.dumps(experiment["parameters"]) for experiment in quick["experiments"]}) == 12
    assert quick["experiments"][0]["name"] == "lotka_volterra, noise 1e-08, trial 1"


def test_jobs_are_no_parameter_unless_asked_for():
    assert "jobs" not in described()["experiments"][0]["parameters"]
    answer = described(jobs=300)
    assert answer["experiments"][0]["parameters"]["jobs"] == 300
    assert any("--threads 300" in note for note in answer["notes"])
    assert any(note.startswith("Warning: 300 inner jobs are more than the") for note in answer["notes"])
    one, two = (described(jobs=jobs)["experiments"][0]["estimate"] for jobs in (1, 2))
    assert two["memoryMb"] > one["memoryMb"] and two["seconds"] < one["seconds"]


def test_methods_are_chosen_by_name_and_family():
    def chosen(**options):
        return described(**options)["experiments"][0]["parameters"]["methods"]

    assert chosen(methods="splines, gp-rbf") == "quintic-spline,spline-gcv,gp-rbf"
    assert chosen(methods="constant") == "constant" and chosen() == "all" and chosen(methods="quick") == "quick"
    fewer = chosen(exclude="gaussian-processes,savgol-fixed").split(",")
    assert "gp-rbf" not in fewer and "constant" not in fewer and len(fewer) == 17
    # One choice has one identity, however it is spelt.
    assert chosen(methods=",".join(fewer) + ",gp-matern,savgol-fixed,gp-rbf") == "all"
    notes = described(methods="spline-gcv,gp-rbf")["notes"]
    assert "No row for orders that a method does not have: spline-gcv ends at 3." in notes


def test_methods_of_ones_own_take_part(tmp_path):
    file = tmp_path / "own.py"
    file.write_text("import nowhere\ndef my_method(times, samples, orders):\n    return {}\ndef _helper():\n    pass\n")
    parameters = described(methods="gp-rbf", methods_file=str(file))["experiments"][0]["parameters"]
    assert parameters["methods"] == "gp-rbf" and parameters["methodsFile"]["methods"] == ["my-method"]
    assert parameters["methodsFile"]["path"] == str(file)
    assert len(parameters["methodsFile"]["sha256"]) == 64
    file.write_text("def gp_rbf(times, samples, orders): pass\n")
    assert "which is the name of a method already" in asked(methods_file=str(file)).stderr


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"systems": "pendulum"}, "Option systems has no pendulum: choose from"),
        ({"systems": ""}, "Option systems is empty"),
        ({"noise": "1e-3,much"}, "Option noise has much: give numbers from 0 to 10"),
        ({"noise": "nan"}, "Option noise has nan"),
        ({"noise": " "}, "Option noise is empty"),
        ({"orders": [0, 8]}, "Option orders has no 8"),
        ({"orders": []}, "Option orders is empty"),
        ({"methods": "magic"}, "Option methods has no magic"),
        ({"exclude": "magic"}, "Option exclude has no magic"),
        ({"methods": "gp-rbf", "exclude": "gp-rbf"}, "No method is left"),
        ({"trials": 1000}, "18,000 configurations; at most 10,000"),
        ({"methods-file": "/nowhere/own.py"}, "cannot be read"),
    ],
)
def test_bad_options_are_refused_in_one_sentence(options, sentence):
    answer = asked(**options)
    assert answer.returncode == 2 and sentence in answer.stderr and answer.stderr.count("\n") == 1 and answer.stdout == ""
