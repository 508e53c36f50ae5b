"""Parameters of the classes and functions of torch.nn, torch.optim and torch.utils.data, by `inspect.signature`."""

import importlib
import inspect
import json
import warnings

from lines import serve

NAMESPACES = """
torch.nn torch.nn.init torch.nn.parameter torch.nn.utils torch.nn.utils.parametrize torch.nn.utils.parametrizations
torch.nn.utils.prune torch.nn.utils.rnn torch.nn.utils.stateless torch.optim torch.optim.lr_scheduler torch.optim.swa_utils
torch.utils.data
""".split()


def default(value):
    """A default as JSON: whole floats are ints there."""
    if isinstance(value, float):
        if value != value or abs(value) == float("inf"):
            return {"text": repr(value)}
        return int(value) if value.is_integer() else value
    if isinstance(value, (tuple, list)):
        return [default(item) for item in value]
    if value is None or isinstance(value, (bool, int, str)):
        return value
    return {"text": getattr(value, "__name__", None) or repr(value)}


def parameters(value):
    signature = inspect.signature(value)
    rows = []
    for parameter in signature.parameters.values():
        row = {"name": parameter.name, "kind": parameter.kind.name}
        if parameter.default is not parameter.empty:
            row["default"] = default(parameter.default)
        rows.append(row)
    return rows


def describe(space):
    module = importlib.import_module(space)
    names = getattr(module, "__all__", None) or [name for name in dir(module) if not name.startswith("_")]
    found = []
    for name in sorted(names):
        value = getattr(module, name)
        if not callable(value) or not getattr(value, "__module__", "").startswith("torch"):
            continue
        try:
            found.append({"name": name, "class": inspect.isclass(value), "parameters": parameters(value)})
        except (TypeError, ValueError):
            continue
    return found


warnings.simplefilter("ignore")
serve({space: describe(space) for space in NAMESPACES}, lambda request: json.dumps(request))
