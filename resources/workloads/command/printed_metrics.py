"""Which metrics a script tells, judged by its source: what it prints with a number behind it, what it gives to TensorBoard.

A guess for a first suite that people look over. Standard library only; nothing of the script is run.
"""

import ast
import re

NUMBER = r"[-+.\w]+"  # "nan" and "inf" as well; what is no number is left out where it is read
LABEL = re.compile(r"([A-Za-z][\w./@ -]*?)\s*[:=]?\s*$")
ENDS_LABEL = re.compile(r"[\n\r\t,;:|()\[\]]")
BEFORE_HOLE = re.compile(r"(?:(?!\s)[^\n\r\t,;:|()\[\]-][^\n\r\t,;:|()\[\]]*)?[:=]?\s*$")
INTERESTING = re.compile(
    r"loss|acc|error|return|reward|score|ppl|perplexity|f1|\bm[as]e\b|rmse|auc|iou|bleu|nll|elbo|bpc", re.IGNORECASE
)
STEPS = {"step", "global_step", "iteration", "iter", "epoch"}
PLAYED = re.compile(r"return|reward", re.IGNORECASE)
HELD_OUT = re.compile(r"val|test|eval|average", re.IGNORECASE)
LOGGED = ("debug", "info", "warning", "log")
FORMAT = re.compile(r"\{[^{}]*\}")
PERCENT = re.compile(r"%[-+ #0]*\d*(?:\.\d+)?[sdifgeEGr]")
MOST_PATTERNS = 6


def printed_metrics(source):
    """`{"main": name or None, "patterns": [...], "tensorboard": [...]}`, all empty where nothing is found."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        tree = ast.Module(body=[], type_ignores=[])
    scalars, folders = written_scalars(tree)
    if folders:
        return {"main": best(scalars), "patterns": [], "tensorboard": folders}
    found = {}  # pattern -> names
    for texts in templates(tree):
        pattern, names = pattern_of(texts)
        if names:
            found.setdefault(pattern, names)
    for name in postfix_names(tree):
        group = name_of(name + "=")
        if group:
            found.setdefault("%s=(?P<%s>%s)" % (re.escape(name), group, NUMBER), [group])
    patterns = list(found)[:MOST_PATTERNS]
    return {"main": best([name for pattern in patterns for name in found[pattern]]), "patterns": patterns, "tensorboard": []}


def best(names):
    """What people look at first: a return, then a loss of held-out data, then any loss, then anything else of interest."""
    ranked = sorted(
        (name for name in names if INTERESTING.search(name)),
        key=lambda name: (not PLAYED.search(name), "loss" not in name.lower(), not HELD_OUT.search(name)),
    )
    return ranked[0] if ranked else None


# ---- what is printed


def templates(tree):
    """Texts with holes between them, in the order of the source: `["step ", ": loss ", ""]`."""
    for node in said(tree):
        if isinstance(node, ast.JoinedStr):
            yield joined(node)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and constant(node.left) is not None:
            yield PERCENT.split(constant(node.left))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            text = constant(node.func.value if node.func.attr == "format" else node.args[0] if node.args else None)
            if text is not None and node.func.attr == "format":
                yield FORMAT.split(text)
            elif text is not None and node.func.attr in LOGGED and len(node.args) > 1:
                yield PERCENT.split(text)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
            yield separate(node.args)


def said(tree):
    """Every node but those of complaints: nobody measures what an exception says."""
    for node in ast.iter_child_nodes(tree):
        if not isinstance(node, (ast.Raise, ast.Assert)):
            yield node
            yield from said(node)


def joined(node):
    texts = [""]
    for part in node.values:
        text = constant(part)
        if text is None:
            texts.append("")
        else:
            texts[-1] += text
    return texts


def separate(arguments):
    """`print("loss", loss)`: the words and values of a call, as they come out with blanks between them."""
    texts = [""]
    for position, argument in enumerate(arguments):
        blank = " " if position else ""
        text = constant(argument)
        if text is None:
            texts[-1] += blank
            texts.append("")
        else:
            texts[-1] += blank + text
    return texts


def constant(node):
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def pattern_of(texts):
    """A pattern from the step, or the first hole of interest, to the last one of interest; and the names of its metrics."""
    holes = [(name_of(before), bool(INTERESTING.search(label_of(before)))) for before in texts[:-1]]
    wanted = [at for at, (name, interesting) in enumerate(holes) if name and interesting]
    if not wanted:
        return "", []
    # A counter says nothing of where a line stands if another counter runs within it.
    bare = any(not name for name, _ in holes[: wanted[-1]])
    steps = [at for at, (name, _) in enumerate(holes) if name in STEPS and at < wanted[0] and not bare]
    first = min([*steps[-1:], *wanted])
    pattern, names = "", []
    for at in range(first, wanted[-1] + 1):
        name, interesting = holes[at]
        # The first label stands alone: what comes before it, such as a time, may differ from line to line.
        pattern += literal(BEFORE_HOLE.search(texts[at]).group() if at == first else texts[at])
        if interesting and name and name not in names:
            names.append(name)
            pattern += "(?P<%s>%s)" % (name, NUMBER)
        elif at in steps[-1:]:
            pattern += r"(?P<%s>\d+)" % name
        else:
            pattern += ".*?"
    return pattern, names


def label_of(text):
    """The words directly before a hole."""
    match = LABEL.search(text)
    return ENDS_LABEL.split(match.group(1))[-1].strip() if match else ""


def name_of(text):
    name = re.sub(r"\W+", "_", label_of(text)).strip("_").lower()
    return name if re.match(r"[a-z]", name) else ""


def literal(text):
    """The text as a pattern; before a value any width of blanks will do, because numbers are padded."""
    words = [re.escape(word).replace("\\-", "-") for word in re.split(r"\s+", text.rstrip())]
    gaps = ["" if gap == "" else " " if gap == " " else r"\s+" for gap in [*re.findall(r"\s+", text.rstrip()), ""]]
    return "".join(word + gap for word, gap in zip(words, gaps)) + r"\s*"


def postfix_names(tree):
    """`bar.set_postfix(loss=…)`: what tqdm shows behind its bar."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "set_postfix":
            yield from (keyword.arg for keyword in node.keywords if keyword.arg)
            for given in node.args:
                yield from filter(None, map(constant, given.keys if isinstance(given, ast.Dict) else []))


# ---- what is given to TensorBoard


def written_scalars(tree):
    """Tags of `add_scalar`, and the folders of `SummaryWriter`; without a name that is `runs`."""
    tags, folders = [], []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called == "add_scalar" and node.args and constant(node.args[0]):
            tags.append(constant(node.args[0]))
        if called == "SummaryWriter":
            given = [*node.args[:1], *(keyword.value for keyword in node.keywords if keyword.arg in ("log_dir", "logdir"))]
            folders.append(folder_of(given[0]) if given else "runs")
    return tags, sorted({folder for folder in folders if folder})


def folder_of(node):
    """The part of a path that is the same in every run: `f"runs/{name}"` begins with `runs`."""
    text = constant(node)
    if text is None and isinstance(node, ast.JoinedStr):
        text = joined(node)[0].rpartition("/")[0]
    text = (text or "").rstrip("/")
    return "" if text.startswith(("/", "~", "..")) else text
