"""Document 4's training, with the discriminator's batches split or joint, and networks with BatchNorm."""

import torch
from torch import nn
from torch.utils.data import DataLoader

from optimizer_state import optimizer_state


class Generator(nn.Module):
    def __init__(self, width=16):
        super().__init__()
        self.width = width
        self.project = nn.Sequential(
            nn.Linear(784, 64, bias=False), nn.BatchNorm1d(64), nn.Linear(64, 2 * width * 49, bias=False)
        )
        self.paint = nn.Sequential(
            nn.BatchNorm2d(2 * width),
            nn.ReLU(),
            nn.ConvTranspose2d(2 * width, width, 4, 2, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.ConvTranspose2d(width, 1, 4, 2, 1),
            nn.Tanh(),
        )

    def forward(self, noise):
        return self.paint(self.project(noise.flatten(1)).view(-1, 2 * self.width, 7, 7))


class Discriminator(nn.Module):
    def __init__(self, width=16):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, width, 4, 2, 1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, 2, 1, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.LeakyReLU(0.2),
            nn.Flatten(),
            nn.Linear(2 * width * 49, 1),
        )

    def forward(self, images):
        return self.layers(images)


def training(mode):
    def run(steps):
        data = torch.rand(21, 1, 28, 28, generator=torch.Generator().manual_seed(1)) * 2 - 1
        generator, discriminator = Generator(), Discriminator()
        optimizer_generator = torch.optim.Adam(generator.parameters(), lr=2e-3, betas=(0.5, 0.999))
        optimizer_discriminator = torch.optim.Adam(discriminator.parameters(), lr=1e-3, betas=(0.5, 0.999))
        criterion = nn.BCEWithLogitsLoss()
        loader = DataLoader(list(data), batch_size=5, shuffle=True, drop_last=True)
        step = 0
        while step < steps:
            for real in loader:
                size = real.shape[0]
                noise = torch.randn(*real.shape)
                fake = generator(noise).detach()
                optimizer_generator.zero_grad()
                optimizer_discriminator.zero_grad()
                if mode == "split":
                    predictions = torch.cat((discriminator(real), discriminator(fake)), dim=0)
                else:
                    predictions = discriminator(torch.cat((real, fake), dim=0))
                # The document's list of integers raises in every binary cross-entropy.
                labels = torch.tensor([[1.0]] * size + [[0.0]] * size)
                loss_discriminator = criterion(predictions, labels)
                loss_discriminator.backward()
                optimizer_discriminator.step()
                optimizer_discriminator.zero_grad()
                optimizer_generator.zero_grad()
                on_fake = discriminator(generator(noise))
                loss_generator = criterion(on_fake, torch.tensor([[1.0]] * size))
                loss_generator.backward()
                optimizer_generator.step()
                step += 1
                if step == steps:
                    break
        share = lambda truth: truth.double().mean()
        return {
            "generator": dict(generator.state_dict()),
            "discriminator": dict(discriminator.state_dict()),
            "optimizer_generator": optimizer_state(optimizer_generator),
            "optimizer_discriminator": optimizer_state(optimizer_discriminator),
            "values": {
                "loss_discriminator": loss_discriminator,
                "accuracy_real": share(predictions[:size] > 0),
                "accuracy_fake": share(predictions[size:] <= 0),
                "loss_generator": loss_generator,
                "fooled": share(on_fake > 0),
            },
        }

    return run


CASES = {"split": training("split"), "joint": training("joint")}
