"""The networks of BicycleGAN (junyanz/BicycleGAN at 40b9d52) and the small ones of document 2, transcribed from their
descriptions: what the cases of parity/gan/cases/bicyclegan.mjs are compared with.
"""

import torch
from torch import nn


def norm_layers(norm, channels):
    if norm == "batch":
        return [nn.BatchNorm2d(channels)]
    return [nn.InstanceNorm2d(channels)] if norm == "instance" else []


def activation(name):
    if name == "relu":
        return nn.ReLU(True)
    return nn.LeakyReLU(0.2, True) if name == "lrelu" else nn.ELU(inplace=True)


def upsample_layers(source, target, upsample):
    if upsample == "basic":
        return [nn.ConvTranspose2d(source, target, 4, 2, 1)]
    return [nn.Upsample(scale_factor=2, mode="bilinear"), nn.ReflectionPad2d(1), nn.Conv2d(source, target, 3)]


def with_code(x, z):
    tiled = z.view(z.size(0), z.size(1), 1, 1).expand(z.size(0), z.size(1), x.size(2), x.size(3))
    return torch.cat([x, tiled], 1)


def init_weights(net, kind="xavier", gain=0.02):
    def draw(module):
        if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            if kind == "normal":
                nn.init.normal_(module.weight, 0.0, gain)
            elif kind == "xavier":
                nn.init.xavier_normal_(module.weight, gain=gain)
            elif kind == "kaiming":
                nn.init.kaiming_normal_(module.weight, a=0, mode="fan_in")
            else:
                nn.init.orthogonal_(module.weight, gain=gain)
            if module.bias is not None:
                nn.init.constant_(module.bias, 0.0)
        elif isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.weight, 1.0, gain)
            nn.init.constant_(module.bias, 0.0)

    return net.apply(draw)


def level_layers(place, input_nc, inner_nc, outer_nc, norm, nl, upsample, dropout):
    """What a level of a U-Net does on the way down and on the way up, in the order in which it is made."""
    down = [] if place == "outermost" else [nn.LeakyReLU(0.2, True)]
    down.append(nn.Conv2d(input_nc, inner_nc, 4, 2, 1))
    if place == "between":
        down += norm_layers(norm, inner_nc)
    up = [activation(nl)]
    up += upsample_layers(inner_nc if place == "innermost" else 2 * inner_nc, outer_nc, upsample)
    up += [nn.Tanh()] if place == "outermost" else norm_layers(norm, outer_nc)
    if dropout:
        up.append(nn.Dropout(0.5))
    return down, up


def levels(input_nc, output_nc, num_downs, ngf, use_dropout):
    """(place, from outside, inside, to outside, dropout) of each level, innermost first."""
    width = [ngf * min(2**level, 8) for level in range(num_downs)]
    for level in reversed(range(num_downs)):
        place = "outermost" if level == 0 else "innermost" if level == num_downs - 1 else "between"
        outside = width[level - 1]
        source, target = (input_nc, output_nc) if level == 0 else (outside, outside)
        yield place, source, width[level], target, use_dropout and place == "between" and level > 3


class UnetBlock(nn.Module):
    def __init__(self, place, input_nc, inner_nc, outer_nc, submodule, norm, nl, upsample, dropout):
        super().__init__()
        self.outermost = place == "outermost"
        down, up = level_layers(place, input_nc, inner_nc, outer_nc, norm, nl, upsample, dropout)
        self.model = nn.Sequential(*down, *([] if submodule is None else [submodule]), *up)

    def forward(self, x):
        if self.outermost:
            return self.model(x)
        return torch.cat([self.model(x), x], 1)


class UnetAddInput(nn.Module):
    def __init__(self, input_nc, output_nc, nz, num_downs, ngf=64, norm="instance", nl="relu", use_dropout=False,
                 upsample="basic"):
        super().__init__()
        self.nz = nz
        block = None
        for place, source, inside, target, dropout in levels(input_nc + nz, output_nc, num_downs, ngf, use_dropout):
            block = UnetBlock(place, source, inside, target, block, norm, nl, upsample, dropout)
        self.model = block

    def forward(self, x, z=None):
        return self.model(with_code(x, z) if self.nz > 0 else x)


class UnetBlockWithCode(nn.Module):
    def __init__(self, place, input_nc, inner_nc, outer_nc, nz, submodule, norm, nl, upsample, dropout):
        super().__init__()
        self.place, self.nz = place, nz
        down, up = level_layers(place, input_nc + nz, inner_nc, outer_nc, norm, nl, upsample, dropout)
        self.down = nn.Sequential(*down)
        self.submodule = submodule
        self.up = nn.Sequential(*up)

    def forward(self, x, z):
        inside = self.down(with_code(x, z) if self.nz > 0 else x)
        if self.place == "outermost":
            return self.up(self.submodule(inside, z))
        if self.place == "innermost":
            return torch.cat([self.up(inside), x], 1)
        return torch.cat([self.up(self.submodule(inside, z)), x], 1)


class UnetAddAll(nn.Module):
    def __init__(self, input_nc, output_nc, nz, num_downs, ngf=64, norm="instance", nl="relu", use_dropout=False,
                 upsample="basic"):
        super().__init__()
        block = None
        for place, source, inside, target, dropout in levels(input_nc, output_nc, num_downs, ngf, use_dropout):
            block = UnetBlockWithCode(place, source, inside, target, nz, block, norm, nl, upsample, dropout)
        self.model = block

    def forward(self, x, z):
        return self.model(x, z)


class BasicBlock(nn.Module):
    def __init__(self, source, target, norm):
        super().__init__()
        self.conv = nn.Sequential(
            *norm_layers(norm, source),
            activation("lrelu"),
            nn.Conv2d(source, source, 3, 1, 1),
            *norm_layers(norm, source),
            activation("lrelu"),
            nn.Sequential(nn.Conv2d(source, target, 3, 1, 1), nn.AvgPool2d(2, 2)),
        )
        self.shortcut = nn.Sequential(nn.AvgPool2d(2, 2), nn.Conv2d(source, target, 1))

    def forward(self, x):
        return self.conv(x) + self.shortcut(x)


class Encoder(nn.Module):
    def forward(self, x):
        flat = self.conv(x).view(x.size(0), -1)
        return self.fc(flat), self.fcVar(flat)


class ResNetEncoder(Encoder):
    def __init__(self, input_nc, output_nc, ndf=64, n_blocks=5, norm="instance"):
        super().__init__()
        layers = [nn.Conv2d(input_nc, ndf, 4, 2, 1)]
        for n in range(1, n_blocks):
            layers.append(BasicBlock(ndf * min(4, n), ndf * min(4, n + 1), norm))
        layers += [activation("lrelu"), nn.AvgPool2d(8)]
        self.fc = nn.Sequential(nn.Linear(ndf * min(4, n_blocks), output_nc))
        self.fcVar = nn.Sequential(nn.Linear(ndf * min(4, n_blocks), output_nc))
        self.conv = nn.Sequential(*layers)


class ConvEncoder(Encoder):
    def __init__(self, input_nc, output_nc, ndf=64, n_blocks=5, norm="instance"):
        super().__init__()
        width = [ndf * min(2**n, 4) for n in range(n_blocks)]
        layers = [nn.Conv2d(input_nc, ndf, 4, 2, 1), activation("lrelu")]
        for n in range(1, n_blocks):
            layers.append(nn.Conv2d(width[n - 1], width[n], 4, 2, 1))
            layers += norm_layers(norm, width[n]) + [activation("lrelu")]
        self.conv = nn.Sequential(*layers, nn.AvgPool2d(8))
        self.fc = nn.Sequential(nn.Linear(width[-1], output_nc))
        self.fcVar = nn.Sequential(nn.Linear(width[-1], output_nc))


class MultiScaleDiscriminator(nn.Module):
    def __init__(self, input_nc, ndf=64, n_layers=3, norm="instance", num_D=2):
        super().__init__()
        self.num_D = num_D
        if num_D == 1:
            self.model = self.patches(input_nc, ndf, n_layers, norm)
            return
        for scale in range(num_D):
            setattr(self, f"model_{scale}", self.patches(input_nc, int(round(ndf / 2**scale)), n_layers, norm))
            if scale == 0:
                self.down = nn.AvgPool2d(3, stride=2, padding=[1, 1], count_include_pad=False)

    @staticmethod
    def patches(input_nc, ndf, n_layers, norm):
        width = [ndf * min(2**n, 8) for n in range(n_layers + 1)]
        layers = [nn.Conv2d(input_nc, ndf, 4, 2, 1), nn.LeakyReLU(0.2, True)]
        for n in range(1, n_layers + 1):
            layers.append(nn.Conv2d(width[n - 1], width[n], 4, 2 if n < n_layers else 1, 1))
            layers += norm_layers(norm, width[n]) + [nn.LeakyReLU(0.2, True)]
        return nn.Sequential(*layers, nn.Conv2d(width[n_layers], 1, 4, 1, 1))

    def forward(self, x):
        if self.num_D == 1:
            return self.model(x)
        seen = []
        for scale in range(self.num_D):
            x = x if scale == 0 else self.down(x)
            seen.append(getattr(self, f"model_{scale}")(x))
        return seen


def translator(input_nc, output_nc, width):
    return nn.Sequential(
        nn.Conv2d(input_nc, width, 3, 1, 1), nn.BatchNorm2d(width), nn.ReLU(True),
        nn.Conv2d(width, 2 * width, 4, 2, 1), nn.BatchNorm2d(2 * width), nn.ReLU(True),
        nn.Conv2d(2 * width, 2 * width, 3, 1, 1), nn.BatchNorm2d(2 * width), nn.ReLU(True),
        nn.ConvTranspose2d(2 * width, width, 4, 2, 1), nn.BatchNorm2d(width), nn.ReLU(True),
        nn.Conv2d(width, output_nc, 3, 1, 1), nn.Tanh(),
    )


class Document2Generator(nn.Module):
    def __init__(self, input_nc, output_nc, nz, width=16):
        super().__init__()
        self.model = translator(input_nc + nz, output_nc, width)

    def forward(self, x, z):
        return self.model(with_code(x, z))


class Document2Inverse(nn.Module):
    def __init__(self, input_nc, output_nc, width=16):
        super().__init__()
        self.model = translator(input_nc, output_nc, width)

    def forward(self, y):
        return self.model(y)


class Document2Encoder(nn.Module):
    def __init__(self, input_nc, nz, width=16):
        super().__init__()
        self.model = nn.Sequential(
            nn.Conv2d(input_nc, width, 4, 2, 1), nn.LeakyReLU(0.2, True),
            nn.Conv2d(width, 2 * width, 4, 2, 1), nn.BatchNorm2d(2 * width), nn.LeakyReLU(0.2, True),
        )
        self.head = nn.Linear(2 * width, nz)

    def forward(self, y):
        return self.head(self.model(y).mean([2, 3]))


class Document2Discriminator(nn.Module):
    def __init__(self, input_nc, width=16, output="patch", probabilities=True):
        super().__init__()
        self.output, self.probabilities = output, probabilities
        self.model = nn.Sequential(
            nn.Conv2d(input_nc, width, 4, 2, 1), nn.LeakyReLU(0.2, True),
            nn.Conv2d(width, 2 * width, 4, 2, 1), nn.BatchNorm2d(2 * width), nn.LeakyReLU(0.2, True),
            nn.Conv2d(2 * width, 1, 3, 1, 1),
        )

    def forward(self, y):
        patches = self.model(y)
        logits = patches.mean([2, 3]) if self.output == "image" else patches
        return torch.sigmoid(logits) if self.probabilities else logits


def outputs(result):
    return list(result) if isinstance(result, (list, tuple)) else [result]


def seen(net, *inputs, kind="xavier"):
    """A network drawn anew, what it makes of the inputs, the gradients of its mean square, and the state after it."""
    init_weights(net, kind)
    for value in inputs:
        value.requires_grad_()
    # The networks' activations work in place, on leaves too: what comes in is a result.
    results = outputs(net(*[value * 1 for value in inputs]))
    sum(result.pow(2).mean() for result in results).backward()
    return {
        **{f"out{i}": result for i, result in enumerate(results)},
        **{f"grad_in{i}": value.grad for i, value in enumerate(inputs)},
        **{f"grad.{name}": parameter.grad for name, parameter in net.named_parameters() if parameter.grad is not None},
        **{f"state.{name}": value for name, value in net.state_dict().items()},
    }


def unet(kind, *, size=6, channels=1, **options):
    def case(steps=None):
        net = kind(channels, channels, 3, size, 4, **options)
        side = 2**size
        return seen(net, torch.randn(2, channels, side, side), torch.randn(2, 3))

    return case


def network(make, channels, side, kind="xavier"):
    return lambda steps=None: seen(make(), torch.randn(2, channels, side, side), kind=kind)


def full_size(steps=None):
    """The original's default networks at 256: what they make of one image, and the gradients at both ends."""
    g = init_weights(UnetAddAll(3, 3, 8, 8))
    e = init_weights(ResNetEncoder(3, 8))
    d = init_weights(MultiScaleDiscriminator(3))
    x = torch.randn(1, 3, 256, 256)
    mu, logvar = e(x)
    fake = g(x, mu)
    patches = d(fake)
    (sum(patch.pow(2).mean() for patch in patches) + logvar.sum()).backward()
    return {
        "mu": mu, "logvar": logvar, "fake": fake, "patch0": patches[0], "patch1": patches[1],
        "first": g.model.down[0].weight.grad, "last": g.model.up[1].weight.grad, "e": e.conv[0].weight.grad,
    }


CASES = {
    "unet_add_all_instance": unet(UnetAddAll),
    "unet_add_all_batch_dropout": unet(UnetAddAll, norm="batch", use_dropout=True),
    "unet_add_all_bilinear_elu": unet(UnetAddAll, upsample="bilinear", nl="elu"),
    "unet_add_all_32": unet(UnetAddAll, size=5, channels=3),
    "unet_add_input_instance": unet(UnetAddInput),
    "unet_add_input_batch_dropout": unet(UnetAddInput, norm="batch", use_dropout=True),
    "unet_add_input_lrelu": unet(UnetAddInput, nl="lrelu"),
    "encoder_resnet_instance": network(lambda: ResNetEncoder(3, 4, 4, 3), 3, 64),
    "encoder_resnet_batch": network(lambda: ResNetEncoder(1, 4, 4, 2, "batch"), 1, 32, "normal"),
    "encoder_conv_instance": network(lambda: ConvEncoder(3, 4, 4, 3), 3, 64, "kaiming"),
    "encoder_conv_batch": network(lambda: ConvEncoder(1, 4, 4, 3, "batch"), 1, 64),
    "discriminator_instance": network(lambda: MultiScaleDiscriminator(3, 8, 3), 3, 64),
    "discriminator_batch": network(lambda: MultiScaleDiscriminator(1, 8, 2, "batch"), 1, 32, "orthogonal"),
    "discriminator_three": network(lambda: MultiScaleDiscriminator(1, 6, 2, "none", 3), 1, 64),
    "discriminator_one": network(lambda: MultiScaleDiscriminator(1, 8, 2, "instance", 1), 1, 32),
    "document2_generator": lambda steps=None: seen(
        Document2Generator(1, 3, 4, 8), torch.randn(2, 1, 16, 16), torch.randn(2, 4)
    ),
    "document2_inverse": network(lambda: Document2Inverse(3, 1, 8), 3, 16),
    "document2_encoder": network(lambda: Document2Encoder(3, 4, 8), 3, 16),
    "document2_discriminator": network(lambda: Document2Discriminator(3, 8), 3, 16),
    "document2_discriminator_logits": network(lambda: Document2Discriminator(3, 8, "image", False), 3, 16),
    "full_size": full_size,
}
