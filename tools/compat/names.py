"""Prints, as JSON, every public name of the namespaces that COMPAT.md accounts for: `dir()` without a leading
underscore, and `__all__`.

    python tools/compat/names.py
"""

from __future__ import annotations

import inspect
import json
import warnings

import torch
import torch.cuda.nvtx
import torch.testing

NAMESPACES = {
    "torch": torch,
    "torch.Tensor": torch.Tensor,
    "torch.nn.functional": torch.nn.functional,
    "torch.linalg": torch.linalg,
    "torch.fft": torch.fft,
    "torch.special": torch.special,
    "torch.nn": torch.nn,
    "torch.optim": torch.optim,
    "torch.autograd": torch.autograd,
    "torch.random": torch.random,
    "torch.testing": torch.testing,
    "torch.accelerator": torch.accelerator,
    "torch.cuda": torch.cuda,
    "torch.cuda.nvtx": torch.cuda.nvtx,
}


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
        space: [describe(owner, name) for name in public_names(owner)] for space, owner in NAMESPACES.items()
    }
    print(json.dumps({"torch": torch.__version__.split("+")[0], "namespaces": names}))


if __name__ == "__main__":
    main()
