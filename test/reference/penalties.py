"""Penalties of GANs on networks of three kinds: values, gradients by the images and by every parameter."""

import math

import torch
import torch.nn.functional as F
from torch import nn

from losses import hinge_d, logistic_d, reduced, wgan_drift_d


def mlp():
    return nn.Sequential(nn.Linear(12, 16), nn.LeakyReLU(0.2), nn.Linear(16, 16), nn.Tanh(), nn.Linear(16, 1)), [6, 12]


def conv():
    net = nn.Sequential(
        nn.Conv2d(3, 8, 4, 2, 1),
        nn.LeakyReLU(0.2),
        nn.Conv2d(8, 16, 4, 2, 1),
        nn.LeakyReLU(0.2),
        nn.Flatten(),
        nn.Linear(64, 1),
    )
    return net, [4, 3, 8, 8]


def conv_bn():
    net = nn.Sequential(
        nn.Conv2d(3, 8, 4, 2, 1),
        nn.LeakyReLU(0.2),
        nn.Conv2d(8, 16, 4, 2, 1, bias=False),
        nn.BatchNorm2d(16),
        nn.LeakyReLU(0.2),
        nn.Flatten(),
        nn.Linear(64, 1),
    )
    return net, [4, 3, 8, 8]


CRITICS = {"mlp": mlp, "conv": conv, "conv_bn": conv_bn}


def input_gradient(critic, images):
    x = images.detach().requires_grad_()
    (g,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return g


def norm_errors(g, target):
    return (g.flatten(1).norm(2, dim=1) - target) ** 2


def per_sample(x):
    return torch.rand([x.size(0)] + [1] * (x.dim() - 1), dtype=x.dtype)


def r1(net, x, gamma=10, reduction="mean"):
    return reduced(input_gradient(net, x).square().flatten(1).sum(1) * (gamma / 2), reduction)


def wgan_gp(net, real, fake, weight=10, target=1, reduction="mean"):
    between = real + (fake.detach() - real) * per_sample(real)
    return reduced(norm_errors(input_gradient(net, between), target) * (weight / target**2), reduction)


def centred(net, x, weight=10, center=0, reduction="mean"):
    return weight * reduced(norm_errors(input_gradient(net, x), center), reduction)


def dragan(net, real, weight=10, target=1, spread=0.5, reduction="mean"):
    disturbance = real.std(correction=0) * spread * torch.rand_like(real)
    return weight * reduced(norm_errors(input_gradient(net, real + per_sample(real) * disturbance), target), reduction)


def together(scores, penalty, reduction):
    return (scores.flatten() if reduction == "none" else reduced(scores, reduction)) + penalty


def wgan_gp_d(net, real, fake, reduction="mean", weight=10, target=1, drift=0.001):
    on_fake = net(fake)
    scores = wgan_drift_d(net(real), on_fake, "none", drift)
    return together(scores, wgan_gp(net, real, fake, weight, target, reduction), reduction)


def hinge_gp_d(net, real, fake, reduction="mean", weight=10, target=1):
    on_fake = net(fake)
    scores = hinge_d(net(real), on_fake, "none")
    return together(scores, wgan_gp(net, real, fake, weight, target, reduction), reduction)


def simplegp_d(net, real, fake, reduction="mean", r1_gamma=10, r2_gamma=0):
    if r1_gamma != 0:
        real = real.detach().requires_grad_()
    if r2_gamma != 0:
        fake = fake.detach().requires_grad_()
    on_real, on_fake = net(real), net(fake)
    total = None
    scores = logistic_d(on_real, on_fake, "none")
    total = scores.flatten() if reduction == "none" else reduced(scores, reduction)
    for gamma, logits, x in ((r1_gamma, on_real, real), (r2_gamma, on_fake, fake)):
        if gamma != 0:
            (g,) = torch.autograd.grad(logits.sum(), x, create_graph=True)
            total = total + reduced(g.square().flatten(1).sum(1) * (gamma / 2), reduction)
    return total


def lecam(real, fake, ema_real, ema_fake, weight=0.3, reduction="mean"):
    terms = F.relu(real - ema_fake).square() + F.relu(ema_real - fake).square()
    return reduced(terms, reduction) * weight


def consistency(net, x, transform, weight=10, reduction="mean"):
    logits = net(x)
    return reduced((logits - net(transform(x))).square() * weight, reduction)


def trained(net, value):
    """What a loss leaves behind: its value, every parameter's gradient, and the state."""
    net.zero_grad()
    (value * torch.arange(1, value.numel() + 1).reshape(value.shape)).sum().backward()
    return {"value": value, "grads": {n: p.grad for n, p in net.named_parameters()}, "state": dict(net.state_dict())}


# A translation that draws nothing.
def rolled(x):
    return x.roll(1, -1)


PENALTIES = {
    "r1": lambda net, real, fake, reduction: r1(net, real, 10, reduction),
    "r1, gamma 1": lambda net, real, fake, reduction: r1(net, real, 1, reduction),
    "r2": lambda net, real, fake, reduction: r1(net, fake, 10, reduction),
    "wgan_gp": lambda net, real, fake, reduction: wgan_gp(net, real, fake, 10, 1, reduction),
    "wgan_gp, target 750": lambda net, real, fake, reduction: wgan_gp(net, real, fake, 10, 750, reduction),
    "zero-centred": lambda net, real, fake, reduction: centred(net, real, 10, 0, reduction),
    "one-centred": lambda net, real, fake, reduction: centred(net, real, 10, 1, reduction),
    "dragan": lambda net, real, fake, reduction: dragan(net, real, reduction=reduction),
    "D_wgan_gp": wgan_gp_d,
    "D_hinge_gp": hinge_gp_d,
    "D_logistic_simplegp": simplegp_d,
    "D_logistic_simplegp, both sides": lambda net, real, fake, reduction: simplegp_d(net, real, fake, reduction, 10, 3),
    "D_logistic_simplegp, neither": lambda net, real, fake, reduction: simplegp_d(net, real, fake, reduction, 0, 0),
    "CR": lambda net, real, fake, reduction: consistency(net, real, rolled, 10, reduction),
    "bCR": lambda net, real, fake, reduction: consistency(net, real, rolled, 10, reduction)
    + consistency(net, fake, rolled, 5, reduction),
    "zCR": lambda net, real, fake, reduction: reduced(
        (net(fake) - net(fake + 0.07 * real)).square() * 5, reduction
    ),
    "zCR of the generator": lambda net, real, fake, reduction: reduced(
        (net(fake) - net(fake + 0.07 * real)).square() * -0.5, reduction
    ),
    "lecam": lambda net, real, fake, reduction: lecam(
        net(real), net(fake), torch.tensor(0.25), torch.tensor(-0.5), 0.3, reduction
    ),
}


def penalty_case(penalty):
    def case(steps=None):
        out = {}
        for name, make in CRITICS.items():
            for reduction in ("mean", "sum", "none"):
                net, shape = make()
                real, fake = torch.randn(shape), torch.randn(shape)
                out[f"{name} {reduction}"] = trained(net, penalty(net, real, fake, reduction))
        return out

    return case


def lecam_averages(steps=None):
    real, fake = torch.tensor(0.0), torch.tensor(0.0)
    out = {}
    for step in range(6):
        r, f = torch.randn(8, 1), torch.randn(8, 1)
        decay = 0.0 if step < 2 else 0.9
        real = real * decay + r.mean() * (1 - decay)
        fake = fake * decay + f.mean() * (1 - decay)
        out[step] = [real, fake]
    return out


class Painter(nn.Module):
    """Styles N×3×8 to images N×3×8×8, nothing linear about it."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(8, 32)
        self.last = nn.Linear(96, 3 * 64)

    def forward(self, styles):
        return self.last(torch.tanh(self.first(styles)).flatten(1)).tanh().view(-1, 3, 8, 8)


def path_lengths(images, styles):
    noise = torch.randn(images.shape) / math.sqrt(images.shape[2] * images.shape[3])
    (jacobian,) = torch.autograd.grad((images * noise).sum(), styles, create_graph=True)
    return (jacobian**2).sum(dim=2).mean(dim=1).sqrt()


def path_length_before(steps=None):
    """StyleGAN2: the running mean is a tensor, moved before the penalty."""
    net, pl_mean, out = Painter(), torch.zeros([]), {}
    for step in range(4):
        styles = torch.randn(4, 3, 8, requires_grad=True)
        lengths = path_lengths(net(styles), styles)
        moved = pl_mean.lerp(lengths.mean(), 0.01)
        pl_mean = moved.detach().clone()
        out[step] = {"lengths": lengths, "pl_mean": pl_mean, **trained(net, ((lengths - moved).square() * 2).mean())}
    return out


def path_length_after(steps=None):
    """lucidrains: a plain number, moved after the step, absent before the first."""
    net, pl_mean, out = Painter(), None, {}
    for step in range(4):
        styles = torch.randn(4, 3, 8, requires_grad=True)
        lengths = path_lengths(net(styles), styles)
        average = float(lengths.detach().mean())
        if pl_mean is not None:
            out[step] = {"pl_mean": pl_mean, **trained(net, ((lengths - pl_mean) ** 2).mean())}
        pl_mean = average if pl_mean is None else pl_mean * 0.99 + (1 - 0.99) * average
    return {**out, "last": pl_mean}


CASES = {
    **{name: penalty_case(penalty) for name, penalty in PENALTIES.items()},
    "lecam averages": lecam_averages,
    "path length, mean before": path_length_before,
    "path length, mean after": path_length_after,
}
