"""Runs module_db in Python and writes inputs and results to files, one unit (ModuleInfo and dtype, or its errors) a file.

Requests: {"op" (its number), "dtype" (or "errors"), "limit", "file"}.
"""

import itertools
import warnings

import torch

from device import NAME, settle
from lines import serve
from values import Inputs, Writer, encode, result_row, tensors_in

settle()

from torch.testing._internal.common_modules import ModuleErrorEnum, module_db  # noqa: E402
from torch.testing._internal.common_utils import noncontiguous_like  # noqa: E402

SEED = 1234
DEVICE = NAME or "cpu"
GENERATOR = torch.Generator()

# What the modules were made with that are arguments of others, by id; the module itself keeps its id taken.
made_with = {}


def record_arguments():
    """Notes the arguments of every module that is made."""

    def new(cls, *args, **kwargs):
        module = object.__new__(cls)
        made_with[id(module)] = (args, kwargs, module)
        return module

    torch.nn.Module.__new__ = new


def failure(error):
    return {"error": [type(error).__name__, str(error)]}


def whole(value):
    """The same argument as a JavaScript program writes it, where no float is whole."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if type(value) in (tuple, list):
        return type(value)(whole(item) for item in value)
    if isinstance(value, torch.nn.Module):
        args, kwargs, _ = made_with[id(value)]
        again = type(value)(*whole(args), **{name: whole(item) for name, item in kwargs.items()})
        again.load_state_dict(value.state_dict())
        return again.train(value.training)
    return value


def scattered(value):
    """The same arguments, whose tensors' elements do not follow each other. Packed sequences are left as they are."""
    if isinstance(value, torch.Tensor):
        return noncontiguous_like(value)
    if type(value) in (tuple, list):
        return type(value)(scattered(item) for item in value)
    if isinstance(value, dict):
        return {name: scattered(item) for name, item in value.items()}
    return value


class Arguments:
    """Arguments of a call as a row: the tensors among them with their storages."""

    def __init__(self, writer, given):
        self.inputs = Inputs(writer)
        self.row = {
            **self.call(given.args, given.kwargs),
            "tensors": self.inputs.rows,
            "storages": self.inputs.places,
        }

    def call(self, args, kwargs):
        return {
            "args": [self.encode(arg) for arg in args],
            "kwargs": [[name, self.encode(value)] for name, value in kwargs.items()],
        }

    def encode(self, value):
        if isinstance(value, torch.nn.Module):
            args, kwargs, _ = made_with[id(value)]
            state = encode(dict(value.state_dict()), self.inputs.add)
            made = self.call(args, kwargs)
            return {"layer": type(value).__name__, **made, "state": state, "training": value.training}
        if isinstance(value, torch.nn.utils.rnn.PackedSequence):
            return {"packed": [self.encode(item) for item in value]}
        return encode(value, self.inputs.add)


class Unit:
    """All samples of one ModuleInfo in one dtype."""

    def __init__(self, info):
        self.info = info
        self.writer = Writer()

    def value(self, value):
        return encode(value, lambda tensor: result_row(tensor, self.writer))

    def state(self, module):
        """The state dict; None for what a lazy module has not made yet."""
        tensors = module.state_dict().items()
        return [[name, None if torch.nn.parameter.is_lazy(tensor) else self.value(tensor)] for name, tensor in tensors]

    def rows(self, tensors):
        return [result_row(tensor, self.writer) for tensor in tensors]

    def cotangents(self, tensors):
        GENERATOR.manual_seed(7)
        return [torch.randn(t.shape, dtype=t.dtype, generator=GENERATOR).to(t.device) for t in tensors]

    def text(self, given):
        kwargs = {name: whole(value) for name, value in given.kwargs.items()}
        return repr(self.info.module_cls(*[whole(arg) for arg in given.args], **kwargs))

    def sample(self, sample, dtype, training, strided):
        self.writer.next_sample()
        given = sample.constructor_input
        arguments = Arguments(self.writer, given)
        row = {"training": training, "dtype": str(dtype)[6:], "strided": strided, "constructor": arguments.row}
        runs = row["runs"] = []
        torch.manual_seed(SEED)
        try:
            module = self.info.module_cls(*given.args, **given.kwargs)
        except Exception as error:
            runs.append({"stage": "constructor", **failure(error)})
            return row
        runs.append({"stage": "constructor", "state": self.state(module), "text": self.text(given)})
        module = module.to(DEVICE).to(dtype)
        module.train(training)
        if sample.forward_input is not None:
            self.calls(row, module, sample.forward_input, strided)
        return row

    def calls(self, row, module, given, strided):
        if strided:
            given.args, given.kwargs = scattered(given.args), scattered(given.kwargs)
        arguments = Arguments(self.writer, given)
        row["forward"] = arguments.row
        torch.manual_seed(SEED)
        try:
            out = module(*given.args, **given.kwargs)
        except Exception as error:
            row["runs"].append({"stage": "forward", **failure(error)})
            return
        row["runs"].append({"stage": "forward", "value": self.value(out), "state": self.state(module)})
        tensors = arguments.inputs.tensors
        row["leaves"] = [number for number, t in enumerate(tensors) if t.requires_grad]
        leaves = [tensors[number] for number in row["leaves"]] + [p for p in module.parameters() if p.requires_grad]
        results = [t for t in tensors_in(out) if t.requires_grad]
        if leaves and results:
            row["backward"] = self.backward(results, leaves)
            if self.info.supports_gradgrad:
                row["gradgrad"] = self.gradgrad(module, given, leaves)
        row["runs"].append({"stage": "after", "state": self.state(module)})

    def backward(self, results, leaves):
        weights = self.cotangents(results)
        row = {"weights": self.rows(weights)}
        try:
            torch.manual_seed(SEED)
            grads = torch.autograd.grad(results, leaves, weights, allow_unused=True)
        except Exception as error:
            return {**row, **failure(error)}
        return {**row, "value": self.value(list(grads))}

    def gradgrad(self, module, given, leaves):
        row = {}
        try:
            torch.manual_seed(SEED)
            results = [t for t in tensors_in(module(*given.args, **given.kwargs)) if t.requires_grad]
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
        return {**row, "value": self.value(list(second))}

    def error(self, sample, training):
        given = sample.module_error_input
        made = given.constructor_input
        made.args, made.kwargs = whole(made.args), {name: whole(value) for name, value in made.kwargs.items()}
        # What is wrong is the constructor's call: the sample's inputs may be anything.
        if sample.error_on == ModuleErrorEnum.CONSTRUCTION_ERROR:
            given.forward_input = None
        return self.sample(given, torch.float32, training, False)


def share(samples, limit):
    """`limit` of the samples from everywhere: variants of an option follow each other."""
    samples = list(samples)
    if not limit or len(samples) <= limit:
        return samples
    return [samples[index * len(samples) // limit] for index in range(limit)]


def run(request):
    info = module_db[request["op"]]
    unit = Unit(info)
    limit = request.get("limit")
    common = {"device": DEVICE, "requires_grad": True}
    rows = []
    torch.manual_seed(0)
    if request["dtype"] == "errors":
        for training in (True, False):
            samples = info.module_error_inputs_func(info, dtype=torch.float32, training=training, **common)
            rows += [unit.error(sample, training) for sample in samples]
    else:
        dtype = getattr(torch, request["dtype"])
        for training, strided in itertools.product((True, False), (False, True)):
            samples = info.module_inputs_func(info, dtype=dtype, training=training, **common)
            rows += [unit.sample(sample, dtype, training, strided) for sample in share(samples, limit)]
    unit.writer.save(request["file"], {"name": info.name, "seed": SEED, "samples": rows})
    return {"samples": len(rows)}


def answer(request):
    try:
        return run(request)
    except Exception as error:
        return {"failed": f"{type(error).__name__}: {error}"}
    finally:
        made_with.clear()


warnings.simplefilter("ignore")
torch.set_num_threads(1)
record_arguments()
serve([{"name": info.name, "errors": info.module_error_inputs_func is not None} for info in module_db], answer)
