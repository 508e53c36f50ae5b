"""Under which public name an OpInfo's function is found, and its method and in-place variants."""

import torch

# Results that depend on memory as it was found, so that Python differs from itself: that is what the first ones are for;
# linalg.lstsq lets LAPACK's gelsy read pivots nobody wrote.
# With deterministic algorithms on, libtorch fills what it allocates, in Python and here.
UNFILLED = {
    "empty",
    "empty_like",
    "empty_permuted",
    "empty_strided",
    "new_empty",
    "new_empty_strided",
    "resize_",
    "resize_as_",
    "linalg.lstsq",
}


def is_unfilled(op):
    return op.name in UNFILLED


def function_path(op):
    """`nn.functional.relu`, `Tensor.cfloat`, `ops.aten.slice.Tensor`; None for a wrapper of PyTorch's test module."""
    function = op.op
    if type(function).__name__ in ("OpOverload", "OpOverloadPacket"):
        return f"ops.{function}"
    found = torch
    for part in op.name.split("."):
        found = getattr(found, part, None)
    if found is function:
        return op.name
    name = getattr(function, "__name__", "")
    if getattr(torch.Tensor, name, None) == function:
        return f"Tensor.{name}"
    return None


def variants(op):
    """(kind, method name or None for a wrapper, function) of the method and in-place variants."""
    if function_path(op) is None and op.method_variant is None and op.inplace_variant is None:
        return
    for kind, function in (("method", op.method_variant), ("inplace", op.inplace_variant)):
        if function is None:
            continue
        name = getattr(function, "__name__", "")
        yield kind, name if getattr(torch.Tensor, name, None) is function else None, function
