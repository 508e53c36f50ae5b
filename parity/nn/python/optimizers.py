"""Runs optim_db in Python: every config of an optimizer for 20 steps, a state dict, 20 more steps.

Requests: {"op", "every", "file"} writes the configs of an OptimizerInfo, or one in so many, to a file; {"op", "config", "params",
"state"} goes on with what the other side saved, and answers with the parameters after 20 more steps.
"""

import base64
import copy
import warnings

import torch

from codec import decode as decode_tensor
from codec import element_bytes
from device import NAME, settle
from lines import serve
from values import Inputs, Writer, encode, result_row

settle()

from torch.testing._internal.common_optimizers import OptimizerErrorEnum, optim_db  # noqa: E402

DEVICE = NAME or "cpu"
STEPS = 20
SHAPES = [[4, 3], [7], [2, 3, 2], []]
MATRICES = [[4, 3], [3, 5], [6, 6]]


class Config:
    """One way to make and to drive an optimizer."""

    def __init__(self, info, kwargs, dtype, sparse=False):
        self.info = info
        self.kwargs = kwargs
        self.dtype = dtype
        self.sparse = sparse

    @property
    def shapes(self):
        if self.sparse:
            return [[8, 3], [5]]
        return MATRICES if self.info.name == "Muon" else SHAPES

    def parameters(self):
        torch.manual_seed(7)
        return [torch.randn(shape, dtype=self.dtype).to(DEVICE).requires_grad_() for shape in self.shapes]

    def groups(self, params):
        if not self.info.supports_param_groups:
            return params
        rest = {"params": params[1:], **({"weight_decay": 0.03} if self.has_decay else {})}
        return [{"params": params[:1]}, rest]

    @property
    def has_decay(self):
        return "weight_decay" in self.kwargs

    def make(self, params):
        return self.info.optim_cls(self.groups(params), **self.kwargs)

    def step(self, optimizer, params, number):
        if self.info.step_requires_closure:
            return optimizer.step(lambda: closure(optimizer, params))
        torch.manual_seed(1000 + number)
        for index, param in enumerate(params):
            if number % 5 == 3 and index == 1:
                param.grad = None
            elif self.sparse:
                rows = torch.randperm(param.shape[0])[:3]
                values = torch.randn([3, *param.shape[1:]], dtype=param.dtype)
                param.grad = torch.sparse_coo_tensor(rows[None], values, param.shape, check_invariants=False).to(DEVICE)
            else:
                param.grad = torch.randn(param.shape, dtype=param.dtype).to(DEVICE)
        return optimizer.step()


def closure(optimizer, params):
    optimizer.zero_grad()
    loss = 0
    for param in params:
        far = param - 0.5
        loss = loss + (far * far.conj() if far.is_complex() else far.pow(4)).sum().abs() + param.sin().sum().abs()
    loss.backward()
    return loss


def failure(error):
    return {"error": [type(error).__name__, str(error)]}


def configs(info):
    dtypes = [torch.float32, torch.float64]
    if info.supports_complex:
        dtypes.append(torch.complex64)
    for dtype in dtypes:
        for given in info.optim_inputs_func(DEVICE):
            kwargs = given.kwargs
            yield Config(info, kwargs, dtype, sparse=info.only_supports_sparse_grads)
            if "foreach" in info.supported_impls:
                yield Config(info, {**kwargs, "foreach": True}, dtype)
            if "fused" in info.supported_impls:
                yield Config(info, {**kwargs, "fused": True}, dtype)
        if info.supports_sparse:
            yield Config(info, info.metadata_for_sparse[0], dtype, sparse=True)


def go_on(config, params, optimizer):
    for number in range(STEPS, 2 * STEPS):
        config.step(optimizer, params, number)
    return optimizer


def resumed(config, tensors, state):
    """Parameters and optimizer, 20 steps after they were loaded."""
    params = [tensor.to(DEVICE).requires_grad_() for tensor in tensors]
    optimizer = config.make(params)
    optimizer.load_state_dict(state)
    return params, go_on(config, params, optimizer)


class Unit:
    def __init__(self, info):
        self.info = info
        self.writer = Writer()

    def value(self, value):
        return encode(value, lambda tensor: result_row(tensor, self.writer))

    def state(self, params, optimizer):
        return {"params": self.value(list(params)), "state": self.value(optimizer.state_dict())}

    def row(self, config):
        self.writer.next_sample()
        inputs = Inputs(self.writer)
        row = {
            "kwargs": [[name, encode(value, inputs.add)] for name, value in config.kwargs.items()],
            "dtype": str(config.dtype)[6:],
            "shapes": config.shapes,
            "sparse": config.sparse,
            "decay": config.has_decay,
            "tensors": inputs.rows,
            "storages": inputs.places,
        }
        try:
            params = config.parameters()
            optimizer = config.make(params)
            row["text"] = str(optimizer)
            for number in range(STEPS):
                config.step(optimizer, params, number)
            row["middle"] = self.state(params, optimizer)
            saved = [param.detach().clone() for param in params], copy.deepcopy(optimizer.state_dict())
            row["end"] = self.state(params, go_on(config, params, optimizer))
            # Loading casts some of the state: a run that is resumed may differ from one that is not.
            row["resumed"] = self.state(*resumed(config, *saved))
        except Exception as error:
            row.update(failure(error))
        return row

    def error(self, given):
        """A call that Python refuses; None where JavaScript cannot make it, or Python only warns."""
        if given.error_type is UserWarning or given.error_on != OptimizerErrorEnum.CONSTRUCTION_ERROR:
            return None
        wrong = given.optimizer_error_input
        inputs = Inputs(self.writer)
        params = wrong.params if wrong.params is not None else [torch.ones(1, 1, requires_grad=True)]
        try:
            row = {
                "wrong": encode(params, inputs.add),
                "kwargs": [[name, encode(value, inputs.add)] for name, value in wrong.kwargs.items()],
                "tensors": inputs.rows,
                "storages": inputs.places,
            }
        except TypeError:
            return None
        try:
            self.info.optim_cls(params, **wrong.kwargs)
        except Exception as error:
            return {**row, **failure(error)}
        return None


def sent(value):
    """What the other side's `sent` wrote."""
    if isinstance(value, list):
        return [sent(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "tensor" in value:
        return decode_tensor(value["tensor"])
    if "float" in value:
        return float(value["float"])
    return {int(key) if key.lstrip("-").isdigit() else key: sent(item) for key, item in value["dict"]}


def resume(request):
    config = list(configs(optim_db[request["op"]]))[request["config"]]
    params, _ = resumed(config, sent(request["params"]), sent(request["state"]))
    return {"params": [base64.b64encode(element_bytes(param)).decode() for param in params]}


def answer(request):
    try:
        if "state" in request:
            return resume(request)
        info = optim_db[request["op"]]
        unit = Unit(info)
        every = request["every"]
        rows = [unit.row(config) if number % every == 0 else None for number, config in enumerate(configs(info))]
        errors = info.optim_error_inputs_func(DEVICE, torch.float32) if info.optim_error_inputs_func else []
        errors = [row for row in map(unit.error, errors) if row is not None]
        unit.writer.save(request["file"], {"configs": rows, "errors": errors})
        return {}
    except Exception as error:
        return {"failed": f"{type(error).__name__}: {error}"}


warnings.simplefilter("ignore")
torch.set_num_threads(1)
serve([{"name": info.name, "closure": info.step_requires_closure, "groups": info.supports_param_groups} for info in optim_db], answer)
