"""What programs are made of besides layers: nested inputs and outputs, sizes, modes, constants, branches."""

import torch
from torch import nn

from . import Entry, const, network, randn


class Forms(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(6, 6)
        self.norm = nn.BatchNorm1d(6, momentum=0.3)
        self.scale = torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
        self.register_buffer("count", torch.zeros((), dtype=torch.int64))
        self.register_buffer("ema", torch.zeros(6))
        self.empty = nn.Parameter(torch.empty(0, 3))

    def forward(self, x, pair, *, scale=1.0, options):
        with torch.no_grad():
            mean = x.mean(0)
            self.count += 1
            self.ema.mul_(0.9).add_(mean, alpha=0.1)
        b = x.shape[0]
        y = self.norm(self.linear(x)) * self.scale * scale
        first, second = y.split([2, 4], 1)
        top = second.topk(2, dim=1)
        parts = torch.chunk(x, 3, dim=1)
        grown = torch.cat([x.new_zeros(b * 2 + 1, 6), pair[0].repeat(2, 1)], 0)
        sliced = grown[1 : b + 1, ::2] + parts[0].sum(1, keepdim=True) / b
        picked = x[:, torch.tensor([0, 2, 4])] ** 2
        return {
            "y": y,
            "pair": (first, [top.values, top.indices]),
            "size": b * 2,
            "sliced": sliced,
            "picked": picked.to(torch.float64),
            "sum": torch.where(pair[1] > 0, pair[1], options["bias"]).sum(),
            "empty": self.empty,
            "nothing": None,
        }


@network
def forms():
    return Entry(
        Forms(),
        [randn(None, 6), [randn(None, 6), randn(None, 6)]],
        {"scale": const(2.0), "options": {"bias": randn(1)}},
    )


class Branches(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(4, 4), nn.Linear(4, 4)

    def forward(self, x):
        y = torch.cond(x.sum() > 0, lambda x: self.a(x).sin(), lambda x: self.b(x).cos(), (x,))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            z = self.a(y)
        return y, z.float()


@network
def branches():
    return Entry(Branches(), [randn(None, 4)], batches=(4,))


class Narrow(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, dtype=torch.bfloat16)
        self.wide = nn.Linear(4, 3, dtype=torch.float64)

    def forward(self, x):
        x = self.conv(x.to(torch.bfloat16, memory_format=torch.channels_last)).mean((2, 3))
        noise = torch.randn_like(x) + torch.rand(x.shape, dtype=x.dtype)
        return torch.fft.rfft(self.wide((x + noise).double())).abs()


@network
def narrow():
    return Entry(Narrow(), [randn(None, 3, 6, 6)])
