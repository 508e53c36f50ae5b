"""Python's side of parity/nn/files: writes files, reads them, and says in text what they hold.

Requests: {"save": expression, "format", "path"}, {"describe": expression}, {"read": path, "format"}.
"""

import ctypes
import io
import pickle
import struct
import tarfile
import warnings
from collections import Counter, OrderedDict

import numpy as np
import safetensors.torch
import torch
from torch import nn

from lines import serve


def memory(tensor):
    storage = tensor.untyped_storage()
    return ctypes.string_at(storage.data_ptr(), storage.nbytes()).hex() if storage.nbytes() > 0 else ""


class Describer:
    """A value as text, in which everything shows that should survive: types, order, bytes, what is shared."""

    def __init__(self):
        self.storages = {}
        self.objects = {}

    def storage(self, tensor):
        key = tensor.untyped_storage()._cdata
        if key in self.storages:
            return self.storages[key]
        self.storages[key] = f"storage{len(self.storages)}"
        return f"{self.storages[key]}={memory(tensor)}"

    def tensor(self, value):
        name = type(value).__name__
        parts = [name, str(value.dtype), str(tuple(value.shape)), f"grad={value.requires_grad}"]
        if value.is_meta:
            return " ".join([*parts, "meta", str(value.stride())])
        if value.is_quantized:
            scheme = value.qscheme()
            if scheme == torch.per_tensor_affine:
                parts += [repr(value.q_scale()), str(value.q_zero_point())]
            else:
                parts += [memory(value.q_per_channel_scales()), memory(value.q_per_channel_zero_points())]
            return " ".join([*parts, str(scheme), memory(value.int_repr())])
        if value.layout == torch.sparse_coo:
            inner = [value._indices(), value._values()]
            return " ".join([*parts, str(value.is_coalesced()), *map(self.tensor, inner)])
        if value.layout != torch.strided:
            rows = value.layout in {torch.sparse_csr, torch.sparse_bsr}
            inner = (
                [value.crow_indices(), value.col_indices()] if rows else [value.ccol_indices(), value.row_indices()]
            )
            return " ".join([*parts, str(value.layout), *map(self.tensor, [*inner, value.values()])])
        bits = f"conj={value.is_conj()} neg={value.is_neg()}"
        return " ".join([*parts, str(value.stride()), str(value.storage_offset()), bits, self.storage(value)])

    def of(self, value):
        if isinstance(value, (list, dict, set, torch.Tensor)):
            if id(value) in self.objects:
                return f"again {self.objects[id(value)]}"
            self.objects[id(value)] = len(self.objects)
        if isinstance(value, torch.Tensor):
            return self.tensor(value)
        if isinstance(value, torch.UntypedStorage):
            return f"UntypedStorage {bytes(value).hex()}"
        if isinstance(value, torch.storage.TypedStorage):
            return f"TypedStorage {value.dtype} {bytes(value._untyped_storage).hex()}"
        if isinstance(value, np.ndarray):
            order = "F" if value.flags.f_contiguous and not value.flags.c_contiguous else "C"
            return f"ndarray {value.dtype.str} {value.shape} {order} {value.tobytes().hex()}"
        name = type(value).__name__
        if isinstance(value, dict):
            items = ", ".join(f"{self.of(key)}: {self.of(item)}" for key, item in value.items())
            attributes = getattr(value, "__dict__", {})
            # Modules look versions up in it by name: their order says nothing.
            metadata = sorted(attributes.get("_metadata", {}).items())
            return f"{name}{{{items}}} {list(attributes)} {metadata}"
        if isinstance(value, (list, tuple)):
            return f"{name}({', '.join(self.of(item) for item in value)})"
        if isinstance(value, set):
            return f"{name}({', '.join(sorted(self.of(item) for item in value))})"
        if isinstance(value, float):
            return f"float {struct.pack('<d', value).hex()}"
        return f"{name} {value!r}"


def save_tar(value, path):
    """The format of PyTorch 0.1, which no Python writes any more. Its tensors are those of one storage each."""
    tensors = []

    class Pickler(pickle.Pickler):
        def persistent_id(self, item):
            if not isinstance(item, torch.Tensor):
                return None
            tensors.append(item)
            return str(len(tensors) - 1)

    body = io.BytesIO()
    Pickler(body, protocol=2).dump(value)
    storages, described = io.BytesIO(), io.BytesIO()
    pickle.dump(len(tensors), storages, protocol=2)
    pickle.dump(len(tensors), described, protocol=2)
    for key, tensor in enumerate(tensors):
        dense = tensor.contiguous()
        kind = type(dense._typed_storage())
        name = dense._typed_storage()._pickle_storage_type()
        pickle.dump((f"s{key}", "cpu", getattr(torch, name)), storages, protocol=2)
        storages.write(struct.pack("<q", dense.numel()) + ctypes.string_at(dense.data_ptr(), dense.nbytes))
        pickle.dump((str(key), f"s{key}", kind), described, protocol=2)
        numbers = [*dense.shape, *dense.stride(), 0]
        described.write(struct.pack("<ii", dense.ndim, 0) + struct.pack(f"<{len(numbers)}q", *numbers))
    pickle.dump([], storages, protocol=2)
    with tarfile.open(path, "w:", format=tarfile.PAX_FORMAT) as tar:
        for name, content in [("storages", storages), ("tensors", described), ("pickle", body)]:
            info = tarfile.TarInfo(name)
            info.size = len(content.getvalue())
            tar.addfile(info, io.BytesIO(content.getvalue()))


def save_npy(value, path, version=None):
    with open(path, "wb") as file:
        np.lib.format.write_array(file, value, version=version)


SAVE = {
    "pt": torch.save,
    "pt4": lambda value, path: torch.save(value, path, pickle_protocol=4),
    "legacy": lambda value, path: torch.save(value, path, _use_new_zipfile_serialization=False),
    "tar": save_tar,
    "npy": save_npy,
    "npy2": lambda value, path: save_npy(value, path, (2, 0)),
    "npy3": lambda value, path: save_npy(value, path, (3, 0)),
    "npz": lambda value, path: np.savez(path, **value),
    "npzc": lambda value, path: np.savez_compressed(path, **value),
    "safetensors": safetensors.torch.save_file,
}

READ = {
    "pt": lambda path: torch.load(path, weights_only=True),
    "npy": np.load,
    "npz": lambda path: dict(np.load(path)),
    "safetensors": safetensors.torch.load_file,
}

NAMES = {"torch": torch, "nn": nn, "np": np, "OrderedDict": OrderedDict, "Counter": Counter}


def evaluate(code):
    """The value of a snippet: the body of a function, or an expression."""
    torch.manual_seed(0)
    scope = dict(NAMES)
    if "return " not in code:
        return eval(code, scope)
    body = "\n".join(f"    {line}" for line in code.strip().splitlines())
    exec(f"def case():\n{body}\n", scope)
    return scope["case"]()


def run(request):
    if "save" in request:
        SAVE[request["format"]](evaluate(request["save"]), request["path"])
        return {}
    value = evaluate(request["describe"]) if "describe" in request else READ[request["format"]](request["read"])
    return {"text": Describer().of(value)}


def answer(request):
    try:
        return run(request)
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


warnings.simplefilter("ignore")
torch.set_num_threads(1)
serve({"torch": torch.__version__}, answer)
