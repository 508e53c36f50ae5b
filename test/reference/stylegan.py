"""StyleGAN's networks in PyTorch, transcribed from the paper's definitions: there is no PyTorch original."""
import math

import torch
from torch import nn
from torch.nn import functional as F

ROOT_TWO = math.sqrt(2)


def feature_maps(stage, fmap_base=8192, fmap_max=512):
    return min(int(fmap_base / 2**stage), fmap_max)


def upscale2d(x, factor=2):
    return x if factor == 1 else F.interpolate(x, scale_factor=factor, mode="nearest")


def downscale2d(x, factor=2):
    return x if factor == 1 else F.avg_pool2d(x, factor)


def blur2d(x):
    line = torch.tensor([1, 2, 1], dtype=x.dtype, device=x.device)
    kernel = line.unsqueeze(1).mul(line).div(16)
    channels = x.size(1)
    return F.conv2d(x, kernel.expand(channels, 1, 3, 3), padding=1, groups=channels)


def spread(weight):
    wide = F.pad(weight, [1, 1, 1, 1])
    return wide[:, :, 1:, 1:] + wide[:, :, :-1, 1:] + wide[:, :, 1:, :-1] + wide[:, :, :-1, :-1]


def upscale2d_conv2d(x, weight, fused_scale="auto"):
    fused = min(x.shape[2:]) * 2 >= 128 if fused_scale == "auto" else fused_scale
    padding = weight.size(-1) // 2
    if not fused:
        return F.conv2d(upscale2d(x), weight, padding=padding)
    return F.conv_transpose2d(x, spread(weight.transpose(0, 1)), stride=2, padding=padding)


def conv2d_downscale2d(x, weight, fused_scale="auto"):
    fused = min(x.shape[2:]) >= 128 if fused_scale == "auto" else fused_scale
    padding = weight.size(-1) // 2
    if not fused:
        return downscale2d(F.conv2d(x, weight, padding=padding))
    return F.conv2d(x, spread(weight) * 0.25, stride=2, padding=padding)


def fade(a, b, t):
    return a + (b - a) * t


def split_lod(lod, most):
    whole = min(math.floor(lod), most)
    return whole, (lod - whole if whole < most else 0)


def pixel_norm(x):
    return x * torch.rsqrt(x.square().mean(1, keepdim=True) + 1e-8)


class EqualizedLinear(nn.Module):
    def __init__(self, in_features, out_features, gain=ROOT_TWO, lrmul=1):
        super().__init__()
        self.lrmul = lrmul
        self.scale = gain / math.sqrt(in_features) * lrmul
        self.weight = nn.Parameter(torch.randn(out_features, in_features) / lrmul)
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return F.linear(x, self.weight * self.scale, self.bias if self.lrmul == 1 else self.bias * self.lrmul)


class EqualizedConv2d(nn.Module):
    def __init__(self, in_channels, out_channels, kernel, gain=ROOT_TWO):
        super().__init__()
        self.scale = gain / math.sqrt(in_channels * kernel * kernel)
        self.weight = nn.Parameter(torch.randn(out_channels, in_channels, kernel, kernel))
        self.bias = nn.Parameter(torch.zeros(out_channels))

    def forward(self, x):
        return F.conv2d(x, self.weight * self.scale, self.bias, padding=self.weight.size(-1) // 2)


class LabelConcat(nn.Module):
    def __init__(self, label_size, latent_size):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(label_size, latent_size))

    def forward(self, z, labels):
        return torch.cat([z, labels.matmul(self.weight)], 1)


class StyleGANMapping(nn.Module):
    def __init__(self, latent_size=512, label_size=0, w_size=512, mapping_layers=8, mapping_fmaps=512, mapping_lrmul=0.01):
        super().__init__()
        self.layers = mapping_layers
        self.label_size = label_size
        if label_size:
            self.LabelConcat = LabelConcat(label_size, latent_size)
        width = latent_size * (2 if label_size else 1)
        for i in range(mapping_layers):
            out = w_size if i == mapping_layers - 1 else mapping_fmaps
            self.add_module(f"Dense{i}", EqualizedLinear(width, out, lrmul=mapping_lrmul))
            width = out

    def forward(self, z, labels=None):
        x = self.LabelConcat(z, labels) if self.label_size else z
        x = pixel_norm(x)
        for i in range(self.layers):
            x = F.leaky_relu(getattr(self, f"Dense{i}")(x), 0.2)
        return x


class Noise(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(channels))

    def forward(self, x, noise):
        return x + noise * self.weight.view(1, -1, 1, 1)


def style_mod(x, style):
    s = style.view(-1, 2, x.size(1), 1, 1)
    return x * (s[:, 0] + 1) + s[:, 1]


class StyledLayer(nn.Module):
    def __init__(self, channels, w_size):
        super().__init__()
        self.Noise = Noise(channels)
        self.bias = nn.Parameter(torch.zeros(channels))
        self.StyleMod = EqualizedLinear(w_size, 2 * channels, gain=1)

    def finish(self, x, w, noise):
        if noise is None:
            noise = torch.randn(x.size(0), 1, x.size(2), x.size(3), dtype=x.dtype, device=x.device)
        y = self.Noise(x, noise)
        y = F.leaky_relu(y + self.bias.view(1, -1, 1, 1), 0.2)
        return style_mod(F.instance_norm(y, eps=1e-8), self.StyleMod(w))


class ConstLayer(StyledLayer):
    def __init__(self, channels, w_size):
        super().__init__(channels, w_size)
        self.const = nn.Parameter(torch.ones(1, channels, 4, 4))

    def forward(self, w, noise):
        return self.finish(self.const.expand(w.size(0), -1, -1, -1), w, noise)


class StyledConv2d(StyledLayer):
    def __init__(self, in_channels, out_channels, w_size, up, fused_scale):
        super().__init__(out_channels, w_size)
        self.up = up
        self.fused_scale = fused_scale
        self.scale = ROOT_TWO / math.sqrt(in_channels * 9)
        self.weight = nn.Parameter(torch.randn(out_channels, in_channels, 3, 3))

    def forward(self, x, w, noise):
        weight = self.weight * self.scale
        y = blur2d(upscale2d_conv2d(x, weight, self.fused_scale)) if self.up else F.conv2d(x, weight, padding=1)
        return self.finish(y, w, noise)


class StyleGANSynthesis(nn.Module):
    def __init__(self, resolution, num_channels=3, w_size=512, fmap_base=8192, fmap_max=512, fused_scale="auto"):
        super().__init__()
        self.log2 = resolution.bit_length() - 1
        self.num_layers = 2 * self.log2 - 2
        self.register_buffer("lod", torch.zeros([]))
        for res in range(2, self.log2 + 1):
            channels, before = (feature_maps(s, fmap_base, fmap_max) for s in (res - 1, res - 2))
            block = nn.Module()
            if res == 2:
                block.Const = ConstLayer(channels, w_size)
                block.Conv = StyledConv2d(channels, channels, w_size, False, fused_scale)
            else:
                block.Conv0_up = StyledConv2d(before, channels, w_size, True, fused_scale)
                block.Conv1 = StyledConv2d(channels, channels, w_size, False, fused_scale)
            self.add_module(f"{2**res}x{2**res}", block)
            self.add_module(f"ToRGB_lod{self.log2 - res}", EqualizedConv2d(channels, num_channels, 1, gain=1))
        for layer in range(self.num_layers):
            side = 2 ** (2 + layer // 2)
            self.register_buffer(f"noise{layer}", torch.randn(1, 1, side, side))

    def to_rgb(self, res, x):
        return getattr(self, f"ToRGB_lod{self.log2 - res}")(x)

    def forward(self, ws, noise_mode="random"):
        whole, coarser = split_lod(self.lod.item(), self.log2 - 2)
        noise = lambda layer: getattr(self, f"noise{layer}") if noise_mode == "const" else None
        top = self.log2 - whole
        before = x = None
        for res in range(2, top + 1):
            layer = 2 * res - 4
            before = x
            block = getattr(self, f"{2**res}x{2**res}")
            if res == 2:
                x = block.Conv(block.Const(ws[:, 0], noise(0)), ws[:, 1], noise(1))
            else:
                x = block.Conv0_up(x, ws[:, layer], noise(layer))
                x = block.Conv1(x, ws[:, layer + 1], noise(layer + 1))
        image = self.to_rgb(top, x)
        if coarser > 0:
            image = fade(image, upscale2d(self.to_rgb(top - 1, before)), coarser)
        return upscale2d(image, 2**whole)


class StyleGANGenerator(nn.Module):
    def __init__(self, truncation_psi=0.7, truncation_cutoff=8, w_avg_beta=0.995, style_mixing_prob=0.9, latent_size=512,
                 label_size=0, w_size=512, mapping_layers=8, mapping_fmaps=512, **synthesis):
        super().__init__()
        self.truncation_psi = truncation_psi
        self.truncation_cutoff = truncation_cutoff
        self.w_avg_beta = w_avg_beta
        self.style_mixing_prob = style_mixing_prob
        self.register_buffer("w_avg", torch.zeros(w_size))
        self.mapping = StyleGANMapping(latent_size, label_size, w_size, mapping_layers, mapping_fmaps)
        self.synthesis = StyleGANSynthesis(w_size=w_size, **synthesis)

    def broadcast(self, w):
        return w.unsqueeze(1).expand(-1, self.synthesis.num_layers, -1)

    def forward(self, z, labels=None, noise_mode="random"):
        w = self.mapping(z, labels)
        ws = self.broadcast(w)
        if self.training:
            with torch.no_grad():
                batch = w.mean(0)
                self.w_avg.copy_(batch + (self.w_avg - batch) * self.w_avg_beta)
            if torch.rand([]).item() < self.style_mixing_prob:
                used = self.synthesis.num_layers - 2 * int(self.synthesis.lod.item())
                cut = int(torch.randint(1, used, []).item())
                others = self.broadcast(self.mapping(torch.randn_like(z), labels))
                ws = torch.cat([ws[:, :cut], others[:, cut:]], 1)
        elif self.truncation_psi is not None:
            psis = torch.ones(1, self.synthesis.num_layers, 1)
            psis[:, : self.truncation_cutoff] = self.truncation_psi
            ws = self.w_avg + (ws - self.w_avg) * psis
        return self.synthesis(ws, noise_mode)


def minibatch_stddev_layer(x, group_size):
    n, c, h, w = x.shape
    group = min(group_size, n)
    y = x.reshape(group, -1, 1, c, h, w)
    y = y - y.mean(0, keepdim=True)
    y = torch.sqrt(y.square().mean(0) + 1e-8)
    y = y.mean([2, 3, 4], keepdim=True).mean(2)
    return torch.cat([x, y.repeat(group, 1, h, w)], 1)


class DownConv2d(EqualizedConv2d):
    def __init__(self, in_channels, out_channels, fused_scale):
        super().__init__(in_channels, out_channels, 3)
        self.fused_scale = fused_scale

    def forward(self, x):
        return conv2d_downscale2d(x, self.weight * self.scale, self.fused_scale) + self.bias.view(1, -1, 1, 1)


class DownBlock(nn.Module):
    def __init__(self, in_channels, out_channels, fused_scale):
        super().__init__()
        self.Conv0 = EqualizedConv2d(in_channels, in_channels, 3)
        self.Conv1_down = DownConv2d(in_channels, out_channels, fused_scale)

    def forward(self, x):
        return F.leaky_relu(self.Conv1_down(blur2d(F.leaky_relu(self.Conv0(x), 0.2))), 0.2)


class LastBlock(nn.Module):
    def __init__(self, channels, hidden, outputs, mbstd_group_size):
        super().__init__()
        self.mbstd_group_size = mbstd_group_size
        self.Conv = EqualizedConv2d(channels + (mbstd_group_size > 1), channels, 3)
        self.Dense0 = EqualizedLinear(channels * 16, hidden)
        self.Dense1 = EqualizedLinear(hidden, outputs, gain=1)

    def forward(self, x):
        y = minibatch_stddev_layer(x, self.mbstd_group_size) if self.mbstd_group_size > 1 else x
        y = F.leaky_relu(self.Conv(y), 0.2).flatten(1)
        return self.Dense1(F.leaky_relu(self.Dense0(y), 0.2))


class StyleGANDiscriminator(nn.Module):
    def __init__(self, resolution, num_channels=3, label_size=0, fmap_base=8192, fmap_max=512, fused_scale="auto",
                 mbstd_group_size=4):
        super().__init__()
        self.log2 = resolution.bit_length() - 1
        self.label_size = label_size
        self.register_buffer("lod", torch.zeros([]))
        for res in range(self.log2, 1, -1):
            channels, after = (feature_maps(s, fmap_base, fmap_max) for s in (res - 1, res - 2))
            self.add_module(f"FromRGB_lod{self.log2 - res}", EqualizedConv2d(num_channels, channels, 1))
            block = (DownBlock(channels, after, fused_scale) if res > 2
                     else LastBlock(channels, after, max(label_size, 1), mbstd_group_size))
            self.add_module(f"{2**res}x{2**res}", block)

    def from_rgb(self, res, image):
        return F.leaky_relu(getattr(self, f"FromRGB_lod{self.log2 - res}")(image), 0.2)

    def forward(self, images, labels=None):
        whole, coarser = split_lod(self.lod.item(), self.log2 - 2)
        top = self.log2 - whole
        x = self.from_rgb(top, downscale2d(images, 2**whole))
        for res in range(top, 1, -1):
            x = getattr(self, f"{2**res}x{2**res}")(x)
            if res == top and coarser > 0:
                x = fade(x, self.from_rgb(top - 1, downscale2d(images, 2 ** (whole + 1))), coarser)
        return (x * labels).sum(1, keepdim=True) if self.label_size else x


SMALL = dict(resolution=16, num_channels=1, fmap_base=64, fmap_max=16)
STYLES = dict(latent_size=16, w_size=16, mapping_fmaps=16)


def set_lod(net, lod):
    for name, buffer in net.named_buffers():
        if name.split(".")[-1] == "lod":
            buffer.fill_(lod)


def wake_noise(net):
    """Strengths of noise that are not zero, so that the noise is seen."""
    with torch.no_grad():
        for name, parameter in net.named_parameters():
            if name.endswith("Noise.weight"):
                parameter.normal_()


def gradients(net):
    return {f"grad/{name}": p.grad for name, p in net.named_parameters() if p.grad is not None}


def state(net):
    return {f"state/{name}": value for name, value in net.state_dict().items()}


def labels_of(n):
    return F.one_hot(torch.arange(n) % 3, 3).float()


def mapping(steps=None):
    net = StyleGANMapping(16, 3, 12, 8, 16)
    w = net(torch.randn(4, 16), labels_of(4))
    w.square().sum().backward()
    return {"w": w, **gradients(net)}


def generator(lod, labels=0, fused_scale="auto", sizes=SMALL):
    def case(steps=None):
        net = StyleGANGenerator(label_size=labels, fused_scale=fused_scale, **STYLES, **sizes)
        wake_noise(net)
        set_lod(net, lod)
        images = net(torch.randn(4, 16), labels_of(4) if labels else None)
        (images * torch.randn_like(images)).sum().backward()
        net.eval()
        truncated = net(torch.randn(4, 16), labels_of(4) if labels else None, "const")
        return {"images": images, "truncated": truncated, **gradients(net), **state(net)}

    return case


def discriminator(lod, labels=0, fused_scale="auto", sizes=SMALL):
    """Scores, their gradients, and those of R1: second order."""

    def case(steps=None):
        net = StyleGANDiscriminator(label_size=labels, fused_scale=fused_scale, **sizes)
        set_lod(net, lod)
        images = torch.randn(8, sizes["num_channels"], sizes["resolution"], sizes["resolution"], requires_grad=True)
        scores = net(images, labels_of(8) if labels else None)
        (gradient,) = torch.autograd.grad(scores.sum(), images, create_graph=True)
        penalty = gradient.square().sum([1, 2, 3])
        loss = F.softplus(-scores).mean() + penalty.mean() * 5
        loss.backward()
        return {"scores": scores, "gradient": gradient, "penalty": penalty, "grad/images": images.grad, **gradients(net)}

    return case


LARGE = dict(resolution=128, num_channels=3, fmap_base=256, fmap_max=8)
LODS = {"0": 0, "half": 0.5, "1": 1, "2": 2}

CASES = {
    "mapping": mapping,
    **{f"generator_lod_{name}": generator(lod) for name, lod in LODS.items()},
    **{f"discriminator_lod_{name}": discriminator(lod) for name, lod in LODS.items()},
    "generator_labels": generator(0.5, labels=3),
    "discriminator_labels": discriminator(0.5, labels=3),
    "generator_fused": generator(0, fused_scale=True),
    "discriminator_fused": discriminator(0, fused_scale=True),
    "generator_128": generator(0.25, sizes=LARGE),
    "discriminator_128": discriminator(0.25, sizes=LARGE),
}
