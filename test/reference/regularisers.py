"""What keeps a GAN's training stable besides penalties, and averages of networks."""

import copy
import math

import torch
import torch.nn.functional as F
from torch import nn
from torch.optim.swa_utils import update_bn


def minibatch_stddev(x, group_size=4, num_channels=1):
    n, c, h, w = x.shape
    group = min(group_size, n)
    y = x.reshape(group, -1, num_channels, c // num_channels, h, w)
    y = y - y.mean(0, keepdim=True)
    y = torch.sqrt(y.square().mean(0) + 1e-8)
    y = y.mean([2, 3, 4], keepdim=True).mean(2)
    return torch.cat([x, y.repeat(group, 1, h, w)], 1)


def second_order(function, *inputs):
    """Value, gradients, gradients of the gradients' squared norm."""
    inputs = [x.requires_grad_() for x in inputs]
    value = function(*inputs)
    first = torch.autograd.grad((value * torch.randn_like(value)).sum(), inputs, create_graph=True, allow_unused=True)
    norm = sum(g.square().sum() for g in first if g is not None)
    out = {"value": value, "first": first}
    if norm.requires_grad:
        out["second"] = torch.autograd.grad(norm, inputs, allow_unused=True)
    return out


def stddev(steps=None):
    shapes = {"4 of 8": ([8, 6, 4, 4], 4, 1), "3 of 3": ([3, 4, 2, 5], 4, 1), "2 channels": ([6, 4, 3, 3], 3, 2)}
    return {
        name: second_order(lambda x: minibatch_stddev(x, group, channels), torch.randn(shape))
        for name, (shape, group, channels) in shapes.items()
    }


def features():
    return [torch.randn(4, 8, 5, 5), torch.randn(4, 16, 3, 3)]


def feature_matching(real, fake, of, weight):
    if of == "samples":
        return sum(F.l1_loss(f, r.detach()) for r, f in zip(real, fake)) * weight
    return sum((r.detach().mean(0) - f.mean(0)).square().sum() for r, f in zip(real, fake)) * weight


def matching(of):
    def case(steps=None):
        real, fake = features(), features()
        return second_order(lambda *fake: feature_matching(real, fake, of, 10), *fake)

    return case


def l1(steps=None):
    real, fake = torch.randn(3, 3, 4, 4), torch.randn(3, 3, 4, 4)
    return {r: second_order(lambda f: F.l1_loss(f, real, reduction=r) * 100, fake) for r in ("mean", "sum", "none")}


def kl(mu, logvar):
    return torch.sum(1 + logvar - mu.pow(2) - logvar.exp()) * (-0.5 * 0.01)


def kl_case(steps=None):
    return second_order(kl, torch.randn(4, 8), torch.randn(4, 8))


def latent(steps=None):
    z, recovered = torch.randn(4, 8), torch.randn(4, 8)
    distances = {
        "l1": lambda a, b: F.l1_loss(b, a) * 0.5,
        "mse": lambda a, b: F.mse_loss(b, a) * 0.5,
        "l2": lambda a, b: torch.norm(b - a, p=2, dim=1).mean() * 0.5,
    }
    return {name: second_order(distance, z, recovered) for name, distance in distances.items()}


def top_k(steps=None):
    out = {}
    for epochs in (0, 0.4, 3, 33.3, 200):
        k = math.ceil(16 * max(0.99**epochs, 0.5))
        logits = torch.randn(16)
        out[epochs] = second_order(lambda x: x if k == 16 else x.topk(k=k, largest=False)[0], logits)
    return out


def lazy(steps=None):
    out = {}
    for k in (4, 16, 8):
        c = k / (k + 1)
        out[k] = [0.002 * c, 0.0**c, 0.99**c, 0.5**c]
    return out


def network():
    return nn.Sequential(
        nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.LeakyReLU(0.2), nn.Flatten(), nn.Linear(8 * 36, 4), nn.BatchNorm1d(4)
    )


def spectral(steps=None):
    net = network()
    for module in net.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            nn.utils.spectral_norm(module, n_power_iterations=2)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        net(torch.randn(6, 3, 8, 8)).square().mean().backward()
        optimizer.step()
    return {"state": dict(net.state_dict())}


FORMS = {
    "lucidrains": lambda old, new, beta: old.copy_(old * beta + (1 - beta) * new),
    "rosinality": lambda old, new, beta: old.mul_(beta).add_(new, alpha=1 - beta),
    "ada": lambda old, new, beta: old.copy_(new.lerp(old, beta)),
    "stylegan": lambda old, new, beta: old.copy_(new + (old - new) * beta),
}


def average(form, buffers):
    def case(steps=None):
        net = network()
        ema = copy.deepcopy(net)
        optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
        out = {}
        for step in range(6):
            optimizer.zero_grad()
            net(torch.randn(6, 3, 8, 8)).square().mean().backward()
            optimizer.step()
            beta = 0.5 ** (6 / max(min(10, (step + 1) * 6 * 0.5), 1e-8))
            with torch.no_grad():
                for old, new in zip(ema.parameters(), net.parameters()):
                    FORMS[form](old, new, beta)
                for old, new in zip(ema.buffers(), net.buffers()):
                    if buffers == "averaged" and old.is_floating_point():
                        FORMS[form](old, new, beta)
                    elif buffers != "kept":
                        old.copy_(new)
            if buffers == "recomputed":
                update_bn([torch.randn(6, 3, 8, 8) for _ in range(5)], ema)
            out[step] = {"beta": beta, **{name: x.clone() for name, x in ema.state_dict().items()}}
        return out

    return case


CASES = {
    "minibatch stddev": stddev,
    "feature matching, samples": matching("samples"),
    "feature matching, means": matching("means"),
    "L1": l1,
    "KL": kl_case,
    "latent recovery": latent,
    "top-k": top_k,
    "lazy rates": lazy,
    "spectral norm": spectral,
    **{
        f"EMA {form}, buffers {buffers}": average(form, buffers)
        for form in FORMS
        for buffers in ("copied", "averaged", "kept", "recomputed")
    },
}
