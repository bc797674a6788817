"""The command of a run: its template with everything filled in."""

import re
import shlex

NAME = r"[A-Za-z_][\w.-]*"
# A name in double braces stands for one in plain braces, and ${HOME} is a shell's. The app has a twin of this.
PLACEHOLDER = re.compile(r"\{\{(?P<plain>%s)\}\}|(?<!\$)\{(?P<name>%s)\}" % (NAME, NAME))


def text_of(value):
    """A value as a command line has it: Python's words for true, false and null."""
    if isinstance(value, list):
        return ",".join(text_of(item) for item in value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))  # JSON has one kind of number: 3 must not become 3.0
    return str(value)


def fill(template, lookup, quote=str):
    """`lookup(name)` gives a text, or None = leave the braces as they are."""

    def replacement(match):
        if match["plain"]:
            return "{%s}" % match["plain"]
        found = lookup(match["name"])
        return match.group(0) if found is None else quote(found)

    return PLACEHOLDER.sub(replacement, template)


def as_written(values, written):
    """The values with numbers as the suite wrote them, where its text says more than the number: 1.0 is not 1."""
    return {name: text_for(value, written.get(name)) for name, value in values.items()}


def text_for(value, text):
    if isinstance(text, list):
        return [one if own is None else own for one, own in zip(value, text)]
    return value if text is None else text


def option_words(values, form):
    """All parameters as options. True is the bare option and False none, unless the form has the value attached."""
    words = []
    for name, value in values.items():
        attached = " " not in form
        if not attached and isinstance(value, bool):
            words += [form.split(" ")[0].replace("{name}", name)] if value else []
            continue
        if value is None:
            continue
        for part in form.split(" "):
            if part == "{value}" and isinstance(value, list):
                words += [text_of(item) for item in value]
            else:
                words.append(part.replace("{name}", name).replace("{value}", text_of(value)))
    return words


def build(parameters, built_in, extra=()):
    """The argv of a run; {arguments} are the parameters that stand nowhere else in it. `built_in`: texts by name, for example seed and run; `extra`: words added at the end."""
    values = as_written(parameters["values"], parameters.get("written", {}))
    placed = {match["name"] for word in parameters["command"] for match in PLACEHOLDER.finditer(word)}
    rest = {name: value for name, value in values.items() if name not in placed}
    options = option_words(rest, parameters["arguments"])

    def lookup(name):
        if name in values:
            return text_of(values[name])
        return built_in.get(name)

    if parameters["shell"]:
        script = parameters["command"][0]
        script = PLACEHOLDER.sub(lambda match: shlex.join(options) if match["name"] == "arguments" else match[0], script)
        script = fill(script, lookup, shlex.quote)
        return ["/bin/sh", "-c", " ".join([script, *map(shlex.quote, extra)])]
    words = []
    for word in parameters["command"]:
        whole = PLACEHOLDER.fullmatch(word)
        name = whole["name"] if whole else None
        if name == "arguments":
            words += options
        elif name in values and isinstance(values[name], list):
            words += [text_of(item) for item in values[name]]
        else:
            words.append(fill(word, lookup))
    if words[0] in ("python", "python3"):
        words[0] = built_in["python"]
    return words + list(extra)
