"""Runs cases of a module of test/reference/: {"case", "steps"} gives every value's digest, {"detail"} one of them whole."""

import hashlib
import importlib
import random
import sys
import traceback
import warnings

import numpy
import torch

from codec import element_bytes, encode
from lines import serve

LAST = {}


def leaves(value, path=""):
    """Tensors and plain values by their path, such as `grads.weight`."""
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, (list, tuple)):
        items = enumerate(value)
    else:
        yield path, value
        return
    for key, item in items:
        yield from leaves(item, f"{path}.{key}" if path else str(key))


def digest(value):
    if not isinstance(value, torch.Tensor):
        return encode(value)
    sha256 = hashlib.sha256(element_bytes(value)).hexdigest()
    return {"kind": "tensor", "dtype": str(value.dtype), "shape": list(value.shape), "sha256": sha256}


def run(request):
    if "detail" in request:
        return encode(LAST[request["detail"]])
    torch.manual_seed(0)
    random.seed(0)
    numpy.random.seed(0)
    LAST.clear()
    try:
        LAST.update(leaves(CASES[request["case"]](request["steps"])))
    except Exception:
        return {"error": traceback.format_exc()}
    return {"leaves": [[key, digest(value)] for key, value in LAST.items()]}


warnings.simplefilter("ignore")
torch.set_num_threads(1)
CASES = importlib.import_module(sys.argv[1].removesuffix(".py")).CASES
serve({"names": list(CASES)}, run)
