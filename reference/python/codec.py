"""Values as JSON for reference/codec.mjs, and tensors from it. Numbers travel as their bits, so that NaN and -0 survive."""

import base64
import ctypes
import struct

import torch


def element_bytes(tensor):
    """The elements in row-major order, as they lie in memory."""
    tensor = tensor.detach().cpu()
    if tensor.is_conj():
        tensor = tensor.resolve_conj()
    if tensor.is_neg():
        tensor = tensor.resolve_neg()
    if tensor.numel() == 0:
        return b""
    if tensor._is_zerotensor():
        tensor = torch.zeros(tensor.shape, dtype=tensor.dtype)
    tensor = tensor.contiguous()
    return ctypes.string_at(tensor.data_ptr(), tensor.numel() * tensor.element_size())


def encode(value):
    """A leaf or container as JSON."""
    if isinstance(value, torch.Tensor):
        return {
            "kind": "tensor",
            "dtype": str(value.dtype),
            "shape": list(value.shape),
            "data": base64.b64encode(element_bytes(value)).decode(),
        }
    if value is None:
        return {"kind": "none"}
    if isinstance(value, bool):
        return {"kind": "bool", "value": value}
    if isinstance(value, (int, float)):
        # JavaScript has one number type: 1 and 1.0 are the same there.
        if isinstance(value, int) and abs(value) > 2**53:
            return {"kind": "int", "value": str(value)}
        return {"kind": "number", "bits": struct.pack("<d", float(value)).hex()}
    if isinstance(value, str):
        return {"kind": "string", "value": value}
    if isinstance(value, (list, tuple)):
        return {"kind": "list", "items": [encode(item) for item in value]}
    if isinstance(value, dict):
        return {"kind": "dict", "items": [[str(key), encode(item)] for key, item in value.items()]}
    if isinstance(value, (torch.dtype, torch.device)):
        return {"kind": "string", "value": str(value)}
    raise TypeError(f"a snippet returned a {type(value).__name__}, which has no encoding")


def decode(leaf):
    """A tensor that was sent here."""
    dtype = getattr(torch, leaf["dtype"].removeprefix("torch."))
    data = bytearray(base64.b64decode(leaf["data"]))
    if not data:
        return torch.empty(leaf["shape"], dtype=dtype)
    return torch.frombuffer(data, dtype=torch.uint8).clone().view(dtype).reshape(leaf["shape"])
