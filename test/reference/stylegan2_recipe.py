"""lucidrains' training step (stylegan2-pytorch 1.9.0, and what differed until 1.8.11), in PyTorch; an own transcription."""

import math
import random
from random import random as python_random

import numpy as np
import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

import stylegan2
from stylegan2 import image_noise, latent_to_w, mixed_list, noise_list, styles_def_to_tensor

# -- augmentation ------------------------------------------------------------------------------------------------------


def brightness(x, scale):
    return x + (torch.rand(x.size(0), 1, 1, 1, dtype=x.dtype) - 0.5) * scale


def saturation(x, scale):
    mean = x.mean(dim=1, keepdim=True)
    return (x - mean) * ((torch.rand(x.size(0), 1, 1, 1, dtype=x.dtype) - 0.5) * 2.0 * scale + 1.0) + mean


def contrast(x, scale):
    mean = x.mean(dim=[1, 2, 3], keepdim=True)
    return (x - mean) * ((torch.rand(x.size(0), 1, 1, 1, dtype=x.dtype) - 0.5) * 2.0 * scale + 1.0) + mean


def translation(x, ratio=0.125):
    n, _, h, w = x.shape
    shift_x, shift_y = int(h * ratio + 0.5), int(w * ratio + 0.5)
    by_x = torch.randint(-shift_x, shift_x + 1, size=[n, 1, 1])
    by_y = torch.randint(-shift_y, shift_y + 1, size=[n, 1, 1])
    batch, grid_x, grid_y = torch.meshgrid(torch.arange(n), torch.arange(h), torch.arange(w), indexing="ij")
    grid_x = torch.clamp(grid_x + by_x + 1, 0, h + 1)
    grid_y = torch.clamp(grid_y + by_y + 1, 0, w + 1)
    padded = F.pad(x, [1, 1, 1, 1, 0, 0, 0, 0])
    return padded.permute(0, 2, 3, 1).contiguous()[batch, grid_x, grid_y].permute(0, 3, 1, 2)


def offset(x, ratio_h=1, ratio_v=1):
    h, w = x.size(2), x.size(3)
    images = []
    for image in x.unbind(dim=0):
        max_h, max_v = int(h * ratio_h), int(w * ratio_v)
        by_h = random.randint(0, max_h) * 2 - max_h
        by_v = random.randint(0, max_v) * 2 - max_v
        if abs(by_h) > 0:
            image = torch.roll(image, by_h, 2)
        if abs(by_v) > 0:
            image = torch.roll(image, by_v, 1)
        images.append(image)
    return torch.stack(images)


def cutout(x, ratio=0.5):
    n, _, h, w = x.shape
    size = int(h * ratio + 0.5), int(w * ratio + 0.5)
    at_x = torch.randint(0, h + (1 - size[0] % 2), size=[n, 1, 1])
    at_y = torch.randint(0, w + (1 - size[1] % 2), size=[n, 1, 1])
    batch, grid_x, grid_y = torch.meshgrid(torch.arange(n), torch.arange(size[0]), torch.arange(size[1]), indexing="ij")
    grid_x = torch.clamp(grid_x + at_x - size[0] // 2, min=0, max=h - 1)
    grid_y = torch.clamp(grid_y + at_y - size[1] // 2, min=0, max=w - 1)
    mask = torch.ones(n, h, w, dtype=x.dtype)
    mask[batch, grid_x, grid_y] = 0
    return x * mask.unsqueeze(1)


AUGMENTATIONS = {
    "brightness": [lambda x: brightness(x, 1.0)],
    "lightbrightness": [lambda x: brightness(x, 0.65)],
    "contrast": [lambda x: contrast(x, 0.5)],
    "lightcontrast": [lambda x: contrast(x, 0.25)],
    "saturation": [lambda x: saturation(x, 1.0)],
    "lightsaturation": [lambda x: saturation(x, 0.5)],
    "color": [lambda x: brightness(x, 1.0), lambda x: saturation(x, 1.0), lambda x: contrast(x, 0.5)],
    "lightcolor": [lambda x: brightness(x, 0.65), lambda x: saturation(x, 0.5), lambda x: contrast(x, 0.5)],
    "offset": [offset],
    "offset_h": [lambda x: offset(x, 1, 0)],
    "offset_v": [lambda x: offset(x, 0, 1)],
    "translation": [translation],
    "cutout": [cutout],
}


def diff_augment(x, types):
    for name in types:
        for change in AUGMENTATIONS[name]:
            x = change(x)
    return x.contiguous()


def augmented(D, images, prob, types, detach=False, input_requires_grad=False):
    """The images that D saw, and what it said of them."""
    if python_random() < prob:
        images = torch.flip(images, dims=(3,)) if 0.5 >= python_random() else images
        images = diff_augment(images, types)
    if detach:
        images = images.detach()
    if input_requires_grad:
        images.requires_grad_()
    return images, D(images)


# -- losses ------------------------------------------------------------------------------------------------------------


def hinge(fake, real):
    return (F.relu(1 + real) + F.relu(1 - fake)).mean()


def dual_contrastive(fake, real):
    real, fake = real.reshape(-1), fake.reshape(-1)

    def half(one, other):
        t = torch.cat((one[:, None], other[None, :].expand(one.shape[0], -1)), dim=-1)
        return F.cross_entropy(t, torch.zeros(one.shape[0], dtype=torch.long))

    return half(real, fake) + half(-fake, -real)


# -- the step ----------------------------------------------------------------------------------------------------------


def cycle(loader):
    while True:
        yield from loader


class Trainer:
    """Defaults are the original's `Trainer`."""

    def __init__(self, data, first_step=0, **options):
        o = dict(
            image_size=16, latent_dim=512, style_depth=8, network_capacity=16, fmap_max=512, lr_mlp=0.1,
            attn_layers=(), fq_layers=(), fq_dict_size=256, no_const=False, transparent=False, batch_size=4, mixed_prob=0.9,
            gradient_accumulate_every=1, lr=2e-4, ttur_mult=2, rel_disc_loss=False, no_pl_reg=False, aug_prob=0.0,
            aug_types=("translation", "cutout"), top_k_training=False, generator_top_k_gamma=0.99,
            generator_top_k_frac=0.5, dual_contrast_loss=False, generator_roles="adversarial",
            gp_center=0, pl_mean_dtype="float32",
        ) | options  # fmt: skip
        self.o = type("Options", (), o)
        sizes = ("image_size", "latent_dim", "style_depth", "network_capacity", "fmap_max", "lr_mlp", "attn_layers",
                 "fq_layers", "fq_dict_size", "no_const", "transparent")  # fmt: skip
        self.GAN = stylegan2.StyleGAN2(**{name: o[name] for name in sizes})
        betas = (0.5, 0.9)
        of_g = [*self.GAN.G.parameters(), *self.GAN.S.parameters()]
        self.G_opt = torch.optim.Adam(of_g, lr=o["lr"], betas=betas)
        self.D_opt = torch.optim.Adam(self.GAN.D.parameters(), lr=o["lr"] * o["ttur_mult"], betas=betas)
        dataset = TensorDataset(data)
        self.count = len(dataset)
        if self.o.aug_prob is None and self.count < 1e5:
            self.o.aug_prob = min(0.5, (1e5 - self.count) * 3e-6)
        self.loader = cycle(DataLoader(dataset, batch_size=o["batch_size"], shuffle=True, drop_last=True))
        self.steps = first_step
        self.pl_mean = None
        self.q_loss = self.gp = None

    def images(self, latents):
        styles = styles_def_to_tensor(latent_to_w(self.GAN.S, latents))
        return styles, self.GAN.G(styles, image_noise(self.o.batch_size, self.o.image_size))

    def latents(self, draw):
        return draw(self.o.batch_size, self.GAN.G.num_layers, self.o.latent_dim)

    def train(self):
        o, rounds = self.o, self.o.gradient_accumulate_every
        self.GAN.train()
        with_penalty = self.steps % 4 == 0
        with_paths = not o.no_pl_reg and self.steps > 5000 and self.steps % 32 == 0
        D = self.GAN.D

        total_disc = torch.tensor(0.0)
        mean_length = self.pl_mean
        self.D_opt.zero_grad()
        for _ in range(rounds):
            draw = mixed_list if python_random() < o.mixed_prob else noise_list
            _, images = self.images(self.latents(draw))
            images, (fake, fake_q) = augmented(
                D, images.clone().detach(), o.aug_prob, o.aug_types, detach=True, input_requires_grad=with_penalty
            )
            (batch,) = next(self.loader)
            if with_penalty:
                batch.requires_grad_()
            _, (real, real_q) = augmented(D, batch, o.aug_prob, o.aug_types)
            real_, fake_ = real, fake
            if o.rel_disc_loss:
                real_, fake_ = real - fake.mean(), fake - real.mean()
            divergence = (dual_contrastive if o.dual_contrast_loss else hinge)(fake_, real_)
            loss = divergence
            if len(o.fq_layers) > 0:
                quantize = (fake_q + real_q).mean()
                self.q_loss = quantize.detach()
                loss = loss + quantize
            if with_penalty:
                if o.gp_center == 0:
                    gp = stylegan2.gradient_penalty(batch, real) + stylegan2.gradient_penalty(images, fake)
                else:
                    gp = stylegan2.gradient_penalty(batch, real, center=1.0)
                self.gp = gp.detach()
                loss = loss + gp
            (loss / rounds).backward()
            total_disc += divergence.detach().item() / rounds
        self.D_opt.step()

        total_gen = torch.tensor(0.0)
        self.G_opt.zero_grad()
        for _ in range(rounds):
            styles, images = self.images(self.latents(draw))
            _, (fake, _) = augmented(D, images, o.aug_prob, o.aug_types)
            real = None
            if o.dual_contrast_loss:
                (batch,) = next(self.loader)
                _, (real, _) = augmented(D, batch, o.aug_prob, o.aug_types, detach=True)
                real = real.detach()
            if o.top_k_training:
                epochs = self.steps * o.batch_size * rounds / self.count
                k = math.ceil(o.batch_size * max(o.generator_top_k_gamma**epochs, o.generator_top_k_frac))
                if k != o.batch_size:
                    fake, _ = fake.topk(k=k, largest=False)
            if not o.dual_contrast_loss:
                loss = fake.mean()
            elif o.generator_roles == "cooperative":
                loss = dual_contrastive(fake, real)
            else:
                loss = dual_contrastive(real, fake)
            total = loss
            if with_paths:
                lengths = stylegan2.calc_pl_lengths(styles, images)
                mean_length = np.mean(lengths.detach().numpy())
                if self.pl_mean is not None:
                    penalty = ((lengths - self.pl_mean) ** 2).mean()
                    if not torch.isnan(penalty):
                        total = total + penalty
            (total / rounds).backward()
            total_gen += loss.detach().item() / rounds
        self.G_opt.step()

        if with_paths and not np.isnan(mean_length):
            # NumPy 2 keeps float32 beside Python's floats, NumPy 1 did not.
            new = mean_length if o.pl_mean_dtype == "float32" else float(mean_length)
            self.pl_mean = new if self.pl_mean is None else self.pl_mean * 0.99 + (1 - 0.99) * new
        if self.steps % 10 == 0 and self.steps > 20000:
            self.GAN.EMA()
        if self.steps <= 25000 and self.steps % 1000 == 2:
            self.GAN.reset_parameter_averaging()
        self.steps += 1
        return total_disc.item(), total_gen.item()


# -- what is compared --------------------------------------------------------------------------------------------------

TINY = dict(image_size=8, latent_dim=16, style_depth=2, network_capacity=2, fmap_max=8, batch_size=3)
SMALL = dict(image_size=16, latent_dim=32, style_depth=3, network_capacity=4, fmap_max=32, batch_size=4)


def data(count, size, transparent=False):
    generator = torch.Generator().manual_seed(7)
    return torch.rand(count, 4 if transparent else 3, size, size, generator=generator)


def state_of(trainer):
    out = {f"GAN.{key}": value for key, value in trainer.GAN.state_dict().items() if not key.startswith("D_aug")}
    for name, optimizer in (("G", trainer.G_opt), ("D", trainer.D_opt)):
        for i, state in optimizer.state_dict()["state"].items():
            out |= {f"optimizer_{name}.{i}.{key}": value for key, value in state.items()}
    mean = float("nan") if trainer.pl_mean is None else float(trainer.pl_mean)
    return out | {"pl_mean": torch.tensor(mean, dtype=torch.float64), "draw": torch.rand(3)}


def recipe(first_step=0, **options):
    """All state after some steps, and the losses of each."""

    def case(steps=None):
        trainer = Trainer(data(14, options["image_size"], options.get("transparent", False)), first_step, **options)
        losses = [trainer.train() for _ in range(steps)]
        return {"losses": torch.tensor(losses, dtype=torch.float64)} | state_of(trainer)

    return case


CASES = {
    "stylegan2": recipe(**SMALL),
    "stylegan2, smallest": recipe(**TINY),
    "stylegan2, dual contrastive": recipe(**TINY, dual_contrast_loss=True),
    "stylegan2, dual contrastive, cooperative roles": recipe(
        **TINY, dual_contrast_loss=True, generator_roles="cooperative"
    ),
    "stylegan2, 1.8": recipe(**TINY, gp_center=1),
    "stylegan2, accumulation, relative, top-k": recipe(
        **TINY, gradient_accumulate_every=3, rel_disc_loss=True, top_k_training=True, ttur_mult=1.5
    ),
    "stylegan2, augmentation": recipe(**SMALL, aug_prob=0.7, aug_types=("translation", "cutout", "color", "offset")),
    "stylegan2, augmentation by the number of images": recipe(**TINY, aug_prob=None),
    "stylegan2, transparent": recipe(**SMALL, transparent=True, aug_prob=0.7, aug_types=("color", "cutout")),
    "stylegan2, attention and quantisation": recipe(**SMALL, attn_layers=(1,), fq_layers=(2,), fq_dict_size=8),
    "stylegan2, path length": recipe(5024, **TINY),
    "stylegan2, path length in float64": recipe(5024, **TINY, pl_mean_dtype="float64", gradient_accumulate_every=2),
    "stylegan2, averages": recipe(20009, **TINY),
}
