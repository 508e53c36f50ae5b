"""Runs OpInfos in Python and writes inputs and expected results to files, one unit (OpInfo and dtype, or its errors) a file.

Reads one JSON request a line: {"op", "dtype" (or "errors"), "stages", "limit", "seed", "file"}. Answers one line each.
"""

import itertools
import random
import time
import warnings

import numpy
import torch

from device import NAME, ON_GPU, determine, settle

# PyTorch's test module freezes some of the settings.
settle()

from torch.testing._internal.common_methods_invocations import op_db  # noqa: E402

from functions import function_path, is_unfilled, variants
from envelope import envelope
from lines import serve
from values import Inputs, Writer, encode, result_row, tensors_in

SEED = 1234
DEVICE = NAME or "cpu"
GENERATOR = torch.Generator()


def seed():
    torch.default_generator.manual_seed(SEED)
    if ON_GPU:
        torch.cuda.manual_seed(SEED)


def reseed(number):
    """Other sample inputs: op_db draws them from all three generators."""
    torch.manual_seed(number)
    numpy.random.seed(number)
    random.seed(number)


def failure(error):
    return {"error": [type(error).__name__, str(error)]}


class Unit:
    """All samples of one OpInfo in one dtype."""

    def __init__(self, op, stages):
        self.op = op
        self.stages = stages
        self.writer = Writer()

    def result(self, value):
        return {"value": encode(value, lambda tensor: result_row(tensor, self.writer))}

    def begin(self, sample):
        self.writer.next_sample()
        inputs = Inputs(self.writer)
        row = {
            "input": encode(sample.input, inputs.add),
            "args": [encode(arg, inputs.add) for arg in sample.args],
            "kwargs": [[name, encode(value, inputs.add)] for name, value in sample.kwargs.items()],
            "tensors": inputs.rows,
            "storages": inputs.places,
        }
        return inputs, row

    def call(self, inputs, function, sample, clone=False):
        """One call, with the sample's tensors as they were."""
        versions = inputs.versions()
        first = sample.input
        if clone:
            first = first.clone() if isinstance(first, torch.Tensor) else [item.clone() for item in first]
        try:
            seed()
            out = function(first, *sample.args, **sample.kwargs)
        except Exception as error:
            out, row = None, failure(error)
        else:
            row = self.result(out)
            row["states"] = [inputs.state(tensor) for tensor in tensors_in(out)]
        if inputs.versions() != versions:
            inputs.restore()
        return out, row

    def sample(self, sample):
        inputs, row = self.begin(sample)
        out, first = self.call(inputs, self.op.op, sample)
        row["runs"] = [{"variant": "function", **first}]
        if "forward" in self.stages:
            for variant, name, function in variants(self.op):
                again = self.call(inputs, function, sample, clone=variant == "inplace")[1]
                row["runs"].append({"variant": variant, "name": name, **again})
        leaves = [t for t in inputs.tensors if t.requires_grad]
        if out is not None and leaves and any(t.requires_grad for t in tensors_in(out)):
            if "backward" in self.stages:
                row["backward"] = self.backward(sample, out, leaves)
            if "gradgrad" in self.stages and self.op.supports_gradgrad:
                row["gradgrad"] = self.gradgrad(inputs, sample, leaves)
        return row

    def outputs(self, sample, out):
        process = sample.output_process_fn_grad
        name = getattr(process, "__qualname__", "?")
        process_name = None if name == "SampleInput.__init__.<locals>.<lambda>" else name
        results = [t for t in tensors_in(process(out)) if t.requires_grad]
        return process_name, results

    def cotangents(self, tensors):
        GENERATOR.manual_seed(7)
        return [torch.randn(t.shape, dtype=t.dtype, generator=GENERATOR).to(t.device) for t in tensors]

    def backward(self, sample, out, leaves):
        row = {}
        try:
            row["process"], results = self.outputs(sample, out)
            weights = self.cotangents(results)
            seed()
            grads = torch.autograd.grad(results, leaves, weights, allow_unused=True)
        except Exception as error:
            return {**row, **failure(error)}
        row["weights"] = self.rows(weights)
        return {**row, **self.result(list(grads))}

    def gradgrad(self, inputs, sample, leaves):
        row = {}
        versions = inputs.versions()
        try:
            seed()
            out = self.op.op(sample.input, *sample.args, **sample.kwargs)
            row["process"], results = self.outputs(sample, out)
            weights = [t.requires_grad_() for t in self.cotangents(results)]
            row["weights"] = self.rows(weights)
            grads = torch.autograd.grad(results, leaves, weights, create_graph=True, allow_unused=True)
            grads = [g for g in grads if g is not None and g.requires_grad]
            if not grads:
                return None
            weights2 = self.cotangents(grads)
            row["weights2"] = self.rows(weights2)
            second = torch.autograd.grad(grads, leaves + weights, weights2, allow_unused=True)
        except Exception as error:
            return {**row, **failure(error)}
        finally:
            if inputs.versions() != versions:
                inputs.restore()
        return {**row, **self.result(list(second))}

    def rows(self, tensors):
        return [result_row(tensor, self.writer) for tensor in tensors]

    def error(self, sample):
        inputs, row = self.begin(sample)
        row["runs"] = [{"variant": "function", **self.call(inputs, self.op.op, sample)[1]}]
        return row


def run(request):
    op = op_db[request["op"]]
    stages = request["stages"]
    unit = Unit(op, stages)
    limit = request.get("limit")
    started = time.perf_counter()
    if request["dtype"] == "errors":
        samples = [error.sample_input for error in op.error_inputs(DEVICE)] if op.error_inputs_func else []
        make = unit.error
    else:
        dtype = getattr(torch, request["dtype"])
        differentiable = op.supports_autograd and dtype in op.supported_backward_dtypes(DEVICE)
        if request.get("seed") is not None:
            reseed(request["seed"])
        generated = iter(op.sample_inputs(DEVICE, dtype, requires_grad=differentiable))
        samples = list(itertools.islice(generated, limit) if limit else generated)
        make = unit.sample
    fill = is_unfilled(op)
    if fill:
        torch.use_deterministic_algorithms(True)
    rows = [make(sample) for sample in samples]
    if fill:
        determine()
    header = {"name": op.full_name, "function": function_path(op), "fill": fill, "seed": SEED, "samples": rows}
    unit.writer.save(request["file"], header)
    return {"samples": len(rows), "seconds": time.perf_counter() - started}


def catalogue():
    """Every OpInfo: its name, and the dtypes it declares for the device."""
    return [
        {
            "name": op.full_name,
            "dtypes": [str(dtype)[6:] for dtype in op.supported_dtypes(DEVICE)],
            "autograd": op.supports_autograd,
            "gradgrad": op.supports_gradgrad,
            "errors": op.error_inputs_func is not None,
            # Python itself refuses these on the CPU.
            "cuda_only": not ON_GPU and type(op.op).__name__ == "_JittedFunction",
        }
        for op in op_db
    ]


def is_broken():
    """Whether an assertion on the GPU ended this process's context: it can only be ended."""
    try:
        if ON_GPU:
            torch.cuda.synchronize()
    except RuntimeError:
        return True
    return False


def answer(request):
    try:
        made = run(request)
    except Exception as error:
        made = {"failed": f"{type(error).__name__}: {error}"}
    return {**made, "broken": is_broken()}


warnings.simplefilter("ignore")
torch.set_num_threads(1)
serve({"torch": torch.__version__, "envelope": envelope(), "ops": catalogue()}, answer)
