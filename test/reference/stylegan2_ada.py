"""StyleGAN2's networks, configuration F, as its authors' PyTorch edition has them: written here from the papers
(https://arxiv.org/abs/1912.04958, https://arxiv.org/abs/2006.06676); names of parameters and buffers are the original's."""
import math

import torch
from torch import nn
from torch.nn import functional as F


def binomial():
    line = torch.tensor([1.0, 3.0, 3.0, 1.0])
    square = line.ger(line)
    return square / square.sum()


def upfirdn2d(x, f, up=1, down=1, padding=(0, 0), gain=1):
    """Zeros between the pixels, zeros around, the filter, and every down-th pixel."""
    n, c, h, w = x.shape
    if up > 1:
        x = F.pad(x.reshape(n, c, h, 1, w, 1), [0, up - 1, 0, 0, 0, up - 1]).reshape(n, c, h * up, w * up)
    before, after = padding
    x = F.pad(x, [before, after, before, after])
    kernel = (f * gain).flip([0, 1])[None, None].repeat(c, 1, 1, 1)
    return F.conv2d(x, kernel, groups=c)[:, :, ::down, ::down]


def upsampled(x, f):
    taps = f.shape[-1]
    return upfirdn2d(x, f, up=2, padding=((taps + 1) // 2, (taps - 2) // 2), gain=4)


def conv2d_resample(x, w, f, up=1, down=1, padding=0, groups=1):
    taps, size = f.shape[-1], w.shape[-1]
    if up > 1:
        out_channels, in_channels = w.shape[:2]
        w = w.reshape(groups, out_channels // groups, in_channels, size, size).transpose(1, 2)
        w = w.reshape(groups * in_channels, out_channels // groups, size, size)
        x = F.conv_transpose2d(x, w, stride=up, groups=groups)
        before = padding + (taps + up - 1) // 2 - (size - 1)
        after = padding + (taps - up) // 2 - (size - up)
        return upfirdn2d(x, f, padding=(before, after), gain=up**2)
    if down > 1:
        around = (padding + (taps - down + 1) // 2, padding + (taps - down) // 2)
        if size == 1:
            return F.conv2d(upfirdn2d(x, f, down=down, padding=around), w, groups=groups)
        return F.conv2d(upfirdn2d(x, f, padding=around), w, stride=down, groups=groups)
    return F.conv2d(x, w, padding=padding, groups=groups)


def activate(x, b, act="linear", gain=None, clamp=None):
    if b is not None:
        x = x + b.reshape([-1 if i == 1 else 1 for i in range(x.ndim)])
    if act == "lrelu":
        x = F.leaky_relu(x, 0.2)
    if gain is None:
        gain = math.sqrt(2) if act == "lrelu" else 1
    if gain != 1:
        x = x * gain
    return x if clamp is None else x.clamp(-clamp, clamp)


def normalize_2nd_moment(x):
    return x * (x.square().mean(dim=1, keepdim=True) + 1e-8).rsqrt()


def modulated_conv2d(x, weight, styles, f, noise=None, up=1, padding=0, demodulate=True, fused=True):
    n, (out_channels, in_channels, kh, kw) = x.shape[0], weight.shape
    if demodulate or fused:
        w = weight.unsqueeze(0) * styles.reshape(n, 1, -1, 1, 1)
    if demodulate:
        factors = (w.square().sum(dim=[2, 3, 4]) + 1e-8).rsqrt()
    if fused:
        if demodulate:
            w = w * factors.reshape(n, -1, 1, 1, 1)
        x = x.reshape(1, -1, *x.shape[2:])
        w = w.reshape(-1, in_channels, kh, kw)
        x = conv2d_resample(x, w, f, up=up, padding=padding, groups=n)
        x = x.reshape(n, -1, *x.shape[2:])
        return x if noise is None else x + noise
    x = x * styles.reshape(n, -1, 1, 1)
    x = conv2d_resample(x, weight, f, up=up, padding=padding)
    if not demodulate:
        return x
    factors = factors.reshape(n, -1, 1, 1)
    return x * factors if noise is None else torch.addcmul(noise, x, factors)


class FullyConnected(nn.Module):
    def __init__(self, in_features, out_features, act="linear", lr_multiplier=1, bias_init=0):
        super().__init__()
        self.act, self.lr_multiplier = act, lr_multiplier
        self.weight = nn.Parameter(torch.randn(out_features, in_features) / lr_multiplier)
        self.bias = nn.Parameter(torch.full([out_features], float(bias_init)))
        self.gain = lr_multiplier / math.sqrt(in_features)

    def forward(self, x):
        w = self.weight * self.gain
        b = self.bias if self.lr_multiplier == 1 else self.bias * self.lr_multiplier
        if self.act == "linear":
            return torch.addmm(b.unsqueeze(0), x, w.t())
        return activate(x.matmul(w.t()), b, self.act)


class Conv2dLayer(nn.Module):
    def __init__(self, in_channels, out_channels, size, bias=True, act="linear", down=1, clamp=None):
        super().__init__()
        self.act, self.down, self.padding, self.clamp = act, down, size // 2, clamp
        self.register_buffer("resample_filter", binomial())
        self.gain = 1 / math.sqrt(in_channels * size**2)
        self.weight = nn.Parameter(torch.randn(out_channels, in_channels, size, size))
        self.bias = nn.Parameter(torch.zeros(out_channels)) if bias else None

    def forward(self, x, gain=1):
        x = conv2d_resample(x, self.weight * self.gain, self.resample_filter, down=self.down, padding=self.padding)
        clamp = None if self.clamp is None else self.clamp * gain
        return activate(x, self.bias, self.act, (math.sqrt(2) if self.act == "lrelu" else 1) * gain, clamp)


class Mapping(nn.Module):
    def __init__(self, z_dim, c_dim, w_dim, num_ws, mapping_layers=8, lr_multiplier=0.01, w_avg_beta=0.995):
        super().__init__()
        self.z_dim, self.c_dim, self.num_ws = z_dim, c_dim, num_ws
        self.mapping_layers, self.w_avg_beta = mapping_layers, w_avg_beta
        width = z_dim
        if c_dim > 0:
            self.embed = FullyConnected(c_dim, w_dim)
            width += w_dim
        for i in range(mapping_layers):
            setattr(self, f"fc{i}", FullyConnected(width, w_dim, "lrelu", lr_multiplier))
            width = w_dim
        if num_ws is not None:
            self.register_buffer("w_avg", torch.zeros(w_dim))

    def forward(self, z, c=None, truncation_psi=1, truncation_cutoff=None, skip_w_avg_update=False):
        parts = [normalize_2nd_moment(z)] if self.z_dim > 0 else []
        if self.c_dim > 0:
            parts.append(normalize_2nd_moment(self.embed(c)))
        x = parts[0] if len(parts) == 1 else torch.cat(parts, dim=1)
        for i in range(self.mapping_layers):
            x = getattr(self, f"fc{i}")(x)
        if self.num_ws is None:
            return x
        if self.training and not skip_w_avg_update:
            self.w_avg.copy_(x.detach().mean(dim=0).lerp(self.w_avg, self.w_avg_beta))
        x = x.unsqueeze(1).repeat(1, self.num_ws, 1)
        if truncation_psi == 1:
            return x
        if truncation_cutoff is None:
            return self.w_avg.lerp(x, truncation_psi)
        x[:, :truncation_cutoff] = self.w_avg.lerp(x[:, :truncation_cutoff], truncation_psi)
        return x


class SynthesisLayer(nn.Module):
    def __init__(self, in_channels, out_channels, w_dim, resolution, up=1, clamp=None):
        super().__init__()
        self.resolution, self.up, self.clamp = resolution, up, clamp
        self.register_buffer("resample_filter", binomial())
        self.affine = FullyConnected(w_dim, in_channels, bias_init=1)
        self.weight = nn.Parameter(torch.randn(out_channels, in_channels, 3, 3))
        self.register_buffer("noise_const", torch.randn(resolution, resolution))
        self.noise_strength = nn.Parameter(torch.zeros([]))
        self.bias = nn.Parameter(torch.zeros(out_channels))

    def forward(self, x, w, noise_mode, fused):
        styles = self.affine(w)
        noise = None
        if noise_mode == "random":
            noise = torch.randn(x.shape[0], 1, self.resolution, self.resolution) * self.noise_strength
        if noise_mode == "const":
            noise = self.noise_const * self.noise_strength
        x = modulated_conv2d(x, self.weight, styles, self.resample_filter, noise, self.up, 1, True, fused)
        return activate(x, self.bias, "lrelu", clamp=self.clamp)


class ToRGB(nn.Module):
    def __init__(self, in_channels, img_channels, w_dim, clamp=None):
        super().__init__()
        self.clamp = clamp
        self.affine = FullyConnected(w_dim, in_channels, bias_init=1)
        self.weight = nn.Parameter(torch.randn(img_channels, in_channels, 1, 1))
        self.bias = nn.Parameter(torch.zeros(img_channels))
        self.gain = 1 / math.sqrt(in_channels)

    def forward(self, x, w, f, fused):
        styles = self.affine(w) * self.gain
        return activate(modulated_conv2d(x, self.weight, styles, f, demodulate=False, fused=fused), self.bias, clamp=self.clamp)


class SynthesisBlock(nn.Module):
    def __init__(self, in_channels, out_channels, w_dim, resolution, img_channels, clamp):
        super().__init__()
        self.register_buffer("resample_filter", binomial())
        self.num_conv = 1 if in_channels == 0 else 2
        if in_channels == 0:
            self.const = nn.Parameter(torch.randn(out_channels, resolution, resolution))
        else:
            self.conv0 = SynthesisLayer(in_channels, out_channels, w_dim, resolution, 2, clamp)
        self.conv1 = SynthesisLayer(out_channels, out_channels, w_dim, resolution, 1, clamp)
        self.torgb = ToRGB(out_channels, img_channels, w_dim, clamp)

    def forward(self, x, img, ws, noise_mode, fused):
        if fused is None:
            fused = not self.training
        ws = list(ws.unbind(dim=1))
        if x is None:
            x = self.const.unsqueeze(0).repeat(ws[0].shape[0], 1, 1, 1)
        else:
            x = self.conv0(x, ws.pop(0), noise_mode, fused)
        x = self.conv1(x, ws.pop(0), noise_mode, fused)
        y = self.torgb(x, ws.pop(0), self.resample_filter, fused)
        return x, y if img is None else upsampled(img, self.resample_filter) + y


def channels_at(resolution, channel_base, channel_max):
    return min(channel_base // resolution, channel_max)


class Synthesis(nn.Module):
    def __init__(self, w_dim, img_resolution, img_channels, channel_base=32768, channel_max=512, conv_clamp=None):
        super().__init__()
        self.resolutions = [2**i for i in range(2, img_resolution.bit_length())]
        self.num_ws = 1
        for res in self.resolutions:
            before = 0 if res == 4 else channels_at(res // 2, channel_base, channel_max)
            after = channels_at(res, channel_base, channel_max)
            block = SynthesisBlock(before, after, w_dim, res, img_channels, conv_clamp)
            self.num_ws += block.num_conv
            setattr(self, f"b{res}", block)

    def forward(self, ws, noise_mode="random", fused_modconv=None):
        x = img = None
        first = 0
        for res in self.resolutions:
            block = getattr(self, f"b{res}")
            x, img = block(x, img, ws.narrow(1, first, block.num_conv + 1), noise_mode, fused_modconv)
            first += block.num_conv
        return img


class Generator(nn.Module):
    def __init__(self, z_dim, c_dim, w_dim, img_resolution, img_channels, mapping=None, synthesis=None):
        super().__init__()
        self.synthesis = Synthesis(w_dim, img_resolution, img_channels, **(synthesis or {}))
        self.num_ws = self.synthesis.num_ws
        self.mapping = Mapping(z_dim, c_dim, w_dim, self.num_ws, **(mapping or {}))

    def forward(self, z, c=None, truncation_psi=1, truncation_cutoff=None, **how):
        return self.synthesis(self.mapping(z, c, truncation_psi, truncation_cutoff), **how)

    def mixed_ws(self, z, c=None, style_mixing_prob=0.9):
        ws = self.mapping(z, c)
        cut = torch.empty([], dtype=torch.int64).random_(1, ws.shape[1])
        cut = torch.where(torch.rand([]) < style_mixing_prob, cut, torch.full_like(cut, ws.shape[1]))
        ws[:, cut:] = self.mapping(torch.randn_like(z), c, skip_w_avg_update=True)[:, cut:]
        return ws


class DiscriminatorBlock(nn.Module):
    def __init__(self, first, channels, out_channels, img_channels, clamp):
        super().__init__()
        self.register_buffer("resample_filter", binomial())
        if first:
            self.fromrgb = Conv2dLayer(img_channels, channels, 1, act="lrelu", clamp=clamp)
        self.conv0 = Conv2dLayer(channels, channels, 3, act="lrelu", clamp=clamp)
        self.conv1 = Conv2dLayer(channels, out_channels, 3, act="lrelu", down=2, clamp=clamp)
        self.skip = Conv2dLayer(channels, out_channels, 1, bias=False, down=2)

    def forward(self, x):
        if hasattr(self, "fromrgb"):
            x = self.fromrgb(x)
        y = self.skip(x, gain=math.sqrt(0.5))
        return y + self.conv1(self.conv0(x), gain=math.sqrt(0.5))


def minibatch_stddev(x, group_size, channels):
    n, c, h, w = x.shape
    group = n if group_size is None else min(group_size, n)
    y = x.reshape(group, -1, channels, c // channels, h, w)
    y = y - y.mean(dim=0)
    y = (y.square().mean(dim=0) + 1e-8).sqrt().mean(dim=[2, 3, 4])
    return torch.cat([x, y.reshape(-1, channels, 1, 1).repeat(group, 1, h, w)], dim=1)


class DiscriminatorEpilogue(nn.Module):
    def __init__(self, channels, cmap_dim, group_size, std_channels, clamp):
        super().__init__()
        self.cmap_dim, self.group_size, self.std_channels = cmap_dim, group_size, std_channels
        self.conv = Conv2dLayer(channels + std_channels, channels, 3, act="lrelu", clamp=clamp)
        self.fc = FullyConnected(channels * 16, channels, "lrelu")
        self.out = FullyConnected(channels, max(cmap_dim, 1))

    def forward(self, x, cmap):
        if self.std_channels > 0:
            x = minibatch_stddev(x, self.group_size, self.std_channels)
        x = self.out(self.fc(self.conv(x).flatten(1)))
        return x if self.cmap_dim == 0 else (x * cmap).sum(dim=1, keepdim=True) * (1 / math.sqrt(self.cmap_dim))


class Discriminator(nn.Module):
    def __init__(
        self, c_dim, img_resolution, img_channels, channel_base=32768, channel_max=512, conv_clamp=None, cmap_dim=None,
        mapping=None, group_size=4, std_channels=1,
    ):
        super().__init__()
        self.c_dim = c_dim
        self.resolutions = [2**i for i in range(img_resolution.bit_length() - 1, 2, -1)]
        at = lambda res: channels_at(res, channel_base, channel_max)
        cmap_dim = 0 if c_dim == 0 else at(4) if cmap_dim is None else cmap_dim
        for res in self.resolutions:
            block = DiscriminatorBlock(res == img_resolution, at(res), at(res // 2), img_channels, conv_clamp)
            setattr(self, f"b{res}", block)
        if c_dim > 0:
            self.mapping = Mapping(0, c_dim, cmap_dim, None, **(mapping or {}))
        self.b4 = DiscriminatorEpilogue(at(4), cmap_dim, group_size, std_channels, conv_clamp)

    def forward(self, img, c=None):
        x = img
        for res in self.resolutions:
            x = getattr(self, f"b{res}")(x)
        return self.b4(x, self.mapping(None, c) if self.c_dim > 0 else None)


# -- what is compared ------------------------------------------------------------------------------------------------

SMALL = dict(channel_base=256, channel_max=16)


def networks_of(c_dim=0, resolution=16, clamp=None, **of_d):
    layers = dict(mapping_layers=3 if c_dim else 8)
    sizes = dict(SMALL, conv_clamp=clamp)
    G = Generator(16, c_dim, 12, resolution, 3, mapping=layers, synthesis=sizes)
    return G, Discriminator(c_dim, resolution, 3, **sizes, mapping=layers, **of_d)


def wake_noise(G):
    """Strengths of the noise are 0 at first, where the noise would not be seen."""
    with torch.no_grad():
        for name, p in G.named_parameters():
            if name.endswith("noise_strength"):
                p.normal_()


def labels_of(n, c_dim):
    return F.one_hot(torch.arange(n) % c_dim, c_dim).float() if c_dim else None


def gradients_of(name, net):
    return {f"{name}.{key}.grad": p.grad for key, p in net.named_parameters() if p.grad is not None}


def networks(c_dim=0, **sizes):
    """Weights of a seed; images and logits, and gradients through both; the average of w afterwards."""

    def case(steps=None):
        G, D = networks_of(c_dim, **sizes)
        out = {f"{name}.{key}": value.clone() for name, net in (("G", G), ("D", D)) for key, value in net.state_dict().items()}
        wake_noise(G)
        labels = labels_of(4, c_dim)
        images = G(torch.randn(4, 16), labels)
        logits = D(images, labels)
        F.softplus(-logits).mean().backward()
        out.update(images=images, logits=logits, w_avg=G.mapping.w_avg, **gradients_of("G", G), **gradients_of("D", D))
        return out

    return case


def drawing(steps=None):
    """Evaluation: one grouped convolution a layer; noise of all kinds, truncation of all layers and of the first."""
    G, _ = networks_of()
    wake_noise(G)
    for _ in range(3):
        G.mapping(torch.randn(4, 16))
    G.eval()
    z = torch.randn(3, 16)
    out = {mode: G(z, noise_mode=mode) for mode in ("random", "const", "none")}
    out["unfused"] = G(z, noise_mode="const", fused_modconv=False)
    out["truncated"] = G(z, truncation_psi=0.7, noise_mode="const")
    out["truncated.2"] = G(z, truncation_psi=0.5, truncation_cutoff=2, noise_mode="const")
    out["ws"] = G.mapping(z, truncation_psi=0.5, truncation_cutoff=2)
    images = G(z, fused_modconv=True)
    (images * torch.randn_like(images)).sum().backward()
    return {**out, **gradients_of("G", G)}


def r1(c_dim=0, **of_d):
    """Logits, their gradients in the images, and the penalty's in the weights: second order."""

    def case(steps=None):
        _, D = networks_of(c_dim, **of_d)
        images = torch.randn(8, 3, 16, 16, requires_grad=True)
        logits = D(images, labels_of(8, c_dim))
        (gradient,) = torch.autograd.grad(logits.sum(), images, create_graph=True)
        penalty = gradient.square().sum([1, 2, 3]) * (10 / 2)
        (F.softplus(-logits) + penalty.unsqueeze(1)).mean().backward()
        return {"logits": logits, "gradient": gradient, "penalty": penalty, "images.grad": images.grad, **gradients_of("D", D)}

    return case


def path_length(c_dim=0):
    """Mixed styles, path lengths, their moving mean, and the penalty's gradients in the weights: second order."""

    def case(steps=None):
        G, _ = networks_of(c_dim)
        wake_noise(G)
        out, pl_mean = {}, torch.zeros([])
        for i in range(4):
            G.zero_grad()
            ws = G.mixed_ws(torch.randn(2, 16), labels_of(2, c_dim))
            images = G.synthesis(ws)
            noise = torch.randn_like(images) / math.sqrt(images.shape[2] * images.shape[3])
            (jacobian,) = torch.autograd.grad((images * noise).sum(), ws, create_graph=True)
            lengths = jacobian.square().sum(2).mean(1).sqrt()
            moved = pl_mean.lerp(lengths.mean(), 0.01)
            pl_mean = moved.detach()
            ((lengths - moved).square() * 2).mean().mul(4).backward()
            out.update({f"ws.{i}": ws, f"lengths.{i}": lengths, f"pl_mean.{i}": pl_mean})
        return {**out, "w_avg": G.mapping.w_avg, **gradients_of("G", G)}

    return case


CASES = {
    "stylegan2-ada networks": networks(),
    "stylegan2-ada networks, labels": networks(3, cmap_dim=10),
    "stylegan2-ada networks, clamped": networks(clamp=0.5),
    "stylegan2-ada networks at 4 and 8": networks(resolution=8),
    "stylegan2-ada drawing": drawing,
    "stylegan2-ada R1": r1(),
    "stylegan2-ada R1, labels": r1(3),
    "stylegan2-ada R1, whole batch, two channels of deviations": r1(group_size=None, std_channels=2),
    "stylegan2-ada R1, no deviations": r1(std_channels=0),
    "stylegan2-ada path length": path_length(),
    "stylegan2-ada path length, labels": path_length(3),
}
