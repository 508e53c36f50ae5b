"""Exports networks, and runs and trains the programs in Python.

Requests: {"name", "file", "steps"}: where to save the program, and how many steps to train it.
"""

import hashlib
import warnings

import torch
from torch.export import Dim

from lines import serve
from networks import NETWORKS


def leaves_of(tree, visit):
    """The tree with `visit` of its leaves."""
    if isinstance(tree, list):
        return tuple(leaves_of(item, visit) for item in tree)
    return visit(tree) if "leaf" in tree else {name: leaves_of(item, visit) for name, item in tree.items()}


def value(batch):
    def make(leaf):
        if leaf["leaf"] == "const":
            return leaf["value"]
        size = [batch if n is None else n for n in leaf["size"]]
        return torch.randn(size) if leaf["leaf"] == "randn" else torch.randint(0, leaf["high"], size)

    return make


def dynamic(entry):
    """Sizes that are the batch's."""
    if len(entry.batches) == 1:
        return None
    batch = Dim("batch", min=2, max=64)

    def dims(leaf):
        return {i: batch for i, n in enumerate(leaf["size"]) if n is None} or None if "size" in leaf else None

    args = leaves_of(entry.args, dims)
    return (*args, *leaves_of(entry.kwargs, dims).values())


def name_of(tensor):
    """Dtype, shape and bytes of a tensor."""
    data = tensor.detach().contiguous().flatten().view(torch.uint8) if tensor.numel() else torch.empty(0, dtype=torch.uint8)
    digest = hashlib.sha256(data.numpy().tobytes()).hexdigest()[:16]
    return f"{str(tensor.dtype)[6:]}[{','.join(map(str, tensor.shape))}] {digest}"


def flat(result, at="", found=None):
    """Leaves of a result with their paths."""
    found = [] if found is None else found
    if isinstance(result, dict):
        for name, item in result.items():
            flat(item, f"{at}.{name}", found)
    elif isinstance(result, (tuple, list)):
        for i, item in enumerate(result):
            flat(item, f"{at}.{i}", found)
    else:
        found.append((at, result))
    return found


def shown(leaf):
    return name_of(leaf) if isinstance(leaf, torch.Tensor) else "None" if leaf is None else str(leaf)


def loss_of(result):
    """Mean squares of all floating-point results that have a gradient, added up."""
    total = None
    for _, leaf in flat(result):
        if isinstance(leaf, torch.Tensor) and leaf.is_floating_point() and leaf.requires_grad and leaf.numel() > 0:
            term = leaf.double().square().mean()
            total = term if total is None else total + term
    return total


def train(module, entry, steps):
    """What happens in `steps` steps, as lines."""
    lines = [f"keys {', '.join(module.state_dict())}", f"parameters {', '.join(n for n, _ in module.named_parameters())}"]
    optimizer = torch.optim.Adam(module.parameters(), lr=0.001)
    for step in range(steps):
        torch.manual_seed(step)
        make = value(entry.batches[step % len(entry.batches)])
        args, kwargs = leaves_of(entry.args, make), leaves_of(entry.kwargs, make)
        result = module(*args, **kwargs)
        lines += [f"{step} output{at} {shown(leaf)}" for at, leaf in flat(result)]
        optimizer.zero_grad()
        loss_of(result).backward()
        if step == 0:
            lines += [f"gradient {n} {shown(p.grad)}" for n, p in module.named_parameters()]
        optimizer.step()
    return lines + [f"state {name} {name_of(tensor)}" for name, tensor in module.state_dict().items()]


def run(request):
    torch.manual_seed(1)
    entry = NETWORKS[request["name"]]()
    make = value(entry.batches[0])
    args, kwargs = leaves_of(entry.args, make), leaves_of(entry.kwargs, make)
    program = torch.export.export(entry.module, args, kwargs, dynamic_shapes=dynamic(entry))
    if entry.decompose:
        program = program.run_decompositions()
    torch.export.save(program, request["file"])
    loaded = torch.export.load(request["file"])
    return {
        "args": entry.args,
        "kwargs": entry.kwargs,
        "batches": entry.batches,
        "lines": train(loaded.module(), entry, request["steps"]),
    }


def answer(request):
    try:
        return run(request)
    except Exception as error:
        return {"failed": f"{type(error).__name__}: {error}"}


warnings.simplefilter("ignore")
torch.set_num_threads(1)
serve(list(NETWORKS), answer)
