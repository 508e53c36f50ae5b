"""zi2zi's networks as its PyTorch ports build them: a U-Net with a style embedding, and a discriminator of pairs."""

import torch
from torch import nn


def normal_init(net, std=0.02):
    def draw(layer):
        if isinstance(layer, nn.BatchNorm2d):
            nn.init.normal_(layer.weight, 1.0, std)
            nn.init.constant_(layer.bias, 0.0)
        elif isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            nn.init.normal_(layer.weight, 0.0, std)
            if layer.bias is not None:
                nn.init.constant_(layer.bias, 0.0)

    return net.apply(draw)


class Block(nn.Module):
    def __init__(self, outer, inner, submodule=None, images=None, style=None, dropout=False):
        super().__init__()
        self.outermost = images is not None
        self.innermost = submodule is None
        down = nn.Conv2d(outer if images is None else images, inner, 4, stride=2, padding=1, bias=False)
        before = inner + (style if self.innermost else inner)
        up = nn.ConvTranspose2d(before, outer, 4, stride=2, padding=1, bias=self.outermost)
        self.submodule = submodule
        if self.outermost:
            downs, ups = [down], [nn.ReLU(True), up, nn.Tanh()]
        else:
            downs = [nn.LeakyReLU(0.2, True), down]
            if not self.innermost:
                downs.append(nn.BatchNorm2d(inner))
            ups = [nn.ReLU(True), up, nn.BatchNorm2d(outer)]
            if dropout:
                ups.append(nn.Dropout(0.5))
        self.down = nn.Sequential(*downs)
        self.up = nn.Sequential(*ups)

    def forward(self, x, style=None):
        encoded = self.down(x)
        if style is None:
            return encoded if self.innermost else self.submodule(encoded)
        if self.innermost:
            shaped = style.view(style.shape[0], style.shape[1], 1, 1)
            y = self.up(torch.cat([shaped, encoded], 1))
            return torch.cat([x, y], 1), encoded.view(x.shape[0], -1)
        inside, code = self.submodule(encoded, style)
        y = self.up(inside)
        return (y if self.outermost else torch.cat([x, y], 1)), code


class Generator(nn.Module):
    def __init__(self, nc=3, size=256, ngf=64, styles=40, style_dim=128, dropout=True):
        super().__init__()
        wide = 8 * ngf
        block = Block(wide, wide, style=style_dim)
        for _ in range(size.bit_length() - 1 - 5):
            block = Block(wide, wide, block, dropout=dropout)
        for outer in (4 * ngf, 2 * ngf, ngf):
            block = Block(outer, 2 * outer, block)
        self.model = Block(nc, ngf, block, images=nc)
        self.embedder = nn.Embedding(styles, style_dim)

    def forward(self, x, style=None):
        if style is None:
            return self.model(x)
        return self.model(x, style if style.is_floating_point() else self.embedder(style))


class Discriminator(nn.Module):
    def __init__(self, nc=6, size=256, ndf=64, styles=40, kernel=5, norm=nn.BatchNorm2d, spectral=False):
        super().__init__()
        limited = nn.utils.spectral_norm if spectral else lambda layer: layer
        pad = 2 if kernel == 5 else 1
        bias = norm is not nn.BatchNorm2d
        layers = [limited(nn.Conv2d(nc, ndf, kernel, stride=2, padding=pad)), nn.LeakyReLU(0.2, True)]
        maps = ndf
        for _ in range(2 if kernel == 5 else 3):
            layers += [limited(nn.Conv2d(maps, 2 * maps, kernel, stride=2, padding=pad, bias=bias)), norm(2 * maps)]
            layers += [nn.LeakyReLU(0.2, True)]
            maps *= 2
        layers += [limited(nn.Conv2d(maps, 8 * ndf, kernel, stride=1, padding=pad, bias=bias)), norm(8 * ndf)]
        layers += [nn.LeakyReLU(0.2, True)]
        layers += [limited(nn.Conv2d(8 * ndf, 1, kernel, stride=1, padding=pad))]
        self.model = nn.Sequential(*layers)
        features = (-(-size // 8)) ** 2 if kernel == 5 else (size // 16 - 2) ** 2
        self.binary = limited(nn.Linear(features, 1))
        self.catagory = limited(nn.Linear(features, styles))

    def forward(self, x):
        features = self.model(x).view(x.shape[0], -1)
        return self.binary(features), self.catagory(features)


def state(net):
    return {**net.state_dict(), **{f"grad of {name}": p.grad for name, p in net.named_parameters()}}


def generator_case(size=32, ngf=4, nc=1, style=None, dropout=True):
    def run(steps):
        net = normal_init(Generator(nc, size, ngf, styles=5, style_dim=8, dropout=dropout))
        images = torch.randn(3, nc, size, size, requires_grad=True)
        labels = torch.tensor([0, 4, 2]) if style is None else torch.randn(3, 8, requires_grad=True)
        fake, code = net(images, labels)
        again = net(fake).view(3, -1)
        (fake.square().mean() + (again - code).square().mean()).backward()
        net.eval()
        calm, _ = net(images, labels)
        out = {"fake": fake, "code": code, "again": again, "calm": calm, "grad of images": images.grad, "net": state(net)}
        return out if style is None else {**out, "grad of style": labels.grad}

    return run


def discriminator_case(size=32, ndf=4, **options):
    def run(steps):
        net = normal_init(Discriminator(2, size, ndf, styles=5, **options))
        pairs = torch.randn(3, 2, size, size, requires_grad=True)
        real, kind = net(pairs)
        (grad,) = torch.autograd.grad(real.sum(), pairs, create_graph=True)
        (real.square().mean() + kind.square().mean() + grad.square().sum()).backward()
        return {"logits": real, "styles": kind, "first": grad, "grad of pairs": pairs.grad, "net": state(net)}

    return run


CASES = {
    "generator 32": generator_case(),
    "generator 64, dropout in one block": generator_case(size=64),
    "generator 256, three channels": generator_case(size=256, ngf=2, nc=3),
    "generator without dropout, free style": generator_case(style="free", dropout=False, size=64),
    "discriminator": discriminator_case(),
    "discriminator of an odd size": discriminator_case(size=36),
    "discriminator, kernel 4": discriminator_case(size=64, kernel=4),
    "discriminator, instance norm": discriminator_case(norm=nn.InstanceNorm2d),
    "discriminator, spectral norm": discriminator_case(norm=nn.InstanceNorm2d, spectral=True),
}
