"""Prints, as JSON, every public name of the namespaces that COMPAT.md accounts for: `dir()` without a leading
underscore, and `__all__`.

    python tools/compat/names.py
"""

from __future__ import annotations

import importlib
import inspect
import json
import warnings

import torch

# Those that COMPAT.md counts come first: COUNTED in markdown.mjs.
NAMESPACES = """
torch torch.Tensor torch.nn.functional torch.linalg torch.fft torch.special
torch.nn torch.nn.init torch.nn.utils torch.nn.utils.parametrize torch.nn.utils.parametrizations torch.nn.utils.prune
torch.nn.utils.rnn torch.nn.utils.stateless torch.optim torch.optim.lr_scheduler torch.optim.swa_utils torch.utils.data
torch.autograd torch.func
torch.random torch.testing torch.accelerator torch.cuda torch.cuda.nvtx
""".split()


def owner_of(space: str) -> object:
    """The module, or the class, that a namespace is."""
    return torch.Tensor if space == "torch.Tensor" else importlib.import_module(space)


def describe(owner: object, name: str) -> dict[str, str | bool]:
    """What the name is, as far as a reason for its absence may depend on it."""
    value = inspect.getattr_static(owner, name)
    if inspect.ismodule(value):
        return {"name": name, "kind": "module", "home": value.__name__}
    kind = "class" if inspect.isclass(value) else "value"
    home = getattr(value, "__module__", None) or ""
    return {"name": name, "kind": kind, "home": home, "type": type(value).__name__}


def public_names(owner: object) -> list[str]:
    return sorted({n for n in dir(owner) if not n.startswith("_")} | set(getattr(owner, "__all__", ())))


def main() -> None:
    warnings.simplefilter("ignore")
    names = {
        space: [describe(owner, name) for name in public_names(owner)]
        for space, owner in ((space, owner_of(space)) for space in NAMESPACES)
    }
    print(json.dumps({"torch": torch.__version__.split("+")[0], "namespaces": names}))


if __name__ == "__main__":
    main()
