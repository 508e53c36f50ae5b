"""The networks of zi2zi's TensorFlow original in PyTorch: its padding SAME, its kinds of layers, its weights at the start."""

import torch
from torch import nn
from torch.nn import functional as F

from zi2zi import state


def halved(layer, x):
    return layer(F.pad(x, (1, 2, 1, 2)))


def doubled(layer, x):
    return layer(x)[:, :, : 2 * x.size(2), : 2 * x.size(3)]


def tensorflow_init(net):
    def draw(layer):
        if isinstance(layer, nn.Embedding):
            nn.init.normal_(layer.weight, 0.0, 0.01)
        elif isinstance(layer, nn.Conv2d):
            nn.init.trunc_normal_(layer.weight, 0.0, 0.02, -0.04, 0.04)
            nn.init.zeros_(layer.bias)
        elif isinstance(layer, (nn.ConvTranspose2d, nn.Linear)):
            nn.init.normal_(layer.weight, 0.0, 0.02)
            nn.init.zeros_(layer.bias)

    return net.apply(draw)


class TensorFlowGenerator(nn.Module):
    def __init__(self, nc=3, size=256, ngf=64, styles=40, style_dim=128, dropout=True):
        super().__init__()
        self.levels, self.dropout = size.bit_length() - 1, dropout
        maps = [nc] + [ngf * min(2**i, 8) for i in range(self.levels)]
        self.embedder = nn.Embedding(styles, style_dim)
        for i in range(1, self.levels + 1):
            self.add_module(f"g_e{i}_conv", nn.Conv2d(maps[i - 1], maps[i], 5, stride=2))
            if i > 1:
                self.add_module(f"g_e{i}_bn", nn.BatchNorm2d(maps[i]))
        for i in range(1, self.levels + 1):
            inside, outside = maps[self.levels - i + 1], maps[self.levels - i]
            beside = style_dim if i == 1 else inside
            self.add_module(f"g_d{i}_deconv", nn.ConvTranspose2d(inside + beside, outside, 5, stride=2, padding=1))
            if i < self.levels:
                self.add_module(f"g_d{i}_bn", nn.BatchNorm2d(outside))

    def forward(self, x, style=None):
        part = self.get_submodule
        seen = [halved(part("g_e1_conv"), x)]
        for i in range(2, self.levels + 1):
            seen.append(part(f"g_e{i}_bn")(halved(part(f"g_e{i}_conv"), F.leaky_relu(seen[-1], 0.2))))
        code = seen.pop()
        if style is None:
            return code.flatten(1)
        if not style.is_floating_point():
            style = self.embedder(style)
        y = torch.cat([code, style[:, :, None, None]], 1)
        for i in range(1, self.levels):
            y = part(f"g_d{i}_bn")(doubled(part(f"g_d{i}_deconv"), F.relu(y)))
            if self.dropout and i <= 3:
                y = F.dropout(y, 0.5, self.training)
            y = torch.cat([y, seen.pop()], 1)
        return torch.tanh(doubled(part(f"g_d{self.levels}_deconv"), F.relu(y))), code.flatten(1)


class TensorFlowDiscriminator(nn.Module):
    def __init__(self, nc=6, size=256, ndf=64, styles=40):
        super().__init__()
        self.d_h0_conv = nn.Conv2d(nc, ndf, 5, stride=2)
        self.d_h1_conv = nn.Conv2d(ndf, ndf * 2, 5, stride=2)
        self.d_bn_1 = nn.BatchNorm2d(ndf * 2)
        self.d_h2_conv = nn.Conv2d(ndf * 2, ndf * 4, 5, stride=2)
        self.d_bn_2 = nn.BatchNorm2d(ndf * 4)
        self.d_h3_conv = nn.Conv2d(ndf * 4, ndf * 8, 5, padding=2)
        self.d_bn_3 = nn.BatchNorm2d(ndf * 8)
        features = ndf * 8 * (size // 8) ** 2
        self.d_fc1 = nn.Linear(features, 1)
        self.d_fc2 = nn.Linear(features, styles)

    def forward(self, x):
        x = F.leaky_relu(halved(self.d_h0_conv, x), 0.2)
        x = F.leaky_relu(self.d_bn_1(halved(self.d_h1_conv, x)), 0.2)
        x = F.leaky_relu(self.d_bn_2(halved(self.d_h2_conv, x)), 0.2)
        x = F.leaky_relu(self.d_bn_3(self.d_h3_conv(x)), 0.2).flatten(1)
        return self.d_fc1(x), self.d_fc2(x)


def generator_case(size=32, nc=1, style=None, dropout=True):
    def run(steps):
        net = tensorflow_init(TensorFlowGenerator(nc, size, 4, styles=5, style_dim=8, dropout=dropout))
        images = torch.randn(3, nc, size, size, requires_grad=True)
        labels = torch.tensor([0, 4, 2]) if style is None else torch.randn(3, 8, requires_grad=True)
        fake, code = net(images, labels)
        again = net(fake)
        (fake.square().mean() + (again - code).square().mean()).backward()
        net.eval()
        calm, _ = net(images, labels)
        out = {"fake": fake, "code": code, "again": again, "calm": calm, "grad of images": images.grad, "net": state(net)}
        return out if style is None else {**out, "grad of style": labels.grad}

    return run


def discriminator_case(size=32):
    def run(steps):
        net = tensorflow_init(TensorFlowDiscriminator(2, size, 4, styles=5))
        pairs = torch.randn(3, 2, size, size, requires_grad=True)
        real, kind = net(pairs)
        (real.square().mean() + kind.square().mean()).backward()
        return {"logits": real, "styles": kind, "grad of pairs": pairs.grad, "net": state(net)}

    return run


CASES = {
    "generator": generator_case(),
    "generator 128, three channels": generator_case(128, nc=3),
    "generator without dropout, free style": generator_case(style="free", dropout=False),
    "discriminator": discriminator_case(),
    "discriminator of 40": discriminator_case(40),
}
