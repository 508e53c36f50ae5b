"""Runs functions of torch.nn.init: {"name", "shape", "dtype", "args", "kwargs", "generator"}, a tensor of zeros first."""

import base64
import inspect
import warnings

import torch
from torch.nn import init

from codec import element_bytes
from lines import serve


def packed(tensor):
    return base64.b64encode(element_bytes(tensor)).decode()


def run(request):
    torch.manual_seed(11)
    kwargs = request["kwargs"]
    generator = torch.Generator().manual_seed(5) if request["generator"] else None
    if generator is not None:
        kwargs = {**kwargs, "generator": generator}
    args = request["args"]
    try:
        function = getattr(init, request["name"])
        if request["shape"] is None:
            return {"value": float(function(*args, **kwargs)).hex()}
        tensor = torch.zeros(request["shape"], dtype=getattr(torch, request["dtype"]))
        result = function(tensor, *args, **kwargs)
    except Exception as error:
        return {"error": [type(error).__name__, str(error)]}
    state = torch.get_rng_state() if generator is None else generator.get_state()
    return {"bytes": packed(tensor), "same": result is tensor, "state": packed(state)}


warnings.simplefilter("ignore")
torch.set_num_threads(1)
functions = [name for name, value in vars(init).items() if inspect.isfunction(value) and not name.startswith("_")]
takes = {name: "generator" in inspect.signature(getattr(init, name)).parameters for name in functions}
serve({"names": functions, "generator": takes}, run)
