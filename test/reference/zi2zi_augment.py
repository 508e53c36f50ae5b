"""What the implementations of zi2zi do to their training images: enlarged by Pillow, a part cut out, blurred now and then."""

import random

import numpy as np
import torch
from PIL import Image, ImageFilter


def picture(image):
    """Bytes of a tensor in [-1, 1], C×H×W, as Pillow has them."""
    values = ((image + 1) * 127.5).round().to(torch.uint8).permute(1, 2, 0).numpy()
    return Image.fromarray(values[:, :, 0] if values.shape[2] == 1 else values)


def to_tensor(image):
    values = torch.from_numpy(np.array(image)).view(image.size[1], image.size[0], -1)
    return values.permute(2, 0, 1).contiguous().to(torch.float32).div(255).sub_(0.5).div_(0.5)


def ported(pair, most, filter, blur):
    w, h = pair[0].size
    multiplier = random.uniform(1.0, most)
    nw, nh = int(multiplier * w) + 1, int(multiplier * h) + 1
    pair = [image.resize((nw, nh), filter) for image in pair]
    x = random.randint(0, max(nw - w - 1, 0))
    y = random.randint(0, max(nh - h - 1, 0))
    pair = [image.crop((x, y, x + w, y + h)) for image in pair]
    if blur and random.random() > 0.8:
        sigma = random.choice([1, 1.5, 2])
        pair = [image.filter(ImageFilter.GaussianBlur(radius=sigma)) for image in pair]
    return [to_tensor(image) for image in pair]


def imresize(values, size):
    """scipy.misc's of old, on floats: stretched to all of 0 … 255, then Pillow's bilinear filter."""
    range = values.max() - values.min()
    stretched = (values - values.min()) * (255.0 / (1 if range == 0 else range))
    image = Image.fromarray((stretched.clip(0, 255) + 0.5).astype(np.uint8))
    return np.array(image.resize((size[1], size[0]), Image.Resampling.BILINEAR))


def tensorflow(pair):
    pair = [np.array(image).astype(float) for image in pair]
    w, h = pair[0].shape[:2]
    multiplier = random.uniform(1.00, 1.20)
    nw, nh = int(multiplier * w) + 1, int(multiplier * h) + 1
    x = int(np.ceil(np.random.uniform(0.01, nw - w)))
    y = int(np.ceil(np.random.uniform(0.01, nh - h)))
    parts = [imresize(image, [nw, nh])[x : x + w, y : y + h] for image in pair]
    values = [(part / 127.5 - 1.0).astype(np.float32) for part in parts]
    return [torch.from_numpy(value).view(w, h, -1).permute(2, 0, 1).contiguous() for value in values]


FILTERS = Image.Resampling
CHANGES = {
    "euphoria": lambda pair: ported(pair, 1.05, FILTERS.LANCZOS, True),
    "xuan_li": lambda pair: ported(pair, 1.2, FILTERS.BICUBIC, False),
    "kaonashi": tensorflow,
    "max32002": lambda pair: ported(pair, 1.05, FILTERS.BILINEAR, False),
}


def augmented(port, sources, targets):
    pairs = [CHANGES[port]([picture(source), picture(target)]) for source, target in zip(sources, targets)]
    return torch.stack([source for source, _ in pairs]), torch.stack([target for _, target in pairs])


def case(port, channels):
    def run(steps):
        sources, targets = (torch.rand(24, channels, 32, 32) * 1.5 - 0.9 for _ in range(2))
        sources[3] = -1
        out = augmented(port, sources, targets)
        return {"sources": out[0], "targets": out[1], "next": torch.tensor([random.random(), np.random.random_sample()])}

    return run


def blurs(steps):
    image = picture(torch.rand(1, 20, 33) * 2 - 1)
    blurred = {str(sigma): image.filter(ImageFilter.GaussianBlur(radius=sigma)) for sigma in (0.3, 1, 1.5, 2, 5.7)}
    return {sigma: torch.from_numpy(np.array(values)) for sigma, values in blurred.items()}


CASES = {f"{port}, {channels} channels": case(port, channels) for port in CHANGES for channels in (1, 3)} | {"blurs": blurs}
