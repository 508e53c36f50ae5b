"""Runs Python snippets and answers with raw bytes.

    {"code", "seed", "threads", "inputs"} -> {"out", "generator"} or {"error": {"type", "message", "trace"}}

A snippet is the body of a function that returns a dict (or list) of tensors, numbers, strings and None. Before every
snippet the default generator is seeded, so that a case does not depend on those before it.
"""

import sys
import textwrap
import traceback
import warnings

import torch

from codec import decode, encode
from device import NAME, generator_state, settle

NAMES = {"torch": torch, "nn": torch.nn, "F": torch.nn.functional, "optim": torch.optim}


def offer(module):
    """Lets snippets use a module, and what it exports, by name."""
    NAMES.update({module.__name__: module, **{name: getattr(module, name) for name in module.__all__}})


def facts():
    warnings.simplefilter("ignore")
    settle()
    torch.set_default_device(NAME)
    return {"torch": torch.__version__, "threads": torch.get_num_threads(), "python": sys.version.split()[0]}


def run(request):
    body = textwrap.indent(textwrap.dedent(request["code"]).strip() or "return {}", "    ")
    scope = {**NAMES, "inputs": {name: decode(leaf) for name, leaf in request.get("inputs", {}).items()}}
    exec(compile(f"def case():\n{body}\n", "<snippet>", "exec"), scope)
    torch.set_num_threads(request.get("threads", 1))
    torch.manual_seed(request.get("seed", 0))
    out = encode(scope["case"]())
    return {"out": out, "generator": encode(generator_state())}


def answer(request):
    try:
        return run(request)
    except Exception as error:  # noqa: BLE001: every failure is an answer
        return {"error": {"type": type(error).__name__, "message": str(error), "trace": traceback.format_exc()}}
