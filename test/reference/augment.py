"""DiffAugment, ADA and APA: what goes through them, and gradients of gradients through them."""

import math
import random

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

# DiffAugment, as Zhao et al. wrote it for `color`, `translation`, `cutout`.


def zhao_brightness(x):
    return x + (torch.rand(x.size(0), 1, 1, 1) - 0.5)


def zhao_saturation(x):
    mean = x.mean(dim=1, keepdim=True)
    return (x - mean) * (torch.rand(x.size(0), 1, 1, 1) * 2) + mean


def zhao_contrast(x):
    mean = x.mean(dim=[1, 2, 3], keepdim=True)
    return (x - mean) * (torch.rand(x.size(0), 1, 1, 1) + 0.5) + mean


def brightness(x, scale):
    return x + (torch.rand(x.size(0), 1, 1, 1) - 0.5) * scale


def spread(x, mean, scale):
    return (x - mean) * ((torch.rand(x.size(0), 1, 1, 1) - 0.5) * 2.0 * scale + 1.0) + mean


def saturation(x, scale):
    return spread(x, x.mean(dim=1, keepdim=True), scale)


def contrast(x, scale):
    return spread(x, x.mean(dim=[1, 2, 3], keepdim=True), scale)


def grid(x, rows, columns):
    return torch.meshgrid(torch.arange(x.size(0)), torch.arange(rows), torch.arange(columns), indexing="ij")


def translation(x, ratio=0.125):
    shift_x, shift_y = int(x.size(2) * ratio + 0.5), int(x.size(3) * ratio + 0.5)
    by_x = torch.randint(-shift_x, shift_x + 1, size=[x.size(0), 1, 1])
    by_y = torch.randint(-shift_y, shift_y + 1, size=[x.size(0), 1, 1])
    batch, rows, columns = grid(x, x.size(2), x.size(3))
    rows = torch.clamp(rows + by_x + 1, 0, x.size(2) + 1)
    columns = torch.clamp(columns + by_y + 1, 0, x.size(3) + 1)
    return F.pad(x, [1, 1, 1, 1, 0, 0, 0, 0]).permute(0, 2, 3, 1).contiguous()[batch, rows, columns].permute(0, 3, 1, 2)


def cutout(x, ratio=0.5):
    height, width = int(x.size(2) * ratio + 0.5), int(x.size(3) * ratio + 0.5)
    at_x = torch.randint(0, x.size(2) + (1 - height % 2), size=[x.size(0), 1, 1])
    at_y = torch.randint(0, x.size(3) + (1 - width % 2), size=[x.size(0), 1, 1])
    batch, rows, columns = grid(x, height, width)
    rows = torch.clamp(rows + at_x - height // 2, min=0, max=x.size(2) - 1)
    columns = torch.clamp(columns + at_y - width // 2, min=0, max=x.size(3) - 1)
    mask = torch.ones(x.size(0), x.size(2), x.size(3))
    mask[batch, rows, columns] = 0
    return x * mask.unsqueeze(1)


def offset(x, ratio_h, ratio_v):
    images = []
    for image in x.unbind(dim=0):
        max_h, max_v = int(x.size(2) * ratio_h), int(x.size(3) * ratio_v)
        by_h = random.randint(0, max_h) * 2 - max_h
        by_v = random.randint(0, max_v) * 2 - max_v
        if by_h != 0:
            image = torch.roll(image, by_h, 2)
        if by_v != 0:
            image = torch.roll(image, by_v, 1)
        images.append(image)
    return torch.stack(images)


DIFF = {
    "brightness": [lambda x: brightness(x, 1.0)],
    "lightbrightness": [lambda x: brightness(x, 0.65)],
    "contrast": [lambda x: contrast(x, 0.5)],
    "lightcontrast": [lambda x: contrast(x, 0.25)],
    "saturation": [lambda x: saturation(x, 1.0)],
    "lightsaturation": [lambda x: saturation(x, 0.5)],
    "color": [lambda x: brightness(x, 1.0), lambda x: saturation(x, 1.0), lambda x: contrast(x, 0.5)],
    "lightcolor": [lambda x: brightness(x, 0.65), lambda x: saturation(x, 0.5), lambda x: contrast(x, 0.5)],
    "offset": [lambda x: offset(x, 1, 1)],
    "offset_h": [lambda x: offset(x, 1, 0)],
    "offset_v": [lambda x: offset(x, 0, 1)],
    "translation": [translation],
    "cutout": [cutout],
}
ZHAO = {
    "color": [zhao_brightness, zhao_saturation, zhao_contrast],
    "translation": [translation],
    "cutout": [cutout],
}


def diff_augment(x, types, table=DIFF):
    for name in types:
        for change in table[name]:
            x = change(x)
    return x.contiguous()


# ADA's pipeline, appendix B of the paper.

SYM6 = [
    0.015404109327027373, 0.0034907120842174702, -0.11799011114819057, -0.048311742585633, 0.4910559419267466,
    0.787641141030194, 0.3379294217276218, -0.07263752278646252, -0.021060292512300564, 0.04472490177066578,
    0.0017677118642428036, -0.007800708325034148,
]  # fmt: skip
SYM2 = [-0.12940952255092145, 0.22414386804185735, 0.836516303737469, 0.48296291314469025]

DEFAULTS = dict(
    xflip=0, rotate90=0, xint=0, xint_max=0.125,
    scale=0, rotate=0, aniso=0, xfrac=0, scale_std=0.2, rotate_max=1, aniso_std=0.2, xfrac_std=0.125,
    brightness=0, contrast=0, lumaflip=0, hue=0, saturation=0,
    brightness_std=0.2, contrast_std=0.5, hue_max=1, saturation_std=1,
    imgfilter=0, imgfilter_bands=[1, 1, 1, 1], imgfilter_std=1,
    noise=0, cutout=0, noise_std=0.1, cutout_size=0.5,
)  # fmt: skip
BLIT = dict(xflip=1, rotate90=1, xint=1)
GEOM = dict(scale=1, rotate=1, aniso=1, xfrac=1)
COLOR = dict(brightness=1, contrast=1, lumaflip=1, hue=1, saturation=1)
PIPELINES = {
    "blit": BLIT,
    "geom": GEOM,
    "color": COLOR,
    "filter": dict(imgfilter=1),
    "noise": dict(noise=1),
    "cutout": dict(cutout=1),
    "bg": {**BLIT, **GEOM},
    "bgc": {**BLIT, **GEOM, **COLOR},
    "bgcfnc": {**BLIT, **GEOM, **COLOR, "imgfilter": 1, "noise": 1, "cutout": 1},
}


def matrix(*rows):
    elements = [x for row in rows for x in row]
    tensors = [x for x in elements if isinstance(x, torch.Tensor)]
    if not tensors:
        return torch.tensor(rows, dtype=torch.float32)
    full = [x if isinstance(x, torch.Tensor) else torch.full_like(tensors[0], x) for x in elements]
    return torch.stack(full, dim=-1).reshape(*tensors[0].shape, len(rows), -1)


def translate2d(x, y):
    return matrix([1, 0, x], [0, 1, y], [0, 0, 1])


def scale2d(x, y):
    return matrix([x, 0, 0], [0, y, 0], [0, 0, 1])


def rotate2d(angle):
    sin, cos = torch.sin(angle), torch.cos(angle)
    return matrix([cos, -sin, 0], [sin, cos, 0], [0, 0, 1])


def band_filters():
    low, high = np.array(SYM2), np.array(SYM2) * [1, -1, 1, -1]
    low2 = np.convolve(low, low[::-1]) / 2
    high2 = np.convolve(high, high[::-1]) / 2
    bank = np.eye(4, 1)
    for band in range(1, 4):
        stretched = np.zeros([4, bank.shape[1] * 2 - 1])
        stretched[:, ::2] = bank
        bank = np.stack([np.convolve(row, low2) for row in stretched])
        start = (bank.shape[1] - len(high2)) // 2
        bank[band, start : start + len(high2)] += high2
    return torch.tensor(bank, dtype=torch.float32)


class AdaAugment:
    def __init__(self, **options):
        self.__dict__.update(DEFAULTS)
        self.__dict__.update(options)
        self.geom = torch.tensor(SYM6, dtype=torch.float32)
        self.geom = self.geom / self.geom.sum()
        self.bank = band_filters()

    def __call__(self, x, p):
        back = self.geometry(x, p)
        if back is not None:
            x = self.transform(x, back)
        color = self.color(x, p)
        if color is not None:
            x = self.colour(x, color)
        if self.imgfilter > 0:
            x = self.filter(x, p)
        if self.noise > 0:
            sigma = torch.randn(len(x), 1, 1, 1).abs() * self.noise_std
            sigma = self.chance(sigma, 0, self.noise * p, [len(x), 1, 1, 1])
            x = x + torch.randn(x.shape) * sigma
        if self.cutout > 0:
            x = self.cut_out(x, p)
        return x

    @staticmethod
    def chance(drawn, nothing, p, size):
        return torch.where(torch.rand(size) < p, drawn, torch.full_like(drawn, nothing))

    def geometry(self, x, p):
        n, _, height, width = x.shape
        changes = []
        if self.xflip > 0:
            i = self.chance(torch.floor(torch.rand(n) * 2), 0, self.xflip * p, [n])
            changes.append(scale2d(1 / (1 - 2 * i), 1))
        if self.rotate90 > 0:
            i = self.chance(torch.floor(torch.rand(n) * 4), 0, self.rotate90 * p, [n])
            changes.append(rotate2d(i * (math.pi / 2)))
        if self.xint > 0:
            t = self.chance((torch.rand(n, 2) * 2 - 1) * self.xint_max, 0, self.xint * p, [n, 1])
            changes.append(translate2d(-torch.round(t[:, 0] * width), -torch.round(t[:, 1] * height)))
        if self.scale > 0:
            s = 1 / self.chance(torch.exp2(torch.randn(n) * self.scale_std), 1, self.scale * p, [n])
            changes.append(scale2d(s, s))
        p_rotate = 1 - math.sqrt(min(max(1 - self.rotate * p, 0), 1))
        if self.rotate > 0:
            angle = (torch.rand(n) * 2 - 1) * (math.pi * self.rotate_max)
            changes.append(rotate2d(self.chance(angle, 0, p_rotate, [n])))
        if self.aniso > 0:
            s = self.chance(torch.exp2(torch.randn(n) * self.aniso_std), 1, self.aniso * p, [n])
            changes.append(scale2d(1 / s, s))
        if self.rotate > 0:
            angle = (torch.rand(n) * 2 - 1) * (math.pi * self.rotate_max)
            changes.append(rotate2d(self.chance(angle, 0, p_rotate, [n])))
        if self.xfrac > 0:
            t = self.chance(torch.randn(n, 2) * self.xfrac_std, 0, self.xfrac * p, [n, 1])
            changes.append(translate2d(t[:, 0] * -width, t[:, 1] * -height))
        if not changes:
            return None
        back = torch.eye(3)
        for change in changes:
            back = back @ change
        return back

    def separable(self, x, filter, apply):
        kernels = filter.view(1, 1, -1).repeat(x.shape[1], 1, 1)
        return apply(apply(x, kernels.unsqueeze(2), 0), kernels.unsqueeze(3), 1)

    def transform(self, x, back):
        n, channels, height, width = x.shape
        taps = len(self.geom)
        cx, cy = (width - 1) / 2, (height - 1) / 2
        corners = matrix([-cx, cx, cx, -cx], [-cy, -cy, cy, cy], [1, 1, 1, 1])
        reached = (back @ corners)[:, :2].transpose(0, 1).flatten(1)
        beyond = torch.cat([-reached, reached]).amax(1) + torch.tensor([taps / 2 - cx, taps / 2 - cy] * 2)
        most = torch.tensor([width - 1, height - 1] * 2)
        left, top, right, bottom = (int(m) for m in beyond.clamp(0).minimum(most).ceil())
        x = F.pad(x, [left, right, top, bottom], mode="reflect")

        def up(x, kernel, axis):
            stride, padding = ([1, 2], [0, taps // 2 - 1]) if axis == 0 else ([2, 1], [taps // 2 - 1, 0])
            return F.conv_transpose2d(x, kernel, stride=stride, padding=padding, groups=channels)

        def down(x, kernel, axis):
            return F.conv2d(x, kernel, stride=[1, 2] if axis == 0 else [2, 1], groups=channels)

        large = self.separable(x, self.geom * 2, up)
        m = translate2d((left - right) / 2, (top - bottom) / 2) @ back
        m = scale2d(2, 2) @ m @ scale2d(1 / 2, 1 / 2)
        m = translate2d(-0.5, -0.5) @ m @ translate2d(0.5, 0.5)
        h, w = (height + taps // 2) * 2, (width + taps // 2) * 2
        m = scale2d(2 / large.shape[3], 2 / large.shape[2]) @ m @ scale2d(w / 2, h / 2)
        grid = F.affine_grid(m[:, :2], [n, channels, h, w], align_corners=False)
        moved = F.grid_sample(large, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
        return self.separable(moved[:, :, 1:-1, 1:-1], self.geom, down)

    def color(self, x, p):
        n, several = len(x), x.shape[1] > 1
        grey = torch.full([4, 4], 1 / 3)
        grey[3] = 0
        grey[:, 3] = 0
        changes = []
        if self.brightness > 0:
            b = self.chance(torch.randn(n) * self.brightness_std, 0, self.brightness * p, [n])
            changes.append(matrix([1, 0, 0, b], [0, 1, 0, b], [0, 0, 1, b], [0, 0, 0, 1]))
        if self.contrast > 0:
            c = self.chance(torch.exp2(torch.randn(n) * self.contrast_std), 1, self.contrast * p, [n])
            changes.append(matrix([c, 0, 0, 0], [0, c, 0, 0], [0, 0, c, 0], [0, 0, 0, 1]))
        if self.lumaflip > 0:
            i = self.chance(torch.floor(torch.rand(n, 1, 1) * 2), 0, self.lumaflip * p, [n, 1, 1])
            changes.append(torch.eye(4) - grey * 2 * i)
        if self.hue > 0 and several:
            angle = self.chance((torch.rand(n) * 2 - 1) * (math.pi * self.hue_max), 0, self.hue * p, [n])
            sin, cos = torch.sin(angle), torch.cos(angle)
            along, across = (1 - cos) / 3, sin * math.sqrt(1 / 3)
            same, next, last = along + cos, along - across, along + across
            changes.append(matrix([same, next, last, 0], [last, same, next, 0], [next, last, same, 0], [0, 0, 0, 1]))
        if self.saturation > 0 and several:
            s = torch.exp2(torch.randn(n, 1, 1) * self.saturation_std)
            s = self.chance(s, 1, self.saturation * p, [n, 1, 1])
            changes.append(grey + (torch.eye(4) - grey) * s)
        if not changes:
            return None
        color = torch.eye(4)
        for change in changes:
            color = change @ color
        return color

    def colour(self, x, color):
        flat, linear, moved = x.flatten(2), color[:, :3, :3], color[:, :3, 3:]
        if x.shape[1] == 3:
            return (linear @ flat + moved).view(x.shape)
        gain = linear.mean(1, keepdim=True).sum(2, keepdim=True)
        return (flat * gain + moved.mean(1, keepdim=True)).view(x.shape)

    def filter(self, x, p):
        n, channels, height, width = x.shape
        power = torch.tensor([10 / 13, 1 / 13, 1 / 13, 1 / 13])
        gains = torch.ones(n, 4)
        for band, multiplier in enumerate(self.imgfilter_bands):
            drawn = torch.exp2(torch.randn(n) * self.imgfilter_std)
            gain = torch.ones(n, 4)
            gain[:, band] = self.chance(drawn, 1, self.imgfilter * p * multiplier, [n])
            gains = gains * (gain / (power * gain.square()).sum(-1, keepdim=True).sqrt())
        kernels = (gains @ self.bank).unsqueeze(1).repeat(1, channels, 1).reshape(n * channels, 1, -1)
        margin = self.bank.shape[1] // 2
        x = F.pad(x.reshape(1, n * channels, height, width), [margin] * 4, mode="reflect")
        x = F.conv2d(x, kernels.unsqueeze(2), groups=n * channels)
        return F.conv2d(x, kernels.unsqueeze(3), groups=n * channels).reshape(n, channels, height, width)

    def cut_out(self, x, p):
        n, _, height, width = x.shape
        size = self.chance(torch.full([n, 2, 1, 1, 1], self.cutout_size), 0, self.cutout * p, [n, 1, 1, 1, 1])
        center = torch.rand(n, 2, 1, 1, 1)
        beside = ((torch.arange(width).reshape(1, 1, 1, -1) + 0.5) / width - center[:, 0]).abs() >= size[:, 0] / 2
        above = ((torch.arange(height).reshape(1, 1, -1, 1) + 0.5) / height - center[:, 1]).abs() >= size[:, 1] / 2
        return x * torch.logical_or(beside, above).to(torch.float32)


def pseudo_augment(real, fake, p):
    flag = torch.ones(len(real), 1, 1, 1)
    flag = torch.where(torch.rand(len(real), 1, 1, 1) < p, flag, torch.zeros_like(flag))
    return fake.detach() * flag + real * (1 - flag)


class AdaptiveProbability:
    def __init__(self, p, target, interval, kimg):
        self.p, self.target, self.interval, self.kimg = p, target, interval, kimg
        self.signs, self.count, self.steps = 0, 0, 0

    def observe(self, real):
        self.signs += float(real.sign().sum())
        self.count += real.numel()

    def step(self, batch_size):
        self.steps += 1
        if self.steps % self.interval == 0 and self.count:
            sign = float(np.sign(self.signs / self.count - self.target))
            self.p = max(self.p + sign * (batch_size * self.interval) / (self.kimg * 1000), 0)
            self.signs, self.count = 0, 0
        return self.p


def probe(change, size, rounds=3):
    """What comes out, and the R1 penalty of a convolution at the images before the change, with its gradients."""
    net = nn.Conv2d(size[1], 4, 3)
    out = {}
    for round in range(rounds):
        images = torch.randn(size, requires_grad=True)
        augmented = change(images)
        logits = torch.tanh(net(augmented)).square().sum()
        (gradient,) = torch.autograd.grad(logits, images, create_graph=True)
        penalty = gradient.square().flatten(1).sum(1).mean()
        net.zero_grad()
        (logits + penalty).backward()
        out[round] = [augmented, gradient, penalty, net.weight.grad.clone(), images.grad]
    return out


def adaptive(steps=None):
    probability = AdaptiveProbability(0.0, 0.6, 4, 1)
    out = []
    for step in range(60):
        probability.observe(torch.randn(8, 1) + (2 if step < 40 else -2))
        out.append(probability.step(8))
    return {"p": out, "last": probability.p}


def pseudo(steps=None):
    fake = torch.randn(6, 3, 8, 8, requires_grad=True)
    return {p: probe(lambda x: pseudo_augment(x, fake, p), [6, 3, 8, 8]) for p in (0, 0.5, 1)}


def diff_case(types, table=DIFF, size=(5, 3, 16, 12)):
    return lambda steps=None: probe(lambda x: diff_augment(x, types, table), list(size))


def ada_case(options, p, size=(5, 3, 24, 28)):
    return lambda steps=None: probe(lambda x: AdaAugment(**options)(x, p), list(size))


CASES = {
    **{f"DiffAugment {name}": diff_case([name]) for name in DIFF},
    "DiffAugment color,translation,cutout": diff_case(["color", "translation", "cutout"]),
    "DiffAugment of Zhao et al.": diff_case(["color", "translation", "cutout"], ZHAO),
    **{f"ADA {name}": ada_case(options, 1) for name, options in PIPELINES.items()},
    "ADA bgc at p 0.3": ada_case(PIPELINES["bgc"], 0.3),
    "ADA bgc at p 0": ada_case(PIPELINES["bgc"], 0),
    "ADA bgcfnc of greys": ada_case(PIPELINES["bgcfnc"], 0.8, (4, 1, 22, 22)),
    "APA": pseudo,
    "adaptive probability": adaptive,
}
