"""Runs schedulers in Python, as parity/nn/schedulers/cases.mjs describes them.

Requests: {"case", "steps", "states": steps after which the state is given, "resume": {"step", "state", "groups"} or None}.
"""

import math
import struct
import warnings
from collections import Counter

import torch
from torch.optim import lr_scheduler, swa_utils

from lines import serve

FUNCTIONS = {
    "decay": lambda epoch: 0.95**epoch,
    "wave": lambda epoch: 1.1 + math.sin(epoch),
    "constant": lambda epoch: 0.95,
    "shrink": lambda epoch: 1 / (1 + epoch / 1000),
    "half": lambda x: 1 / (1 + x),
}


def given(value):
    """An argument of a case."""
    if isinstance(value, list):
        return [given(item) for item in value]
    if isinstance(value, dict):
        if "call" in value:
            return FUNCTIONS[value["call"]]
        return {name: given(item) for name, item in value.items()}
    return value


def shown(value):
    """A value as JSON: numbers by their bits, whatever their type."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, (int, float)):
        return {"n": struct.pack("<d", value).hex()}
    if isinstance(value, torch.Tensor):
        return {"t": [str(value.dtype)[6:], list(value.shape), shown(float(value))]}
    if isinstance(value, (list, tuple)):
        return [shown(item) for item in value]
    return {"d": [[str(key), shown(item)] for key, item in value.items()]}


def read(value):
    """What `shown` of the other side wrote."""
    if isinstance(value, list):
        return [read(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "n" in value:
        number = struct.unpack("<d", bytes.fromhex(value["n"]))[0]
        return int(number) if number.is_integer() else number
    if "t" in value:
        dtype, shape, number = value["t"]
        return torch.full(shape, read(number), dtype=getattr(torch, dtype))
    if "m" in value:
        return Counter({int(key): read(item) for key, item in value["m"]})
    return {key: read(item) for key, item in value["d"]}


def make_optimizer(spec):
    rates = [torch.tensor(rate) if spec.get("tensors") else rate for rate in spec["rates"]]
    groups = [{"params": [torch.ones(2, requires_grad=True)], "lr": rate} for rate in rates]
    return getattr(torch.optim, spec["class"])(groups, **spec["options"])


def find(name):
    return getattr(lr_scheduler, name, None) or getattr(swa_utils, name)


def make(case, optimizer):
    args = [given(arg) for arg in case["args"]]
    kwargs = args.pop() if args and isinstance(args[-1], dict) else {}
    name = case["name"]
    if "schedulers" in case:
        inner = [find(kind)(optimizer, *given(rest)) for kind, *rest in case["schedulers"]]
        if name == "ChainedScheduler":
            return find(name)(inner, *args, **kwargs)
        return find(name)(optimizer, inner, *args, **kwargs)
    return find(name)(optimizer, *args, **kwargs)


def look(optimizer, scheduler):
    names = ("lr", "momentum", "betas")
    groups = [[shown(group[name]) for name in names if name in group] for group in optimizer.param_groups]
    return [groups, shown(scheduler.get_last_lr())]


def groups_of(optimizer):
    return [{key: value for key, value in group.items() if key != "params"} for group in optimizer.param_groups]


def run(request):
    case = request["case"]
    seen, states, words = [], {}, []
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            optimizer = make_optimizer(case["optimizer"])
            scheduler = make(case, optimizer)
            first = 0
            resume = request.get("resume")
            if resume is not None:
                first = resume["step"]
                for group, saved in zip(optimizer.param_groups, resume["groups"], strict=True):
                    group.update(read(saved))
                scheduler.load_state_dict(read(resume["state"]))
            seen.append(look(optimizer, scheduler))
            for step in range(first, request["steps"]):
                optimizer.step()
                if "metrics" in case:
                    scheduler.step(case["metrics"][step])
                elif "epochs" in case:
                    scheduler.step(case["epochs"][step])
                else:
                    scheduler.step()
                seen.append(look(optimizer, scheduler))
                if step + 1 in request["states"]:
                    states[step + 1] = [shown(scheduler.state_dict()), [shown(g) for g in groups_of(optimizer)]]
        words = sorted({str(warning.message) for warning in caught})
    except Exception as error:
        return {"seen": seen, "states": states, "error": [type(error).__name__, str(error)]}
    return {"seen": seen, "states": states, "warnings": words}


torch.set_num_threads(1)
serve({"names": [*lr_scheduler.__all__, "SWALR"]}, run)
