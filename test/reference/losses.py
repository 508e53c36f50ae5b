"""GAN losses as the papers and the documents' code compute them, in PyTorch's own words."""

import torch
import torch.nn.functional as F

REDUCTIONS = ("mean", "sum", "none")


def reduced(x, reduction):
    return x if reduction == "none" else getattr(x, reduction)()


# Halves of unequal shapes are reduced each by itself.
def both(real, fake, reduction):
    if real.shape == fake.shape:
        return reduced(real + fake, reduction)
    return reduced(real, reduction) + reduced(fake, reduction)


def wgan_d(r, f, reduction="mean"):
    return both(-r, f, reduction)


def wgan_drift_d(r, f, reduction="mean", drift=0.001):
    if r.shape == f.shape:
        return reduced((f - r) + drift * torch.square(r), reduction)
    return reduced(drift * torch.square(r) - r, reduction) + reduced(f, reduction)


def wgan_g(r, f, reduction="mean"):
    return reduced(-f, reduction)


def hinge_d(r, f, reduction="mean"):
    return both(F.relu(1 - r), F.relu(1 + f), reduction)


def hinge_g(r, f, reduction="mean"):
    return reduced(-f, reduction)


def flipped_hinge_d(r, f, reduction="mean"):
    return both(F.relu(1 + r), F.relu(1 - f), reduction)


def flipped_hinge_g(r, f, reduction="mean"):
    return reduced(f, reduction)


def logistic_d(r, f, reduction="mean"):
    return both(F.softplus(f), F.softplus(-r), reduction)


def logistic_g(r, f, reduction="mean"):
    return reduced(F.softplus(-f), reduction)


def saturating_logistic_g(r, f, reduction="mean"):
    return reduced(-F.softplus(f), reduction)


def bce_d(r, f, reduction="mean"):
    targets = torch.cat([torch.ones_like(r), torch.zeros_like(f)])
    return F.binary_cross_entropy_with_logits(torch.cat([r, f]), targets, reduction=reduction)


def bce_g(r, f, reduction="mean"):
    return F.binary_cross_entropy_with_logits(f, torch.ones_like(f), reduction=reduction)


def vanilla_d(r, f, reduction="mean"):
    on_real = F.binary_cross_entropy_with_logits(r, torch.ones_like(r), reduction=reduction)
    return on_real + F.binary_cross_entropy_with_logits(f, torch.zeros_like(f), reduction=reduction)


def lsgan_d(r, f, reduction="mean"):
    on_real = F.mse_loss(r, torch.ones_like(r), reduction=reduction)
    return on_real + F.mse_loss(f, torch.zeros_like(f), reduction=reduction)


def lsgan_g(r, f, reduction="mean"):
    return F.mse_loss(f, torch.ones_like(f), reduction=reduction)


def relativistic_d(r, f, reduction="mean"):
    return reduced(F.softplus(-(r - f)), reduction)


def relativistic_g(r, f, reduction="mean"):
    return reduced(F.softplus(-(f - r)), reduction)


def relativistic_average_d(r, f, reduction="mean"):
    return both(F.softplus(-(r - f.mean())), F.softplus(f - r.mean()), reduction)


def relativistic_average_g(r, f, reduction="mean"):
    return both(F.softplus(r - f.mean()), F.softplus(-(f - r.mean())), reduction)


def one_against_all(one, all, reduction):
    rows = all[None, :].repeat(len(one), 1)
    logits = torch.cat((one[:, None], rows), dim=-1)
    return F.cross_entropy(logits, torch.zeros(len(one), dtype=torch.long), reduction=reduction)


def dual_contrastive_d(r, f, reduction="mean"):
    r, f = r.reshape(-1), f.reshape(-1)
    return one_against_all(r, f, reduction) + one_against_all(-f, -r, reduction)


def dual_contrastive_g(r, f, reduction="mean"):
    return dual_contrastive_d(f, r, reduction)


LOSSES = {
    "wgan_discriminator_loss": wgan_d,
    "wgan_discriminator_loss with drift": wgan_drift_d,
    "wgan_generator_loss": wgan_g,
    "hinge_discriminator_loss": hinge_d,
    "hinge_generator_loss": hinge_g,
    "flipped_hinge_discriminator_loss": flipped_hinge_d,
    "flipped_hinge_generator_loss": flipped_hinge_g,
    "logistic_discriminator_loss": logistic_d,
    "logistic_generator_loss": logistic_g,
    "saturating_logistic_generator_loss": saturating_logistic_g,
    "bce_discriminator_loss": bce_d,
    "bce_generator_loss": bce_g,
    "vanilla_discriminator_loss": vanilla_d,
    "lsgan_discriminator_loss": lsgan_d,
    "lsgan_generator_loss": lsgan_g,
    "relativistic_discriminator_loss": relativistic_d,
    "relativistic_generator_loss": relativistic_g,
    "relativistic_average_discriminator_loss": relativistic_average_d,
    "relativistic_average_generator_loss": relativistic_average_g,
    "dual_contrastive_discriminator_loss": dual_contrastive_d,
    "dual_contrastive_generator_loss": dual_contrastive_g,
    "dual_contrastive_generator_loss, cooperative": dual_contrastive_d,
}

# Pairs of halves may differ in size; these compare them one by one.
PAIRWISE = ("relativistic_discriminator_loss", "relativistic_generator_loss")

SHAPES = {"scores": ([16], [16]), "columns": ([5, 1], [5, 1]), "patches": ([2, 1, 6, 6], [2, 1, 6, 6])}
UNEQUAL = {"unequal": ([7, 1], [4, 1])}


def probe(loss, shapes, reduction, dtype):
    """Value, gradients, and the gradients of the gradients' squared norm."""
    real, fake = (3 * torch.randn(shape, dtype=dtype) for shape in shapes)
    real.requires_grad_()
    fake.requires_grad_()
    value = loss(real, fake, reduction)
    weighted = (value * torch.randn_like(value)).sum()
    first = torch.autograd.grad(weighted, [real, fake], create_graph=True, allow_unused=True)
    out = {"value": value, "first": first}
    norm = sum(g.square().sum() for g in first if g is not None)
    if norm.requires_grad:
        out["second"] = torch.autograd.grad(norm, [real, fake], allow_unused=True)
    return out


def probes(name, loss):
    def case(steps=None):
        out = {}
        for label, shapes in (SHAPES if name in PAIRWISE else {**SHAPES, **UNEQUAL}).items():
            for reduction in REDUCTIONS:
                if label == "unequal" and reduction == "none":
                    continue
                for dtype in (torch.float32, torch.float64):
                    out[f"{label} {reduction} {dtype}"] = probe(loss, shapes, reduction, dtype)
        return out

    return case


CASES = {name: probes(name, loss) for name, loss in LOSSES.items()}
