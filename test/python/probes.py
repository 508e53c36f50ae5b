"""What the parity tests measure of a layer, a loss or an optimizer. test/support/probes.ts is the same in TypeScript."""

import torch
from torch import nn

__all__ = ["probe_layer", "probe_loss", "probe_function", "probe_optimizer", "probe_batch_norm", "probe_init", "probe_call", "default_init", "grads_of"]


def grads_of(module):
    return {name: parameter.grad for name, parameter in module.named_parameters()}


def weigh(y):
    """A scalar in which every element of y has a weight of its own, so that no gradient error cancels out."""
    return (y * torch.randn_like(y)).sum()


def probe_layer(module, x, steps=1):
    """Forward, input gradient, parameter gradients and state of a layer, in its training mode and in eval mode."""
    out = {"x": x}
    if x.is_floating_point():
        x.requires_grad_()
    for step in range(steps):
        y = module(x)
        out[f"y{step}"] = y
        if y.requires_grad:
            weigh(y).backward()
    out["x.grad"] = x.grad
    out["grads"] = grads_of(module)
    out["state"] = dict(module.state_dict())
    module.eval()
    out["eval"] = module(x)
    return out


def probe_batch_norm(module, shape, dtype=torch.float32, train=True):
    """Ten steps of a BatchNorm with fresh inputs: outputs, gradients and buffers after every step."""
    module.to(dtype)
    module.train(train)
    out = {}
    for step in range(10):
        x = (torch.randn(shape, dtype=dtype) * 3 + 1.5).requires_grad_()
        y = module(x)
        weigh(y).backward()
        out[f"{step}"] = {
            "y": y,
            "x.grad": x.grad,
            "grads": {name: None if g is None else g.clone() for name, g in grads_of(module).items()},
            "state": {name: value.clone() for name, value in module.state_dict().items()},
        }
    module.eval()
    out["eval"] = module(torch.randn(shape, dtype=dtype))
    return out


def probe_loss(loss, prediction, target):
    """Value and both gradients of a loss. A reduced loss is one number, an unreduced one is weighed."""
    prediction.requires_grad_()
    if target.is_floating_point():
        target.requires_grad_()
    value = loss(prediction, target)
    (value if value.dim() == 0 else weigh(value)).backward()
    return {"prediction": prediction, "target": target, "loss": value, "grad": prediction.grad, "target.grad": target.grad}


def probe_function(f, *inputs, twice=True):
    """A function's result, gradients and, with `twice`, their gradients, for every input that can have them."""
    leaves = [x.requires_grad_() for x in inputs if x.is_floating_point() or x.is_complex()]
    y = f(*inputs)
    grads = torch.autograd.grad(weigh(y), leaves, create_graph=twice, allow_unused=True)
    again = [weigh(g) for g in grads if g is not None and g.requires_grad]
    second = torch.autograd.grad(sum(again[1:], again[0]), leaves, allow_unused=True) if twice and again else []
    return {"inputs": inputs, "y": y, "grads": grads, "second": second}


def probe_net(dtype=torch.float32):
    return nn.Sequential(nn.Linear(6, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 3)).to(dtype)


def probe_optimizer(make, dtype=torch.float32, steps=20, set_to_none=True, between=None):
    """Twenty steps on a small net. The last layer's bias has no gradient on every fifth step: optimizers skip it then."""
    net = probe_net(dtype)
    optimizer = make(net)
    losses = []
    for step in range(steps):
        x, target = torch.randn(8, 6, dtype=dtype), torch.randn(8, 3, dtype=dtype)
        optimizer.zero_grad(set_to_none=set_to_none)
        loss = nn.functional.mse_loss(net(x), target)
        loss.backward()
        if step % 5 == 4:
            net[3].bias.grad = None
        if between is not None:
            between(optimizer, step)
        optimizer.step()
        losses.append(loss.detach())
    return {"losses": losses, "net": dict(net.state_dict()), "grads": grads_of(net), "optimizer": optimizer.state_dict()}


def probe_init(shape, init, dtype=torch.float32):
    tensor = torch.zeros(shape, dtype=dtype)
    result = init(tensor)
    assert result is tensor
    return {"tensor": tensor}


def default_init(*modules):
    """The state of freshly made modules: what their constructors drew, and in which order."""
    return {str(index): dict(module.state_dict()) for index, module in enumerate(modules)}


def argument(spec):
    """An argument as test/support/function_case.ts describes it."""
    if isinstance(spec, list):
        return [argument(item) for item in spec]
    if not isinstance(spec, dict):
        return spec
    if "draw" in spec:
        dtype = getattr(torch, spec["dtype"])
        if dtype.is_floating_point or dtype.is_complex:
            low, high = spec["low"], spec["high"]
            if low == high:
                return torch.randn(spec["shape"], dtype=dtype).requires_grad_(spec["grad"])
            return (torch.rand(spec["shape"], dtype=dtype) * (high - low) + low).requires_grad_(spec["grad"])
        return torch.randint(spec["low"], spec["high"], spec["shape"], dtype=dtype)
    if "values" in spec:
        return torch.tensor(spec["values"], dtype=getattr(torch, spec["dtype"]))
    if "dtype" in spec:
        return getattr(torch, spec["dtype"])
    return float(spec["float"])


def all_grads(outputs, inputs, create_graph):
    """Gradients of the weighed outputs; None where an input takes no part."""
    return torch.autograd.grad([weigh(y) for y in outputs], inputs, create_graph=create_graph, allow_unused=True)


def probe_call(name, args, keywords, order):
    """Result of a function of nn.functional, its gradients, and with order 2 the gradients of those."""
    args = [argument(spec) for spec in args]
    keywords = {key: argument(spec) for key, spec in keywords.items()}
    result = getattr(nn.functional, name)(*args, **keywords)
    given = [value for value in [*args, *keywords.values()] if isinstance(value, torch.Tensor)]
    out = {"result": result, "given": given}
    inputs = [value for value in given if value.requires_grad]
    outputs = [y for y in (result if isinstance(result, tuple) else [result]) if y.requires_grad]
    for step in range(1, order + 1):
        if not outputs:
            break
        grads = all_grads(outputs, inputs, step < order)
        out[f"grads{step}"] = list(grads)
        outputs = [g for g in grads if g is not None and g.requires_grad]
    return out
