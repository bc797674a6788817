"""The parameters of a script: `read_arguments.py <script>` prints one JSON line. Standard library only.

    {"form": "--{name} {value}", "parameters": [{"name", "default", "choices", "help", "required", "flag"}], "how": "argparse",
     "places": [names of what it demands by place], "metrics": {"main", "patterns", "tensorboard"}}

A script with a parser of the argparse family is run with --help, and its parser is looked at instead of being printed. A
script whose settings are plain assignments that the command line may override is read without being run.
"""

import argparse
import ast
import contextlib
import io
import json
import os
import re
import runpy
import sys

from printed_metrics import printed_metrics

PARSERS = re.compile(r"\b(argparse|tyro|simple_parsing|HfArgumentParser|jsonargparse|configargparse|ArgumentParser)\b|^(?:import|from) (?:click|typer)\b", re.MULTILINE)
OVERRIDES = re.compile(r"configurator|sys\.argv")
SCALARS = (str, int, float, bool)


class Found(BaseException):
    """Ends the script as soon as its parser is known; no `except Exception` of the script holds it up."""


def of_parser(parser):
    parameters = []
    for action in parser._actions:
        options = [option for option in action.option_strings if option.startswith("--")]
        if isinstance(action, (argparse._HelpAction, argparse._VersionAction)) or not options:
            continue
        choices = [choice for choice in action.choices or [] if isinstance(choice, SCALARS)]
        opposite = "--no-" + options[0][2:] in options
        name, default = switch(options[0][2:], default_of(action, opposite), opposite)
        parameters.append({
            "name": name,
            "default": default,
            "choices": choices,
            "help": " ".join((action.help or "").replace("%(default)s", str(action.default)).split()),
            "required": bool(action.required),
            "flag": action.nargs == 0,
        })
    demanded = [action for action in parser._actions if not action.option_strings and action.nargs not in ("?", "*", "...")]
    return {"form": "--{name} {value}", "parameters": parameters, "how": "argparse", "places": [place_of(action) for action in demanded]}


def place_of(action):
    return "subcommand" if action.dest == argparse.SUPPRESS else action.dest


def default_of(action, has_opposite):
    """What the option has to be for the script to do as it does without it; None = leave it out."""
    default = action.default if action.default is not argparse.SUPPRESS else None
    if isinstance(default, (list, tuple)):
        return [item for item in default if isinstance(item, SCALARS)]
    if not isinstance(default, SCALARS):
        return None
    if action.nargs == 0 and not has_opposite:
        return False  # whatever the bare option means, it does not stand there
    if isinstance(default, bool) and action.nargs != 0:
        return None if action.type is bool else str(default)  # it takes a word, and with the type bool any would be true
    return default


def switch(name, default, has_opposite):
    """A switch that is on can only be turned off by its opposite, so that is what people set."""
    return ("no-" + name, False) if has_opposite and default is True else (name, default)


def run_for_help(script):
    """Runs the script with --help until its parser wants to print. None = it never does."""

    def look(parser, *_, **__):
        raise Found(parser)

    argparse.ArgumentParser.print_help = look
    argparse.ArgumentParser.format_help = look
    sys.argv = [script, "--help"]
    sys.path.insert(0, os.path.dirname(os.path.abspath(script)))
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            runpy.run_path(script, run_name="__main__")
    except Found as found:
        return of_parser(found.args[0])
    except SystemExit:
        pass
    return of_text(printed.getvalue())


def of_text(text):
    """Options as help texts show them, with "(default: 3)" where that is written."""
    parameters = []
    for match in re.finditer(r"^\s+(?:-\w(?: \S+)?, )?--([A-Za-z][\w-]*)(.*(?:\n\s{8,}\S.*)*)", text, re.MULTILINE):
        default = re.search(r"[\[(]default:?\s*([^\])]*)[\])]", match.group(2))
        if match.group(1) not in ("help", "version"):
            value = literal(default.group(1)) if default else None
            name, value = switch(match.group(1), value, "--no-" + match.group(1) in text)
            parameters.append({"name": name, "default": value, "choices": [], "help": "", "required": False, "flag": False})
    return {"form": "--{name} {value}", "parameters": parameters, "how": "help text"}


def of_assignments(source):
    """Settings at the top of a script, `batch_size = 12`, up to where it reads the command line."""
    parameters = []
    for node in ast.parse(source).body:
        if OVERRIDES.search(ast.get_source_segment(source, node) or "") and not is_text(node):
            break
        single = isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)
        name = node.targets[0].id if single else ""
        try:
            value = ast.literal_eval(node.value) if name and not name.startswith("_") else None
        except ValueError:
            continue
        if isinstance(value, SCALARS):
            parameters.append({"name": name, "default": as_written(value), "choices": [], "help": "", "required": False, "flag": False})
    how = "assignments" if parameters else "nothing"
    return {"form": "--{name}={value}" if parameters else "--{name} {value}", "parameters": parameters, "how": how}


def is_text(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def as_written(value):
    """Scripts of this kind take no 0 for a 0.0, and JSON has only one number."""
    return repr(value) if isinstance(value, float) and value.is_integer() else value


def literal(text):
    try:
        return ast.literal_eval(text.strip())
    except (ValueError, SyntaxError):
        return text.strip()


def main(script):
    with open(script, encoding="utf-8", errors="replace") as file:
        source = file.read()
    if PARSERS.search(source):
        found = run_for_help(script)
    elif OVERRIDES.search(source):
        found = of_assignments(source)
    else:
        found = {"form": "--{name} {value}", "parameters": [], "how": "nothing"}
    found = {"places": [], **found, "metrics": printed_metrics(source)}
    json.dump(found, sys.stdout, default=str)
    print()


if __name__ == "__main__":
    main(sys.argv[1])
