"""DCGAN and multilayer perceptrons, plain and conditional, as PyTorch's example and document 1's placeholders want them."""

import math

import torch
from torch import nn

from zi2zi import normal_init, state


def growing(before, ngf, nc, size):
    doublings = size.bit_length() - 1 - 3
    maps = ngf * 2**doublings
    layers = [nn.ConvTranspose2d(before, maps, 4, 1, 0, bias=False), nn.BatchNorm2d(maps), nn.ReLU(True)]
    for _ in range(doublings):
        layers += [nn.ConvTranspose2d(maps, maps // 2, 4, 2, 1, bias=False), nn.BatchNorm2d(maps // 2), nn.ReLU(True)]
        maps //= 2
    return nn.Sequential(*layers, nn.ConvTranspose2d(maps, nc, 4, 2, 1, bias=False), nn.Tanh())


def shrinking(nc, ndf, size):
    layers, maps = [nn.Conv2d(nc, ndf, 4, 2, 1, bias=False), nn.LeakyReLU(0.2, True)], ndf
    for _ in range(size.bit_length() - 1 - 3):
        layers += [nn.Conv2d(maps, 2 * maps, 4, 2, 1, bias=False), nn.BatchNorm2d(2 * maps), nn.LeakyReLU(0.2, True)]
        maps *= 2
    return layers, maps


class Generator(nn.Module):
    def __init__(self, nz=100, ngf=64, nc=3, size=64):
        super().__init__()
        self.main = growing(nz, ngf, nc, size)

    def forward(self, z):
        return self.main(z.view(z.size(0), -1, 1, 1))


class Discriminator(nn.Module):
    def __init__(self, nc=3, ndf=64, size=64):
        super().__init__()
        layers, maps = shrinking(nc, ndf, size)
        self.main = nn.Sequential(*layers, nn.Conv2d(maps, 1, 4, 1, 0, bias=False))

    def forward(self, x):
        return self.main(x).view(x.size(0), 1)


class ConditionalGenerator(nn.Module):
    def __init__(self, nz=100, ngf=64, nc=3, size=64, classes=10):
        super().__init__()
        self.label_emb = nn.Embedding(classes, classes)
        self.main = growing(nz + classes, ngf, nc, size)

    def forward(self, z, labels):
        return self.main(torch.cat([self.label_emb(labels), z], 1).view(z.size(0), -1, 1, 1))


class ConditionalDiscriminator(nn.Module):
    def __init__(self, nc=3, ndf=64, size=64, classes=10):
        super().__init__()
        layers, maps = shrinking(nc, ndf, size)
        self.main = nn.Sequential(*layers)
        self.binary = nn.Conv2d(maps, 1, 4, 1, 0, bias=False)
        self.category = nn.Conv2d(maps, classes, 4, 1, 0, bias=False)

    def forward(self, x):
        features = self.main(x)
        return self.binary(features).flatten(1), self.category(features).flatten(1)


def painting(before, widths, pixels, eps=1e-5):
    layers = []
    for index, width in enumerate(widths):
        layers += [nn.Linear(before, width)]
        layers += [nn.BatchNorm1d(width, eps)] if index > 0 else []
        layers += [nn.LeakyReLU(0.2, True)]
        before = width
    return nn.Sequential(*layers, nn.Linear(before, pixels), nn.Tanh())


class SimpleGenerator(nn.Module):
    def __init__(self, latent=100, shape=(1, 28, 28), widths=(128, 256, 512, 1024), eps=1e-5):
        super().__init__()
        self.shape = shape
        self.model = painting(latent, widths, math.prod(shape), eps)

    def forward(self, z):
        return self.model(z).view(z.size(0), *self.shape)


class SimpleDiscriminator(nn.Module):
    def __init__(self, shape=(1, 28, 28), widths=(512, 256)):
        super().__init__()
        layers, before = [], math.prod(shape)
        for width in widths:
            layers += [nn.Linear(before, width), nn.LeakyReLU(0.2, True)]
            before = width
        self.model = nn.Sequential(*layers, nn.Linear(before, 1))

    def forward(self, x):
        return self.model(x.flatten(1))


class SimpleConditionalGenerator(nn.Module):
    def __init__(self, latent=100, shape=(1, 28, 28), widths=(128, 256, 512, 1024), classes=10):
        super().__init__()
        self.shape = shape
        self.label_emb = nn.Embedding(classes, classes)
        self.model = painting(latent + classes, widths, math.prod(shape))

    def forward(self, z, labels):
        return self.model(torch.cat([self.label_emb(labels), z], -1)).view(z.size(0), *self.shape)


class SimpleConditionalDiscriminator(nn.Module):
    def __init__(self, shape=(1, 28, 28), widths=(512, 256), classes=10):
        super().__init__()
        layers, before = [], math.prod(shape)
        for index, width in enumerate(widths):
            layers += [nn.Linear(before, width)]
            layers += [nn.BatchNorm1d(width)] if index > 0 else []
            layers += [nn.LeakyReLU(0.2, True)]
            before = width
        self.model = nn.Sequential(*layers)
        self.binary = nn.Linear(before, 1)
        self.category = nn.Linear(before, classes)

    def forward(self, x):
        features = self.model(x.flatten(1))
        return self.binary(features), self.category(features)


def pair_case(generator, discriminator, latent, labels=None, init=lambda net: net):
    def run(steps):
        g, d = init(generator()), init(discriminator())
        z = torch.randn(4, latent)
        given = () if labels is None else (torch.tensor(labels),)
        fake = g(z, *given)
        logits = d(fake)
        logits = logits if isinstance(logits, tuple) else (logits,)
        (first,) = torch.autograd.grad(logits[0].sum(), fake, create_graph=True)
        sum((logit.square().mean() for logit in logits), first.square().sum()).backward()
        g.eval()
        calm = g(z, *given)
        return {"fake": fake, "logits": logits, "first": first, "calm": calm, "g": state(g), "d": state(d)}

    return run


LABELS = [0, 2, 1, 2]

CASES = {
    "dcgan 64": pair_case(lambda: Generator(ngf=4, nz=10), lambda: Discriminator(ndf=4), 10, init=normal_init),
    "dcgan 8": pair_case(lambda: Generator(5, 4, 1, 8), lambda: Discriminator(1, 4, 8), 5, init=normal_init),
    "conditional dcgan 32": pair_case(
        lambda: ConditionalGenerator(10, 4, 1, 32, 3),
        lambda: ConditionalDiscriminator(1, 4, 32, 3),
        10,
        LABELS,
        normal_init,
    ),
    "simple": pair_case(SimpleGenerator, SimpleDiscriminator, 100),
    "simple, PyTorch-GAN's eps": pair_case(lambda: SimpleGenerator(eps=0.8), SimpleDiscriminator, 100),
    "simple conditional": pair_case(
        lambda: SimpleConditionalGenerator(8, (1, 5, 4), (6, 7), 3),
        lambda: SimpleConditionalDiscriminator((1, 5, 4), (7, 6), 3),
        8,
        LABELS,
    ),
}
