"""Writes samples.json: arguments that PyTorch's own operators are called with, forward and backward, by its operator database.

    .venv/bin/python misuse/raw/samples.py
"""

import json
import pathlib
import warnings

import torch
from torch.testing._internal.common_methods_invocations import op_db
from torch.utils._python_dispatch import TorchDispatchMode

SAMPLES = 2  # of one operator
LARGEST = 2000  # elements of a tensor
samples: dict[str, list] = {}


def described(value):
    """What makes the value again; None where nothing does."""
    if isinstance(value, torch.Tensor):
        if value.layout != torch.strided or value.numel() > LARGEST or value.is_quantized or value.is_conj():
            raise NotImplementedError
        made = {"dtype": str(value.dtype)[6:], "shape": list(value.shape)}
        if not value.is_contiguous():
            made["stride"] = list(value.stride())
        if not value.dtype.is_floating_point and not value.dtype.is_complex and 0 < value.numel() <= 64:
            made["values"] = value.reshape(-1).tolist()
        return made
    if isinstance(value, (torch.dtype, torch.layout, torch.memory_format)):
        return {"constant": str(value)[6:]}
    if isinstance(value, torch.device):
        return str(value)
    if isinstance(value, (list, tuple)):
        return [described(item) for item in value]
    if isinstance(value, complex):
        return {"re": value.real, "im": value.imag}
    if isinstance(value, float):
        return {"float": repr(value)}
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int) and abs(value) < 2**53:
        return value
    raise NotImplementedError


class Recorder(TorchDispatchMode):
    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        name = func._schema.name + ("." + func._schema.overload_name if func._schema.overload_name else "")
        found = samples.setdefault(name, [])
        if len(found) < SAMPLES:
            try:
                sample = []
                for index, argument in enumerate(func._schema.arguments):
                    value = args[index] if index < len(args) else kwargs.get(argument.name, argument.default_value)
                    sample.append(described(value))
                if sample not in found:
                    found.append(sample)
            except NotImplementedError:
                pass
        return func(*args, **kwargs)


def run(operator, dtype):
    for count, sample in enumerate(operator.sample_inputs("cpu", dtype, requires_grad=dtype.is_floating_point)):
        if count == 20:
            return
        with Recorder():
            result = operator(sample.input, *sample.args, **sample.kwargs)
            for tensor in result if isinstance(result, (tuple, list)) else [result]:
                if isinstance(tensor, torch.Tensor) and tensor.requires_grad and tensor.layout == torch.strided:
                    tensor.backward(torch.ones_like(tensor), retain_graph=True)


def main():
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    torch.manual_seed(0)
    for operator in op_db:
        for dtype in (torch.float32, torch.int64):
            if dtype not in operator.dtypes:
                continue
            try:
                run(operator, dtype)
            except Exception:  # a sample that cannot be recorded is no sample
                pass
    lines = [f"{json.dumps(name)}:{json.dumps(found, separators=(',', ':'))}" for name, found in sorted(samples.items()) if found]
    text = "{\n" + ",\n".join(lines) + "\n}\n"
    pathlib.Path(__file__).with_name("samples.json").write_text(text)
    print(f"{len(lines)} operators, {len(text)} bytes")


main()
