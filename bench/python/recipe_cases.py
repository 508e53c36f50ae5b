"""Steps of recipes, by the names of bench/recipes.mjs: the transcriptions of test/reference/, as torch comes."""

import importlib

import gan_cases  # noqa: F401  (it makes test/reference importable)
import torch
from torch.utils.data import DataLoader, Dataset

SMALL = {
    "combined_mlp": ("combined", "perceptrons"),
    "combined": ("combined", "convolutions"),
    "zi2zi": ("zi2zi_training", "euphoria"),
    "bicyclegan": ("bicycle_recipes", "bicyclegan, smallest"),
    "bicycle_doc": ("bicycle_recipes", "bicycle-doc"),
    "split_joint": ("split_joint", "split"),
    "stylegan": ("stylegan_recipe", "stylegan"),
    "stylegan2": ("stylegan2_recipe", "stylegan2"),
}


def steps_of(subject, name):
    """A case of so many steps; what it does besides them is there with one step, too, and is taken off."""

    def case(device):
        def run(steps):
            importlib.import_module(subject).CASES[name](steps)

        run.base = 1
        return run

    return case


class Images(Dataset):
    def __init__(self, size):
        self.images = torch.rand(64, 3, size, size) * 2 - 1

    def __len__(self):
        return 64

    def __getitem__(self, index):
        return self.images[index], index % 10


def dcgan_64(device, batch=16):
    """Document 1's training with DCGAN's networks at their own size."""
    import combined
    import dcgan

    generator = combined.normal_init(dcgan.ConditionalGenerator(100, 64, 3, 64, 10)).to(device)
    discriminator = combined.normal_init(dcgan.ConditionalDiscriminator(3, 64, 64, 10)).to(device)
    optimizer_G = torch.optim.Adam(generator.parameters(), lr=0.0002, betas=(0.5, 0.999))
    optimizer_D = torch.optim.Adam(discriminator.parameters(), lr=0.0002, betas=(0.5, 0.999))
    loss_fn = combined.CombinedLoss(10).to(device)
    loader = DataLoader(Images(64), batch_size=batch, shuffle=True, drop_last=True)

    def batches():
        while True:
            yield from loader

    stream = batches()

    def run(steps):
        for _ in range(steps):
            real_images, labels = (part.to(device) for part in next(stream))
            noise = torch.randn(real_images.size(0), 100, device=device)
            fake_images = generator(noise, labels)
            optimizer_D.zero_grad()
            real_logits, real_cat = discriminator(real_images)
            fake_logits, fake_cat = discriminator(fake_images.detach())
            loss_D_real = loss_fn(real_logits, real_cat, labels, real=True)
            loss_D_fake = loss_fn(fake_logits, fake_cat, labels, real=False)
            ((loss_D_real + loss_D_fake) / 2).backward()
            optimizer_D.step()
            optimizer_G.zero_grad()
            fake_logits, fake_cat = discriminator(fake_images)
            loss_fn(fake_logits, fake_cat, labels, real=True).backward()
            optimizer_G.step()

    return run


RECIPES = {**{f"recipe_{name}": steps_of(*where) for name, where in SMALL.items()}, "recipe_dcgan_64": dcgan_64}
