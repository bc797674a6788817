"""The parameters of a script: `read_arguments.py <script>` prints one JSON line. Standard library only.

    {"form": "--{name} {value}", "parameters": [{"name", "default", "choices", "help", "required"}], "how": "argparse"}

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

PARSERS = re.compile(r"\b(argparse|tyro|simple_parsing|HfArgumentParser|jsonargparse|configargparse|ArgumentParser)\b")
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
        default = action.default if action.default is not argparse.SUPPRESS else None
        if isinstance(default, (list, tuple)):
            default = [item for item in default if isinstance(item, SCALARS)]
        elif not isinstance(default, SCALARS):
            default = None
        choices = [choice for choice in action.choices or [] if isinstance(choice, SCALARS)]
        parameters.append({
            "name": options[0][2:],
            "default": default,
            "choices": choices,
            "help": " ".join((action.help or "").replace("%(default)s", str(default)).split()),
            "required": bool(action.required),
            "flag": action.nargs == 0,
        })
    return {"form": "--{name} {value}", "parameters": parameters, "how": "argparse"}


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
    for match in re.finditer(r"^\s+(?:-\w(?: \S+)?, )?--([\w-]+)(.*(?:\n\s{8,}\S.*)*)", text, re.MULTILINE):
        default = re.search(r"[\[(]default:?\s*([^\])]*)[\])]", match.group(2))
        if match.group(1) not in ("help", "version"):
            parameters.append({"name": match.group(1), "default": literal(default.group(1)) if default else None,
                               "choices": [], "help": "", "required": False, "flag": False})
    return {"form": "--{name} {value}", "parameters": parameters, "how": "help text"}


def of_assignments(source):
    """Settings at the top of a script: `batch_size = 12`, up to the first thing that is no setting."""
    parameters = []
    for node in ast.parse(source).body:
        single = isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)
        name = node.targets[0].id if single else ""
        try:
            value = ast.literal_eval(node.value) if name and not name.startswith("_") else None
        except ValueError:
            continue
        if isinstance(value, SCALARS):
            parameters.append({"name": name, "default": value, "choices": [], "help": "", "required": False, "flag": False})
    return {"form": "--{name}={value}", "parameters": parameters, "how": "assignments"}


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
    json.dump(found, sys.stdout, default=str)
    print()


if __name__ == "__main__":
    main(sys.argv[1])
