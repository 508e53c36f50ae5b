"""Document 1's training: its second CombinedLoss and its train(), with networks in the place of its placeholders."""

import torch
from torch import nn, optim
from torch.utils.data import DataLoader

import dcgan
from optimizer_state import optimizer_state
from zi2zi import normal_init

CLASSES = 3


class CombinedLoss(nn.Module):
    def __init__(self, category_num, lambda_category=1.0, lambda_binary=1.0):
        super().__init__()
        self.lambda_category, self.lambda_binary = lambda_category, lambda_binary
        self.bce = nn.BCEWithLogitsLoss()
        self.emb = nn.Embedding(category_num, category_num)
        self.emb.weight.data = torch.eye(category_num)

    def forward(self, logits, category_logits, labels, real=True):
        binary_labels = torch.ones_like(logits) if real else torch.zeros_like(logits)
        binary_loss = self.bce(logits, binary_labels)
        category_loss = self.bce(category_logits, self.emb(labels))
        return self.lambda_binary * binary_loss + self.lambda_category * category_loss


def samples(shape):
    generator = torch.Generator().manual_seed(1)
    images = torch.rand(21, *shape, generator=generator) * 2 - 1
    return [(images[i], i % CLASSES) for i in range(21)]


def perceptrons():
    shape = (1, 6, 6)
    g = dcgan.SimpleConditionalGenerator(8, shape, (128, 256, 512, 1024), CLASSES)
    return g, dcgan.SimpleConditionalDiscriminator(shape, (512, 256), CLASSES), shape


def convolutions():
    g, d = dcgan.ConditionalGenerator(8, 4, 1, 16, CLASSES), dcgan.ConditionalDiscriminator(1, 4, 16, CLASSES)
    return normal_init(g), normal_init(d), (1, 16, 16)


def training(networks, latent=8, **weights):
    def run(steps):
        generator, discriminator, shape = networks()
        optimizer_G = optim.Adam(generator.parameters(), lr=0.0002, betas=(0.5, 0.999))
        optimizer_D = optim.Adam(discriminator.parameters(), lr=0.0002, betas=(0.5, 0.999))
        loss_fn = CombinedLoss(CLASSES, **weights)
        dataloader = DataLoader(samples(shape), batch_size=5, shuffle=True, drop_last=True)
        step = 0
        while step < steps:
            for real_images, labels in dataloader:
                noise = torch.randn(real_images.size(0), latent)
                fake_images = generator(noise, labels)
                optimizer_D.zero_grad()
                real_logits, real_cat = discriminator(real_images)
                fake_logits, fake_cat = discriminator(fake_images.detach())
                loss_D_real = loss_fn(real_logits, real_cat, labels, real=True)
                loss_D_fake = loss_fn(fake_logits, fake_cat, labels, real=False)
                loss_D = (loss_D_real + loss_D_fake) / 2
                loss_D.backward()
                optimizer_D.step()
                optimizer_G.zero_grad()
                fake_logits, fake_cat = discriminator(fake_images)
                loss_G = loss_fn(fake_logits, fake_cat, labels, real=True)
                loss_G.backward()
                optimizer_G.step()
                step += 1
                if step == steps:
                    break
        return {
            "generator": dict(generator.state_dict()),
            "discriminator": dict(discriminator.state_dict()),
            "optimizer_G": optimizer_state(optimizer_G),
            "optimizer_D": optimizer_state(optimizer_D),
            "targets": {"weight": loss_fn.emb.weight, "grad": loss_fn.emb.weight.grad},
            "values": {"loss_D": loss_D, "loss_G": loss_G},
        }

    return run


CASES = {
    "convolutions": training(convolutions),
    "perceptrons": training(perceptrons),
    "weights": training(convolutions, lambda_category=0.5, lambda_binary=2.0),
}
