"""Options of the workload, read and checked: systems, noise levels, orders and methods. Standard library only."""

import ast
import hashlib
import math
from pathlib import Path

from catalog import BY_NAME, GROUPS, HIGHEST_ORDER, METHODS
from minibatch.description import BadOption

SYSTEMS = {"lotka_volterra": "Lotka-Volterra", "van_der_pol": "van der Pol", "lorenz": "Lorenz"}


def words(text):
    return [word for word in text.replace(",", " ").split() if word]


def chosen_systems(text):
    found = list(SYSTEMS) if text == "all" else words(text)
    for name in found:
        if name not in SYSTEMS:
            raise BadOption(f"Option systems has no {name}: choose from {', '.join(SYSTEMS)}, or all.")
    if not found:
        raise BadOption(f"Option systems is empty: choose from {', '.join(SYSTEMS)}, or all.")
    return list(dict.fromkeys(found))


def noise_levels(text):
    levels = []
    for word in words(text):
        try:
            level = float(word)
        except ValueError:
            level = math.nan
        if not 0 <= level <= 10:
            raise BadOption(f"Option noise has {word}: give numbers from 0 to 10, for example 1e-8,1e-3,1e-2.")
        levels.append(level)
    if not levels:
        raise BadOption("Option noise is empty: give numbers from 0 to 10, for example 1e-8,1e-3,1e-2.")
    return list(dict.fromkeys(levels))


def chosen_orders(values):
    for value in values:
        if not 0 <= value <= HIGHEST_ORDER:
            raise BadOption(f"Option orders has no {value}: give orders from 0 to {HIGHEST_ORDER}.")
    if not values:
        raise BadOption(f"Option orders is empty: give orders from 0 to {HIGHEST_ORDER}.")
    return sorted(set(values))


def own_methods(path):
    """Functions of a person's own file, without running it: every one whose name does not begin with an underscore."""
    if not path:
        return None
    file = Path(path).expanduser()
    try:
        source = file.read_bytes()
        tree = ast.parse(source)
    except OSError as problem:
        raise BadOption(f"Option methods-file: {path} cannot be read ({problem.strerror}).") from None
    except (SyntaxError, ValueError) as problem:
        raise BadOption(f"Option methods-file: {path} is no Python file ({problem}).") from None
    names = [node.name.replace("_", "-") for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
    if not names:
        raise BadOption(f"Option methods-file: {path} defines no function; each function(times, samples, orders) is a method.")
    taken = [name for name in names if name in BY_NAME]
    if taken:
        raise BadOption(f"Option methods-file: {path} defines {taken[0]}, which is the name of a method already.")
    return {"path": str(file.resolve()), "sha256": hashlib.sha256(source).hexdigest(), "methods": names}


def families():
    """Names of methods by family, as an option spells it: gaussian-processes."""
    found = {}
    for method in METHODS:
        found.setdefault(method.family.replace(" ", "-").lower(), []).append(method.name)
    return found


def chosen_methods(text, excluded):
    """Names, families, all or quick, less what is excluded: the shortest text that means the same choice to a run."""
    groups = {**families(), **{name: [name] for name in BY_NAME}, **GROUPS}

    def names_of(option, value):
        found = []
        for word in words(value):
            if word.lower() not in groups:
                raise BadOption(f"Option {option} has no {word}: choose from all, quick, {', '.join(BY_NAME)}, or a family such as splines.")
            found += groups[word.lower()]
        return list(dict.fromkeys(found))

    left_out = set(names_of("exclude", excluded))
    names = [name for name in names_of("methods", text) if name not in left_out]
    return next((group for group, members in GROUPS.items() if sorted(members) == sorted(names)), ",".join(names))
