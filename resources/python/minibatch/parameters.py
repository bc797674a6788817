"""The parameters of one experiment, read strictly: an unknown name or a wrong type stops the run at once."""
from collections.abc import Mapping

MISSING = object()


class ParameterError(Exception):
    """The parameters are not what the workload needs; the text says which one and why."""


def type_name(kind):
    return "list of %s" % kind[0].__name__ if isinstance(kind, list) else kind.__name__


def fits(value, kind):
    if isinstance(kind, list):
        return isinstance(value, list) and all(fits(item, kind[0]) for item in value)
    if kind in (int, float) and isinstance(value, bool):
        return False
    return isinstance(value, (int, float) if kind is float else kind)


class Parameters(Mapping):
    """Read by key (`parameters["steps"]`), attribute (`parameters.steps`) or, checked, by `require`."""

    def __init__(self, values):
        self._values = dict(values)

    def __getitem__(self, name):
        if name not in self._values:
            names = ", ".join(sorted(self._values)) or "none"
            raise ParameterError("There is no parameter '%s'; this run has %s." % (name, names))
        return self._values[name]

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    def __contains__(self, name):
        return name in self._values

    def get(self, name, default=None):
        return self._values.get(name, default)

    def __iter__(self):
        return iter(self._values)

    def __len__(self):
        return len(self._values)

    def __repr__(self):
        return "Parameters(%r)" % self._values

    def require(self, name, kind, default=MISSING):
        """The value if it is of `kind`: int, float (an int will do), bool, str, list, dict; `[int]` is a list of int."""
        if name not in self._values and default is not MISSING:
            return default
        value = self[name]
        if not fits(value, kind):
            raise ParameterError("The parameter '%s' must be of type %s, not %r." % (name, type_name(kind), value))
        return float(value) if kind is float else value

    def only(self, *names):
        """Fails on a parameter that is none of `names`, which would otherwise be ignored silently."""
        unknown = sorted(set(self._values) - set(names))
        if unknown:
            raise ParameterError("Unknown parameter %s; known are %s." % (
                ", ".join("'%s'" % name for name in unknown), ", ".join(sorted(names))))
