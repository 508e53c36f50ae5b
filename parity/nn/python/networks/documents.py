"""Networks of the five documents, small."""

import math

import torch
from torch import nn
from torch.nn import functional as F

from . import Entry, network, randint, randn


# Document 0: generator and discriminator with modulated convolutions.
class EqualLinear(nn.Module):
    def __init__(self, cin, cout, lr=0.1):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.randn(cout, cin)), nn.Parameter(torch.zeros(cout))
        self.lr = lr

    def forward(self, x):
        return F.linear(x, self.weight * self.lr, bias=self.bias * self.lr)


class StyleVectorizer(nn.Module):
    def __init__(self, latent=16, depth=4):
        super().__init__()
        layers = [layer for _ in range(depth) for layer in (EqualLinear(latent, latent), nn.LeakyReLU(0.2, True))]
        self.net = nn.Sequential(*layers)

    def forward(self, x):
        return self.net(F.normalize(x, dim=1))


class Conv2DMod(nn.Module):
    def __init__(self, cin, cout, kernel, demod=True):
        super().__init__()
        self.weight = nn.Parameter(nn.init.kaiming_normal_(torch.empty(cout, cin, kernel, kernel), a=0, mode="fan_in"))
        self.demod, self.kernel = demod, kernel

    def forward(self, x, y):
        b, c, h, w = x.shape
        weights = self.weight[None] * (y[:, None, :, None, None] + 1)
        if self.demod:
            weights = weights * torch.rsqrt((weights**2).sum(dim=(2, 3, 4), keepdim=True) + 1e-8)
        x = x.reshape(1, -1, h, w)
        weights = weights.reshape(b * self.weight.shape[0], *weights.shape[2:])
        x = F.conv2d(x, weights, padding=self.kernel // 2, groups=b)
        return x.reshape(b, self.weight.shape[0], h, w)


class Blur(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("f", torch.tensor([1.0, 2.0, 1.0]))

    def forward(self, x):
        kernel = self.f[None, :] * self.f[:, None]
        c = x.shape[1]
        kernel = (kernel / kernel.sum()).expand(c, 1, 3, 3)
        return F.conv2d(F.pad(x, (1, 1, 1, 1), mode="reflect"), kernel, groups=c)


class GeneratorBlock(nn.Module):
    def __init__(self, latent, cin, cout, upsample, last):
        super().__init__()
        self.upsample = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=False) if upsample else None
        self.style1, self.noise1, self.conv1 = nn.Linear(latent, cin), nn.Linear(1, cout), Conv2DMod(cin, cout, 3)
        self.style2, self.noise2, self.conv2 = nn.Linear(latent, cout), nn.Linear(1, cout), Conv2DMod(cout, cout, 3)
        self.to_rgb, self.rgb_style = Conv2DMod(cout, 3, 1, demod=False), nn.Linear(latent, cout)
        self.rgb_up = None if last else nn.Sequential(nn.Upsample(scale_factor=2, mode="bilinear", align_corners=False), Blur())
        self.activation = nn.LeakyReLU(0.2, True)

    def forward(self, x, rgb, style, noise):
        if self.upsample is not None:
            x = self.upsample(x)
        noise = noise[:, : x.shape[2], : x.shape[3], :]
        x = self.conv1(x, self.style1(style))
        x = self.activation(x + self.noise1(noise).permute((0, 3, 2, 1)))
        x = self.conv2(x, self.style2(style))
        x = self.activation(x + self.noise2(noise).permute((0, 3, 2, 1)))
        out = self.to_rgb(x, self.rgb_style(style))
        rgb = out if rgb is None else rgb + out
        return x, rgb if self.rgb_up is None else self.rgb_up(rgb)


class Generator0(nn.Module):
    def __init__(self, latent=16, size=16):
        super().__init__()
        count = int(math.log2(size) - 1)
        filters = [4 * 2 ** (i + 1) for i in range(count)][::-1]
        self.initial = nn.Parameter(torch.randn(1, filters[0], 4, 4))
        self.conv = nn.Conv2d(filters[0], filters[0], 3, padding=1)
        pairs = zip([filters[0], *filters[:-1]], filters)
        self.blocks = nn.ModuleList(
            GeneratorBlock(latent, i, o, index > 0, index == count - 1) for index, (i, o) in enumerate(pairs)
        )

    def forward(self, styles, noise):
        x = self.conv(self.initial.expand(styles.shape[0], -1, -1, -1))
        rgb = None
        for style, block in zip(styles.transpose(0, 1), self.blocks):
            x, rgb = block(x, rgb, style, noise)
        return rgb


class Discriminator0(nn.Module):
    def __init__(self, size=16):
        super().__init__()
        filters = [3, 8, 16, 32]
        self.res = nn.ModuleList(nn.Conv2d(i, o, 1, stride=2) for i, o in zip(filters, filters[1:]))
        self.net = nn.ModuleList(
            nn.Sequential(nn.Conv2d(i, o, 3, padding=1), nn.LeakyReLU(0.2, True), nn.Conv2d(o, o, 3, padding=1), nn.LeakyReLU(0.2, True))
            for i, o in zip(filters, filters[1:])
        )
        self.down = nn.ModuleList(nn.Sequential(Blur(), nn.Conv2d(o, o, 3, padding=1, stride=2)) for o in filters[1:])
        self.final, self.logit = nn.Conv2d(32, 32, 3, padding=1), nn.Linear(2 * 2 * 32, 1)

    def forward(self, x):
        for res, net, down in zip(self.res, self.net, self.down):
            x = (down(net(x)) + res(x)) * (1 / math.sqrt(2))
        return self.logit(self.final(x).flatten(1)).squeeze()


@network
def document0_s():
    return Entry(StyleVectorizer(), [randn(None, 16)])


@network
def document0_g():
    return Entry(Generator0(), [randn(None, 3, 16), randn(None, 16, 16, 1)])


@network
def document0_d():
    return Entry(Discriminator0(), [randn(None, 3, 16, 16)])


# Document 1: a discriminator with a second head, and the U-Net of zi2zi.
class Discriminator1(nn.Module):
    def __init__(self, categories=10, channels=8):
        super().__init__()
        sizes = [3, channels, channels * 2, channels * 4]
        layers = []
        for i, o in zip(sizes, sizes[1:]):
            layers += [nn.Conv2d(i, o, 5, 2, 2, bias=i == 3)] + ([] if i == 3 else [nn.BatchNorm2d(o)]) + [nn.LeakyReLU(0.2, True)]
        self.model = nn.Sequential(*layers)
        self.binary, self.category = nn.Linear(sizes[-1] * 16, 1), nn.Linear(sizes[-1] * 16, categories)

    def forward(self, x):
        features = self.model(x).reshape(x.shape[0], -1)
        return self.binary(features), self.category(features)


class Skip(nn.Module):
    def __init__(self, outer, inner, cin=None, inside=None, outermost=False, innermost=False, embedding=16):
        super().__init__()
        down = nn.Conv2d(cin or outer, inner, 4, 2, 1, bias=False)
        relu = nn.LeakyReLU(0.2, True)
        self.innermost, self.outermost, self.inside = innermost, outermost, inside
        if outermost:
            self.down = down
            self.up = nn.Sequential(nn.ReLU(), nn.ConvTranspose2d(inner * 2, outer, 4, 2, 1), nn.Tanh())
        elif innermost:
            self.down = nn.Sequential(relu, down)
            self.up = nn.Sequential(nn.ReLU(), nn.ConvTranspose2d(inner + embedding, outer, 4, 2, 1, bias=False), nn.BatchNorm2d(outer))
        else:
            self.down = nn.Sequential(relu, down, nn.BatchNorm2d(inner))
            up = nn.ConvTranspose2d(inner * 2, outer, 4, 2, 1, bias=False)
            self.up = nn.Sequential(nn.ReLU(), up, nn.BatchNorm2d(outer), nn.Dropout(0.5))

    def forward(self, x, style):
        encoded = self.down(x)
        if self.innermost:
            middle = torch.cat([style.reshape(x.shape[0], -1, 1, 1), encoded], 1)
            return torch.cat([x, self.up(middle)], 1), encoded.reshape(x.shape[0], -1)
        inner, encoded = self.inside(encoded, style)
        up = self.up(inner)
        return (up, encoded) if self.outermost else (torch.cat([x, up], 1), encoded)


class Generator1(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedder = nn.Embedding(10, 16)
        inner = Skip(16, 16, innermost=True)
        middle = Skip(8, 16, inside=Skip(16, 16, inside=inner))
        self.model = Skip(1, 8, cin=1, inside=middle, outermost=True)

    def forward(self, x, labels):
        return self.model(x, self.embedder(labels))


@network
def document1_g():
    return Entry(Generator1(), [randn(None, 1, 16, 16), randint(10, None)])


@network
def document1_d():
    return Entry(Discriminator1(), [randn(None, 3, 32, 32)])


# Document 2: BicycleGAN's U-Net with the code at every level, its encoder, and its discriminators at two scales.
class AddAll(nn.Module):
    def __init__(self, cin, outer, inner, inside=None, code=4):
        super().__init__()
        self.down = nn.Conv2d(cin + code, inner, 4, 2, 1)
        self.inside = inside
        self.up = nn.ConvTranspose2d(inner * (1 if inside is None else 2), outer, 4, 2, 1)
        self.norm_down, self.norm_up = nn.InstanceNorm2d(inner), nn.BatchNorm2d(outer)
        self.outermost = False

    def forward(self, x, z):
        tiled = z.reshape(z.shape[0], z.shape[1], 1, 1).expand(-1, -1, x.shape[2], x.shape[3])
        down = self.down(torch.cat([x, tiled], 1))
        inner = F.relu(down) if self.inside is None else self.inside(F.leaky_relu(self.norm_down(down), 0.2), z)
        up = self.up(F.relu(inner))
        return torch.tanh(up) if self.outermost else torch.cat([self.norm_up(up), x], 1)


class Encoder2(nn.Module):
    def __init__(self, code=4):
        super().__init__()
        self.first = nn.Conv2d(3, 8, 4, 2, 1)
        self.conv1 = nn.Sequential(nn.LeakyReLU(0.2), nn.Conv2d(8, 8, 3, padding=1), nn.LeakyReLU(0.2), nn.Conv2d(8, 16, 3, padding=1), nn.AvgPool2d(2))
        self.short = nn.Sequential(nn.AvgPool2d(2), nn.Conv2d(8, 16, 1))
        self.mu, self.logvar = nn.Linear(16, code), nn.Linear(16, code)

    def forward(self, x):
        x = self.first(x)
        x = F.leaky_relu(self.conv1(x) + self.short(x), 0.2)
        x = F.avg_pool2d(x, 8).flatten(1)
        mu, logvar = self.mu(x), self.logvar(x)
        return mu + torch.randn_like(mu) * (0.5 * logvar).exp(), mu, logvar


class MultiScale(nn.Module):
    def __init__(self):
        super().__init__()
        self.models = nn.ModuleList(
            nn.Sequential(nn.Conv2d(3, n, 4, 2, 1), nn.LeakyReLU(0.2, True), nn.Conv2d(n, n * 2, 4, 1, 1, bias=False), nn.InstanceNorm2d(n * 2), nn.LeakyReLU(0.2, True), nn.Conv2d(n * 2, 1, 4, 1, 1))
            for n in (8, 4)
        )
        self.down = nn.AvgPool2d(3, 2, 1, count_include_pad=False)

    def forward(self, x):
        return [self.models[0](x), self.models[1](self.down(x))]


@network
def document2_g():
    model = AddAll(3, 3, 8, AddAll(8, 8, 16, AddAll(16, 16, 16)))
    model.outermost = True
    return Entry(model, [randn(None, 3, 16, 16), randn(None, 4)])


@network
def document2_e():
    return Entry(Encoder2(), [randn(None, 3, 32, 32)])


@network
def document2_d():
    return Entry(MultiScale(), [randn(None, 3, 32, 32)])


# Document 3: StyleGAN's mapping, synthesis and discriminator.
class Equalised(nn.Module):
    def __init__(self, cin, cout, kernel=None, gain=math.sqrt(2), lrmul=1.0):
        super().__init__()
        shape = (cout, cin) if kernel is None else (cout, cin, kernel, kernel)
        self.weight = nn.Parameter(torch.randn(shape) / lrmul)
        self.bias = nn.Parameter(torch.zeros(cout))
        self.scale = gain / math.sqrt(math.prod(shape[1:])) * lrmul
        self.lrmul, self.kernel = lrmul, kernel

    def forward(self, x):
        weight, bias = self.weight * self.scale, self.bias * self.lrmul
        return F.linear(x, weight, bias) if self.kernel is None else F.conv2d(x, weight, bias, padding=self.kernel // 2)


class Mapping(nn.Module):
    def __init__(self, latent=16, layers=4):
        super().__init__()
        self.layers = nn.ModuleList(Equalised(latent, latent, lrmul=0.01) for _ in range(layers))

    def forward(self, z):
        x = z * torch.rsqrt(z.square().mean(1, keepdim=True) + 1e-8)
        for layer in self.layers:
            x = F.leaky_relu(layer(x), 0.2)
        return x[:, None].expand(-1, 6, -1)


class Epilogue(nn.Module):
    def __init__(self, channels, latent):
        super().__init__()
        self.noise = nn.Parameter(torch.zeros(channels))
        self.style = Equalised(latent, channels * 2, gain=1.0)

    def forward(self, x, w):
        noise = torch.randn(x.shape[0], 1, x.shape[2], x.shape[3], dtype=x.dtype)
        x = F.leaky_relu(x + noise * self.noise.reshape(1, -1, 1, 1), 0.2)
        x = x - x.mean((2, 3), keepdim=True)
        x = x * torch.rsqrt(x.square().mean((2, 3), keepdim=True) + 1e-8)
        s = self.style(w).reshape(-1, 2, x.shape[1], 1, 1)
        return x * (s[:, 0] + 1) + s[:, 1]


class Synthesis(nn.Module):
    def __init__(self, latent=16, channels=(16, 16, 8)):
        super().__init__()
        self.const = nn.Parameter(torch.ones(1, channels[0], 4, 4))
        self.first = nn.ModuleList([Epilogue(channels[0], latent), Equalised(channels[0], channels[0], 3), Epilogue(channels[0], latent)])
        self.ups = nn.ModuleList(Equalised(i, o, 3) for i, o in zip(channels, channels[1:]))
        self.convs = nn.ModuleList(Equalised(o, o, 3) for o in channels[1:])
        self.epilogues = nn.ModuleList(Epilogue(o, latent) for o in channels[1:] for _ in range(2))
        self.rgb = Equalised(channels[-1], 3, 1, gain=1.0)
        self.register_buffer("blur", torch.tensor([1.0, 2.0, 1.0])[:, None] * torch.tensor([1.0, 2.0, 1.0]) / 16)

    def forward(self, w):
        x = self.first[0](self.const.expand(w.shape[0], -1, -1, -1), w[:, 0])
        x = self.first[2](self.first[1](x), w[:, 1])
        for i, (up, conv) in enumerate(zip(self.ups, self.convs)):
            x = up(F.interpolate(x, scale_factor=2, mode="nearest"))
            x = F.conv2d(x, self.blur.expand(x.shape[1], 1, 3, 3), padding=1, groups=x.shape[1])
            x = self.epilogues[2 * i](x, w[:, 2 * i + 2])
            x = self.epilogues[2 * i + 1](conv(x), w[:, 2 * i + 3])
        return self.rgb(x)


class Discriminator3(nn.Module):
    def __init__(self, group=4):
        super().__init__()
        self.rgb, self.conv, self.down = Equalised(3, 8, 1), Equalised(8, 8, 3), Equalised(8, 16, 3)
        self.last, self.dense, self.out = Equalised(17, 16, 3), Equalised(256, 16), Equalised(16, 1, gain=1.0)
        self.group = group

    def forward(self, x):
        x = F.leaky_relu(self.conv(F.leaky_relu(self.rgb(x), 0.2)), 0.2)
        x = F.leaky_relu(F.avg_pool2d(self.down(x), 2), 0.2)
        n, c, h, w = x.shape
        y = x.reshape(self.group, -1, c, h, w)
        y = y - y.mean(0, keepdim=True)
        y = (y.square().mean(0) + 1e-8).sqrt().mean((1, 2, 3), keepdim=True)
        x = torch.cat([x, y.repeat(self.group, 1, h, w)], 1)
        return self.out(F.leaky_relu(self.dense(F.leaky_relu(self.last(x), 0.2).flatten(1)), 0.2))


@network
def document3_mapping():
    return Entry(Mapping(), [randn(None, 16)])


@network
def document3_g():
    return Entry(Synthesis(), [randn(None, 6, 16)])


@network
def document3_d():
    return Entry(Discriminator3(), [randn(None, 3, 8, 8)], batches=(4,))


# Document 4: generator and discriminator with batch normalisation.
@network
def document4_g():
    layers = [nn.Linear(8, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 16), nn.Tanh()]
    return Entry(nn.Sequential(*layers), [randn(None, 8)])


@network
def document4_d():
    layers = [nn.Linear(16, 64), nn.BatchNorm1d(64), nn.LeakyReLU(0.2), nn.Linear(64, 1), nn.Sigmoid()]
    return Entry(nn.Sequential(*layers), [randn(None, 16)])
