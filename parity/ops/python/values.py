"""Samples and results as JSON plus raw bytes: what the Node side rebuilds tensors from and compares with."""

import ctypes
import dataclasses
import json
import struct

import torch

from codec import element_bytes
from device import ON_GPU

INT_LIMIT = 2**53


class Writer:
    """One file: the length of the JSON header, the header, the bytes of all storages and results."""

    def __init__(self):
        self.parts = []
        self.size = 0
        # Results repeat (method, in-place, gradients of ones): equal bytes that follow each other are written once.
        self.last = {}

    def put(self, data):
        """Appends bytes; gives their [offset, length]."""
        length = len(data)
        if 0 < length <= 4096:
            place = self.last.get(data)
            if place is not None:
                return place
        place = [self.size, length]
        self.parts.append(data)
        self.size += length
        if 0 < length <= 4096:
            self.last[data] = place
        return place

    def next_sample(self):
        self.last.clear()

    def save(self, path, header):
        text = json.dumps(header, separators=(",", ":"), allow_nan=False).encode()
        with open(path, "wb") as file:
            file.write(struct.pack("<Q", len(text)))
            file.write(text)
            file.writelines(self.parts)


def dtype_name(dtype):
    return str(dtype)[6:]


def storage_bytes(tensor):
    """All bytes of the storage behind a tensor."""
    storage = tensor.untyped_storage()
    if tensor.is_cuda:
        storage = storage.cpu()
    # Not through numpy, which would make the storage one that cannot be resized.
    return ctypes.string_at(storage.data_ptr(), storage.nbytes()) if storage.nbytes() > 0 else b""


def set_storage_bytes(tensor, data):
    """Writes all bytes of the storage behind a tensor."""
    storage = tensor.untyped_storage()
    if not data:
        return
    if tensor.is_cuda:
        storage.copy_(torch.frombuffer(bytearray(data), dtype=torch.uint8).untyped_storage())
    else:
        ctypes.memmove(storage.data_ptr(), data, len(data))


def is_plain(tensor):
    """Whether a tensor's elements lie in a storage that can be read."""
    return tensor.layout == torch.strided and (tensor.device.type == "cpu" or (ON_GPU and tensor.is_cuda))


def place_of(tensor):
    """The device's name in a row; the CPU has none."""
    return {"device": str(tensor.device)} if tensor.device.type != "cpu" else {}


class Inputs:
    """The tensors of one sample, numbered in order of appearance, with the storages they share."""

    def __init__(self, writer):
        self.writer = writer
        self.tensors = []
        self.rows = []
        self.storages = {}
        self.bytes = []
        self.places = []

    def add(self, tensor):
        for number, known in enumerate(self.tensors):
            if known is tensor:
                return number
        self.tensors.append(tensor)
        self.rows.append(self.row(tensor))
        return len(self.tensors) - 1

    def row(self, tensor):
        flags = {}
        if tensor.requires_grad:
            flags["grad"] = 1
            # A view of a leaf, taken without gradients: it asks for one, but none reaches it.
            if tensor._is_view() and tensor.view_as(tensor).grad_fn.next_functions[0][0] is None:
                flags["view"] = 1
        if not is_plain(tensor):
            return {**special(tensor, self.writer), **flags}
        if tensor.is_conj():
            flags["conj"] = 1
        if tensor.is_neg():
            flags["neg"] = 1
        key = tensor.untyped_storage()._cdata
        number = self.storages.get(key)
        if number is None:
            number = self.storages[key] = len(self.places)
            data = storage_bytes(tensor)
            self.bytes.append(data)
            self.places.append(self.writer.put(data))
        return {
            "storage": number,
            "dtype": dtype_name(tensor.dtype),
            "size": list(tensor.shape),
            "stride": list(tensor.stride()),
            "offset": tensor.storage_offset(),
            **place_of(tensor),
            **flags,
        }

    def versions(self):
        return [None if t.is_inference() else t._version for t in self.tensors]

    def state(self, result):
        """What dispatch leaves on a result: whether it is a view, and else how often it was changed. None: it is an input."""
        if any(result is tensor for tensor in self.tensors):
            return None
        return [result._is_view(), None if result._is_view() or result.is_inference() else result._version]

    def restore(self):
        """Puts the elements back after a call that changed them."""
        done = set()
        for tensor in self.tensors:
            if not is_plain(tensor):
                continue
            key = tensor.untyped_storage()._cdata
            if key in done:
                continue
            done.add(key)
            set_storage_bytes(tensor, self.bytes[self.storages[key]])


def special(tensor, writer):
    """A tensor without a storage to read: its layout and its parts; on another device only what it would be."""
    base = {"size": list(tensor.shape), "dtype": dtype_name(tensor.dtype)}
    if tensor.layout == torch.strided:
        return {**base, "device": str(tensor.device), "stride": list(tensor.stride())}
    plain = tensor.detach()
    layout = tensor.layout
    if layout == torch.sparse_coo:
        parts = [plain._indices(), plain._values()]
        base["coalesced"] = tensor.is_coalesced()
    elif layout in (torch.sparse_csr, torch.sparse_bsr):
        parts = [plain.crow_indices(), plain.col_indices(), plain.values()]
    elif layout in (torch.sparse_csc, torch.sparse_bsc):
        parts = [plain.ccol_indices(), plain.row_indices(), plain.values()]
    else:
        raise TypeError(f"no encoding for {layout}")
    return {**base, "layout": str(layout)[6:], "parts": [result_row(part, writer) for part in parts]}


def result_row(tensor, writer):
    """A tensor to compare with: dtype, shape, strides, flags, elements."""
    if not is_plain(tensor):
        row = special(tensor, writer)
    else:
        row = {
            "dtype": dtype_name(tensor.dtype),
            "size": list(tensor.shape),
            "stride": list(tensor.stride()),
            "bytes": writer.put(element_bytes(tensor)),
            **place_of(tensor),
        }
        if tensor.is_conj():
            row["conj"] = 1
        if tensor.is_neg():
            row["neg"] = 1
    if tensor.requires_grad:
        row["grad"] = 1
    return row


def encode(value, tensor):
    """Any value as JSON; `tensor` turns a tensor into its row or number."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, torch.Tensor):
        return {"t": tensor(value)}
    if isinstance(value, int):
        return value if -INT_LIMIT < value < INT_LIMIT else {"int": str(value)}
    if isinstance(value, float):
        return {"f": struct.pack("<d", value).hex()}
    if isinstance(value, complex):
        return {"c": [struct.pack("<d", part).hex() for part in (value.real, value.imag)]}
    if isinstance(value, torch.dtype):
        return {"dtype": dtype_name(value)}
    if isinstance(value, torch.layout):
        return {"layout": str(value)[6:]}
    if isinstance(value, torch.memory_format):
        return {"format": str(value)[6:]}
    if isinstance(value, torch.device):
        return {"device": str(value)}
    if isinstance(value, slice):
        return {"slice": [encode(part, tensor) for part in (value.start, value.stop, value.step)]}
    if value is Ellipsis:
        return {"ellipsis": 1}
    if isinstance(value, (tuple, list)):
        items = [encode(item, tensor) for item in value]
        if isinstance(value, list):
            return items
        names = [name for name in getattr(type(value), "__match_args__", ())] if hasattr(value, "n_fields") else []
        return {"tuple": items, "names": names} if names else {"tuple": items}
    if isinstance(value, dict):
        return {"dict": [[key, encode(item, tensor)] for key, item in value.items()]}
    if isinstance(value, torch.nn.Module):
        keep = {key: item for key, item in vars(value).items() if not key.startswith("_") and key != "training"}
        return {"module": type(value).__name__, "with": encode(keep, tensor)}
    if type(value).__name__ == "LinearCrossEntropyOptions":
        return {"options": type(value).__name__, "with": encode(dataclasses.asdict(value), tensor)}
    if isinstance(getattr(value, "value", None), int):
        return value.value
    if callable(value):
        return {"function": getattr(value, "__qualname__", repr(value))}
    raise TypeError(f"no encoding for {type(value)}")


def tensors_in(value, found=None):
    """Tensors in a value, in order of appearance."""
    found = [] if found is None else found
    if isinstance(value, torch.Tensor):
        found.append(value)
    elif isinstance(value, (list, tuple)):
        for item in value:
            tensors_in(item, found)
    elif isinstance(value, dict):
        for item in value.values():
            tensors_in(item, found)
    elif isinstance(value, slice):
        tensors_in([value.start, value.stop, value.step], found)
    return found
