"""max32002's generator of zi2zi: additive skip connections, PixelShuffle, self-attention, and an encoding of two levels."""

import math

import torch
from torch import nn
from torch.nn import functional as F

from zi2zi import normal_init, state


class Attention(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.query_conv = nn.Conv2d(maps, maps // 8, 1)
        self.key_conv = nn.Conv2d(maps, maps // 8, 1)
        self.value_conv = nn.Conv2d(maps, maps, 1)
        self.gamma = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        n, c, h, w = x.shape
        query = self.query_conv(x).view(n, -1, h * w).permute(0, 2, 1)
        key = self.key_conv(x).view(n, -1, h * w)
        weights = F.softmax(torch.bmm(query, key) / math.sqrt(query.size(-1)), dim=-1)
        value = self.value_conv(x).view(n, c, h * w)
        mixed = torch.bmm(value, weights.permute(0, 2, 1)).view(n, c, h, w)
        return self.gamma * mixed + x


class Level(nn.Module):
    def __init__(self, outer, inner, submodule=None, images=None, style=0, norm=None, dropout=False, attention=False, second=False):
        super().__init__()
        self.outermost, self.second = images is not None, second
        bias = norm is not nn.BatchNorm2d
        down = nn.Conv2d(outer if images is None else images, inner, 4, stride=2, padding=1, bias=bias)
        self.att = Attention(inner) if attention else None
        up = nn.Conv2d(inner + style, outer * 4, 3, padding=1, bias=bias or self.outermost)
        self.submodule = submodule
        if self.outermost:
            downs, ups = [down], [nn.ReLU(True), up, nn.PixelShuffle(2), nn.Tanh()]
        else:
            downs = [nn.LeakyReLU(0.2, True), down] + ([norm(inner)] if submodule else [])
            ups = [nn.ReLU(True), up, nn.PixelShuffle(2), norm(outer)] + ([nn.Dropout(0.5)] if dropout else [])
        self.down, self.up = nn.Sequential(*downs), nn.Sequential(*ups)

    def forward(self, x, style):
        small = self.down(x)
        if self.att is not None:
            small = self.att(small)
        if self.submodule is None:
            shown = style.view(*style.shape, 1, 1).expand(-1, -1, small.size(2), small.size(3))
            return x + self.up(torch.cat([shown, small], 1)), small, None
        inside, deepest, second = self.submodule(small, style)
        if self.second:
            second = small
        y = self.up(inside)
        return (y if self.outermost else x + y), deepest, second


class PixelShuffleGenerator(nn.Module):
    def __init__(self, nc=1, downs=8, ngf=64, styles=40, style_dim=128, norm=nn.InstanceNorm2d, dropout=True):
        super().__init__()
        self.embedder = nn.Embedding(styles, style_dim)
        wide = 8 * ngf
        level = Level(wide, wide, style=style_dim, norm=norm)
        for _ in range(downs - 6):
            level = Level(wide, wide, level, norm=norm, dropout=dropout)
        level = Level(wide, wide, level, norm=norm, dropout=dropout, second=True)
        level = Level(4 * ngf, wide, level, norm=norm, attention=True)
        level = Level(2 * ngf, 4 * ngf, level, norm=norm, attention=True)
        level = Level(ngf, 2 * ngf, level, norm=norm)
        self.model = Level(nc, ngf, level, images=nc, norm=norm)

    def forward(self, x, style):
        out, deepest, second = self.model(x, style if style.is_floating_point() else self.embedder(style))
        if second.shape[2:] != deepest.shape[2:]:
            second = F.interpolate(second, size=tuple(deepest.shape[2:]), mode="nearest")
        return out, torch.cat([deepest, second], dim=1)


def case(size=64, downs=6, ngf=2, nc=1, free=False, **options):
    def run(steps):
        net = normal_init(PixelShuffleGenerator(nc, downs, ngf, styles=5, style_dim=8, **options))
        with torch.no_grad():
            for name, parameter in net.named_parameters():
                if name.endswith("gamma"):
                    parameter.fill_(0.5)
        images = torch.randn(2, nc, size, size, requires_grad=True)
        style = torch.randn(2, 8, requires_grad=True) if free else torch.tensor([4, 1])
        fake, code = net(images, style)
        (fake.square().mean() + code.abs().mean()).backward()
        net.eval()
        calm, still = net(images, style)
        out = {"fake": fake, "code": code, "calm": calm, "still": still, "grad of images": images.grad, "net": state(net)}
        return {**out, "grad of style": style.grad} if free else out

    return run


CASES = {
    "64": case(),
    "128, three channels": case(size=128, downs=7, nc=3),
    "192: the innermost maps have three places across": case(size=192),
    "free styles, no dropout": case(free=True, dropout=False),
    "batch norm": case(norm=nn.BatchNorm2d),
}
