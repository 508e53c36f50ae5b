"""JPEG files in folders of classes: `pictures.py FOLDER` writes 192 of about 250 x 250; and torchvision's loader of them.

Pillow is imported where it is used: other cases measure memory.
"""

import importlib.util
import sys
import tempfile
import types
from pathlib import Path

import torch


def write(folder):
    import numpy as np
    from PIL import Image

    rng = np.random.default_rng(0)
    for name in ("cat", "dog"):
        (Path(folder) / name).mkdir(parents=True)
        for i in range(96):
            w, h = (int(side) for side in rng.integers(200, 300, 2))
            small = rng.integers(0, 256, (h // 8 + 1, w // 8 + 1, 3), dtype=np.uint8)
            big = np.asarray(Image.fromarray(small).resize((w, h), Image.Resampling.BICUBIC)).astype(int)
            noisy = (big + rng.integers(-9, 9, big.shape)).clip(0, 255).astype(np.uint8)
            Image.fromarray(noisy).save(Path(folder) / name / f"{i:03}.jpg", quality=85)


def torchvision():
    """torchvision without its compiled half, which is built for CUDA."""
    if "torchvision" not in sys.modules:
        package = types.ModuleType("torchvision")
        package.__path__ = list(importlib.util.find_spec("torchvision").submodule_search_locations)
        package.get_image_backend = lambda: "PIL"
        sys.modules["torchvision"] = package
    import torchvision.transforms
    from torchvision.datasets.folder import ImageFolder

    return torchvision.transforms, ImageFolder


def image_folder(_device):
    T, ImageFolder = torchvision()
    folder = tempfile.TemporaryDirectory()
    write(folder.name)
    steps = [T.Resize(72), T.RandomCrop(64), T.RandomHorizontalFlip(), T.ToTensor(), T.Normalize([0.5] * 3, [0.5] * 3)]
    pictures = ImageFolder(folder.name, T.Compose(steps))
    loader = torch.utils.data.DataLoader(pictures, batch_size=32, shuffle=True, num_workers=2, persistent_workers=True)

    def run(calls):
        # The folder lives as long as this function.
        assert folder.name
        for _ in range(calls):
            for _images, _classes in loader:
                pass

    return run


if __name__ == "__main__":
    write(sys.argv[1])
