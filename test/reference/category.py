"""zi2zi's CategoryLoss and BinaryLoss, and document 1's CombinedLoss in both of its forms."""

import torch
from torch import nn


def identity(category_num):
    emb = nn.Embedding(category_num, category_num)
    emb.weight.data = torch.eye(category_num)
    return emb


class BinaryLoss(nn.Module):
    def __init__(self, real):
        super().__init__()
        self.bce = nn.BCEWithLogitsLoss()
        self.real = real

    def forward(self, logits):
        target = torch.ones(logits.shape[0], 1) if self.real else torch.zeros(logits.shape[0], 1)
        return self.bce(logits, target)


class CategoryLoss(nn.Module):
    def __init__(self, category_num):
        super().__init__()
        self.emb = identity(category_num)
        self.bce = nn.BCEWithLogitsLoss()

    def forward(self, category_logits, labels):
        return self.bce(category_logits, self.emb(labels))


class OneSidedCombinedLoss(nn.Module):
    def __init__(self, category_num, real=True, lambda_category=1.0, lambda_binary=1.0):
        super().__init__()
        self.lambda_category, self.lambda_binary, self.real = lambda_category, lambda_binary, real
        self.bce = nn.BCEWithLogitsLoss()
        self.emb = identity(category_num)

    def forward(self, logits, category_logits, labels):
        size = (logits.shape[0], 1)
        binary_loss = self.bce(logits, torch.ones(size) if self.real else torch.zeros(size))
        category_loss = self.bce(category_logits, self.emb(labels))
        return self.lambda_binary * binary_loss + self.lambda_category * category_loss


class CombinedLoss(nn.Module):
    def __init__(self, category_num, lambda_category=1.0, lambda_binary=1.0):
        super().__init__()
        self.lambda_category, self.lambda_binary = lambda_category, lambda_binary
        self.bce = nn.BCEWithLogitsLoss()
        self.emb = identity(category_num)

    def forward(self, logits, category_logits, labels, real=True):
        binary_loss = self.bce(logits, torch.ones_like(logits) if real else torch.zeros_like(logits))
        category_loss = self.bce(category_logits, self.emb(labels))
        return self.lambda_binary * binary_loss + self.lambda_category * category_loss


class FusedCombinedLoss(nn.Module):
    """One weighted cross-entropy over both kinds of logits."""

    def __init__(self, category_num, lambda_category=1.0, lambda_binary=1.0):
        super().__init__()
        half = torch.arange(2 * category_num).remainder(2).unsqueeze(1).float()
        self.targets = torch.cat([half, torch.eye(category_num).repeat_interleave(2, 0)], 1)
        self.weights = torch.tensor([lambda_binary] + [lambda_category / category_num] * category_num)

    def forward(self, logits, category_logits, labels, real=True):
        target = nn.functional.embedding(labels * 2 + int(real), self.targets)
        weight = self.weights / logits.size(0)
        both = torch.cat([logits, category_logits], 1)
        return nn.functional.binary_cross_entropy_with_logits(both, target, weight, reduction="sum")


def probe(criterion, *calls):
    """Three passes, gradients of the logits, and the gradient that the targets gather."""
    out = {}
    parameters = list(criterion.parameters())
    for step in range(3):
        logits = torch.randn(6, 1, requires_grad=True)
        category_logits = torch.randn(6, 4, requires_grad=True)
        labels = torch.randint(4, [6], dtype=torch.int64 if step < 2 else torch.int32)
        value = sum(call(criterion, logits, category_logits, labels) for call in calls)
        value.backward()
        out[step] = [value, logits.grad, category_logits.grad, *(p.grad.clone() for p in parameters if p.grad is not None)]
    return {**out, "state": dict(criterion.state_dict())}


def binary(criterion, logits, _, labels):
    return criterion(logits)


def category(criterion, _, category_logits, labels):
    return criterion(category_logits, labels)


def combined(criterion, logits, category_logits, labels):
    return criterion(logits, category_logits, labels)


def combined_fake(criterion, logits, category_logits, labels):
    return criterion(logits, category_logits, labels, real=False)


def frozen(criterion):
    criterion.emb.weight.requires_grad_(False)
    return criterion


CASES = {
    "BinaryLoss, real": lambda steps=None: probe(BinaryLoss(True), binary),
    "BinaryLoss, fake": lambda steps=None: probe(BinaryLoss(False), binary),
    "CategoryLoss": lambda steps=None: probe(CategoryLoss(4), category),
    "CategoryLoss, frozen": lambda steps=None: probe(frozen(CategoryLoss(4)), category),
    "OneSidedCombinedLoss, real": lambda steps=None: probe(OneSidedCombinedLoss(4), combined),
    "OneSidedCombinedLoss, fake": lambda steps=None: probe(OneSidedCombinedLoss(4, False, 0.5, 2.0), combined),
    "CombinedLoss": lambda steps=None: probe(CombinedLoss(4), combined, combined_fake),
    "CombinedLoss, weighted": lambda steps=None: probe(CombinedLoss(4, 0.5, 2.0), combined, combined_fake),
    "CombinedLoss, frozen": lambda steps=None: probe(frozen(CombinedLoss(4)), combined, combined_fake),
    "FusedCombinedLoss": lambda steps=None: probe(FusedCombinedLoss(4, 0.5, 2.0), combined, combined_fake),
}
