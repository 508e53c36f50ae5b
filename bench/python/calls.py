"""The everyday calls of bench/calls.mjs, in Python, by the same names."""

import torch
import torch.nn.functional as F


def randn(on, *shapes):
    return [torch.randn(*shape, **on) for shape in shapes]


def total(on):
    (x,) = randn(on, (2, 3, 4))
    return lambda: x.sum((1, 2), keepdim=True)


def mean(on):
    (x,) = randn(on, (2, 3, 4))
    return lambda: x.mean(1, dtype=torch.float64)


def cat(on):
    a, b = randn(on, (2, 3), (2, 3))
    return lambda: torch.cat([a, b], dim=1)


def stack(on):
    a, b = randn(on, (2, 3), (2, 3))
    return lambda: torch.stack([a, b], dim=1)


def chunk(on):
    (x,) = randn(on, (4, 6))
    return lambda: x.chunk(2, dim=1)


def permute(on):
    (x,) = randn(on, (2, 3, 4))
    return lambda: x.permute(2, 0, 1)


def conv2d(on):
    x, w, b = randn(on, (1, 3, 8, 8), (4, 3, 3, 3), (4,))
    return lambda: F.conv2d(x, w, b, stride=2, padding=1)


def batch_norm(on):
    x, mean, variance = torch.randn(4, 3, **on), torch.zeros(3, **on), torch.ones(3, **on)
    w, b = torch.ones(3, **on), torch.zeros(3, **on)
    return lambda: F.batch_norm(x, mean, variance, w, b, training=True, momentum=0.1)


def layer_norm(on):
    x, w, b = torch.randn(4, 8, **on), torch.ones(8, **on), torch.zeros(8, **on)
    return lambda: F.layer_norm(x, [8], weight=w, bias=b, eps=1e-5)


def softmax(on):
    (x,) = randn(on, (4, 8))
    return lambda: F.softmax(x, dim=1)


def cross_entropy(on):
    (x,) = randn(on, (4, 8))
    target = torch.tensor([1, 2, 3, 0], **on)
    return lambda: F.cross_entropy(x, target, label_smoothing=0.1)


def index_select(on):
    (x,) = randn(on, (4, 8))
    index = torch.tensor([0, 2], **on)
    return lambda: x.index_select(1, index)


def gather(on):
    (x,) = randn(on, (4, 8))
    index = torch.zeros(4, 2, dtype=torch.int64, **on)
    return lambda: x.gather(1, index)


def where(on):
    (x,) = randn(on, (4, 4))
    condition = x > 0
    return lambda: torch.where(condition, x, 0)


def clamp(on):
    (x,) = randn(on, (4, 4))
    return lambda: x.clamp(min=-1, max=1)


def maximum(on):
    (x,) = randn(on, (4, 4))
    return lambda: x.max(1, keepdim=True)


def topk(on):
    (x,) = randn(on, (4, 8))
    return lambda: x.topk(3, dim=1)


def bmm(on):
    a, b = randn(on, (2, 3, 4), (2, 4, 5))
    return lambda: torch.bmm(a, b)


def addmm(on):
    c, a, b = randn(on, (3, 5), (3, 4), (4, 5))
    return lambda: torch.addmm(c, a, b, beta=0.5, alpha=2)


def einsum(on):
    a, b = randn(on, (3, 4), (4, 5))
    return lambda: torch.einsum("ij,jk->ik", a, b)


def interpolate(on):
    (x,) = randn(on, (1, 3, 4, 4))
    return lambda: F.interpolate(x, scale_factor=2, mode="nearest")


def pad(on):
    (x,) = randn(on, (1, 3, 4, 4))
    return lambda: F.pad(x, (1, 1, 1, 1), mode="reflect")


def arange(on):
    return lambda: torch.arange(0, 10, 2, dtype=torch.float32, **on)


def zeros_like(on):
    (x,) = randn(on, (4, 4))
    return lambda: torch.zeros_like(x, dtype=torch.int64)


def to(on):
    (x,) = randn(on, (4, 4))
    return lambda: x.to(torch.float64)


def item(on):
    x = torch.randn([], **on)
    return lambda: x.item()


CALLS = {
    **{
        make.__name__: make
        for make in (
            mean, cat, stack, chunk, permute, conv2d, batch_norm, layer_norm, softmax, cross_entropy, index_select, gather,
            where, clamp, topk, bmm, addmm, einsum, interpolate, pad, arange, zeros_like, to, item,
        )
    },
    "sum": total,
    "max": maximum,
}  # fmt: skip
