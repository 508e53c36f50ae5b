"""GANs' losses, by the names of bench/gan.mjs; the forms are the transcriptions of test/reference/."""

import sys
from pathlib import Path

import torch

sys.path.append(str(Path(__file__).parents[2] / "test" / "reference"))

import category

CATEGORIES = 40


def separate(device):
    binary = torch.nn.BCEWithLogitsLoss()
    by_category = category.CategoryLoss(CATEGORIES).to(device)
    return lambda logits, category_logits, labels: binary(logits, torch.ones(logits.shape[0], 1, device=device)) + by_category(category_logits, labels)


def fused(device):
    loss = category.FusedCombinedLoss(CATEGORIES)
    loss.targets, loss.weights = loss.targets.to(device), loss.weights.to(device)
    return loss


FORMS = {
    "loss_separate": separate,
    "loss_combined": lambda device: category.CombinedLoss(CATEGORIES).to(device),
    "loss_combined_frozen": lambda device: category.frozen(category.CombinedLoss(CATEGORIES).to(device)),
    "loss_fused": fused,
}


def category_loss(make):
    """Loss of both kinds of logits by a form of document 1's, forward and backward."""

    def case(device, batch=16):
        loss = make(device)
        logits = torch.randn(batch, 1, device=device, requires_grad=True)
        category_logits = torch.randn(batch, CATEGORIES, device=device, requires_grad=True)
        labels = torch.randint(CATEGORIES, [batch], device=device)

        def run(calls):
            for _ in range(calls):
                logits.grad = None
                category_logits.grad = None
                loss(logits, category_logits, labels).backward()

        return run

    return case


GAN = {name: category_loss(make) for name, make in FORMS.items()}
