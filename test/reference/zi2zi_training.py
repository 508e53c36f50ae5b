"""zi2zi's training as its implementations do it: EuphoriaYan's, and what others change."""

import math

import numpy
import torch
from torch import nn
from torch.utils.data import DataLoader

from optimizer_state import optimizer_state
from zi2zi import Discriminator, Generator, normal_init
from zi2zi_augment import augmented
from zi2zi_pixel_shuffle import PixelShuffleGenerator
from zi2zi_tensorflow import TensorFlowDiscriminator, TensorFlowGenerator, tensorflow_init

STYLES, SIZE = 3, 32


class Category(nn.Module):
    def __init__(self, count):
        super().__init__()
        self.emb = nn.Embedding(count, count)
        self.emb.weight.data = torch.eye(count)
        self.bce = nn.BCEWithLogitsLoss()

    def forward(self, logits, labels):
        return self.bce(logits, self.emb(labels))


class Binary(nn.Module):
    def __init__(self, real):
        super().__init__()
        self.real = real
        self.bce = nn.BCEWithLogitsLoss()

    def forward(self, logits):
        make = torch.ones if self.real else torch.zeros
        return self.bce(logits, make(logits.shape[0], 1))


class Model:
    """EuphoriaYan's."""

    kernel, floor, factor, l1_penalty = 5, 0.0002, 2.0, 100

    def __init__(self, size=SIZE, lr=0.001, schedule=2):
        self.schedule = schedule
        self.G = self.generator(size)
        self.D = self.discriminator(size)
        self.init(self.G)
        self.init(self.D)
        self.opt_G = torch.optim.Adam(self.trained(), lr=lr, betas=(0.5, 0.999))
        self.opt_D = torch.optim.Adam(self.D.parameters(), lr=lr, betas=(0.5, 0.999))
        self.category, self.real, self.fake = Category(STYLES), Binary(True), Binary(False)
        self.l1, self.mse = nn.L1Loss(), nn.MSELoss()

    def generator(self, size):
        return Generator(nc=1, size=size, ngf=2, styles=STYLES, style_dim=4)

    def discriminator(self, size):
        return Discriminator(nc=2, size=size, ndf=2, styles=STYLES, kernel=self.kernel)

    def init(self, net):
        normal_init(net)

    def trained(self):
        return self.G.parameters()

    def forward(self):
        self.fake_B, self.code_A = self.G(self.A, self.labels)
        self.code_B = self.G(self.fake_B).view(self.fake_B.shape[0], -1)

    def backward_D(self):
        real, real_kind = self.D(torch.cat([self.A, self.B], 1))
        fake, fake_kind = self.D(torch.cat([self.A, self.fake_B], 1).detach())
        category = (self.category(real_kind, self.labels) + self.category(fake_kind, self.labels)) * 1
        self.d_loss = self.real(real) + self.fake(fake) + category / 2.0
        self.d_loss.backward()
        return category

    def backward_G(self):
        fake, kind = self.D(torch.cat([self.A, self.fake_B], 1))
        const = self.constant()
        l1 = self.l1_penalty * self.l1(self.fake_B, self.B)
        category = 1 * self.category(kind, self.labels)
        cheat = self.real(fake)
        self.g_loss = cheat + l1 + category + const
        self.g_loss.backward()
        return {"cheat_loss": cheat, "l1_loss": l1, "const_loss": const}

    def constant(self):
        return 15 * self.mse(self.code_A, self.code_B)

    def freeze_D(self, frozen):
        for parameter in self.D.parameters():
            parameter.requires_grad = not frozen

    def optimize(self, batch):
        self.A, self.B, self.labels = batch
        self.forward()
        self.freeze_D(False)
        self.opt_D.zero_grad()
        category = self.backward_D()
        self.opt_D.step()
        self.freeze_D(True)
        self.opt_G.zero_grad()
        terms = self.backward_G()
        first = {"d_loss": self.d_loss, "category_loss": category, "g_loss": self.g_loss, **terms}
        self.opt_G.step()
        if not self.twice:
            return first
        self.forward()
        self.opt_G.zero_grad()
        terms = self.backward_G()
        self.opt_G.step()
        again = {"g_loss": self.g_loss, **terms}
        return {**first, **{f"{name}_again": value for name, value in again.items()}}

    twice, drop_last = True, False

    def before_epoch(self, epoch):
        pass

    def after_epoch(self, epoch):
        if (epoch + 1) % self.schedule == 0:
            self.update_lr()

    def update_lr(self):
        for optimizer in (self.opt_D, self.opt_G):
            for group in optimizer.param_groups:
                group["lr"] = max(group["lr"] / self.factor, self.floor)


class XuanLi(Model):
    kernel, twice = 4, False

    def __init__(self, **options):
        super().__init__(size=64, **options)
        self.schedulers = [torch.optim.lr_scheduler.StepLR(o, 1, 0.5) for o in (self.opt_G, self.opt_D)]

    def constant(self):
        return self.mse(self.code_A, self.code_B)

    def update_lr(self):
        for scheduler in self.schedulers:
            scheduler.step()


class Kaonashi(Model):
    """The TensorFlow original: three runs of its graph a step, each with new fakes, and its place of Adam's eps."""

    label_shuffle, frozen_encoder, tv_penalty = False, False, 0
    drop_last = True

    def __init__(self, **options):
        self.runs = {"D": 0, "G": 0}
        super().__init__(**options)

    def generator(self, size):
        return TensorFlowGenerator(nc=1, size=size, ngf=2, styles=STYLES, style_dim=4)

    def discriminator(self, size):
        return TensorFlowDiscriminator(nc=2, size=size, ndf=2, styles=STYLES)

    def init(self, net):
        tensorflow_init(net)

    def trained(self):
        self.G.embedder.requires_grad_(False)
        for name, parameter in self.G.named_parameters():
            if self.frozen_encoder and name.startswith("g_e"):
                parameter.requires_grad_(False)
        return [p for p in self.G.parameters() if p.requires_grad]

    def before_epoch(self, epoch):
        if (epoch + 1) % self.schedule == 0:
            self.update_lr()

    def after_epoch(self, epoch):
        pass

    def minimize(self, name, optimizer, loss):
        optimizer.zero_grad()
        loss.backward()
        self.runs[name] += 1
        for group in optimizer.param_groups:
            group["eps"] = 1e-8 / math.sqrt(1 - group["betas"][1] ** self.runs[name])
        optimizer.step()

    def run_D(self):
        fake_B, _ = self.G(self.A, self.labels)
        real, real_kind = self.D(torch.cat([self.A, self.B], 1))
        fake, fake_kind = self.D(torch.cat([self.A, fake_B], 1).detach())
        category = (self.category(real_kind, self.labels) + self.category(fake_kind, self.labels)) * 1
        loss = self.real(real) + self.fake(fake)
        if self.label_shuffle:
            other_B, _ = self.G(self.A, self.shuffled)
            other, other_kind = self.D(torch.cat([self.A, other_B], 1).detach())
            loss = loss + self.fake(other) + (category + self.category(other_kind, self.shuffled) * 1) / 3.0
        else:
            loss = loss + category / 2.0
        self.minimize("D", self.opt_D, loss)
        return {"d_loss": loss, "category_loss": category}

    def generated(self, labels):
        image, code = self.G(self.A, labels)
        logits, kind = self.D(torch.cat([self.A, image], 1))
        code_again = self.G(image).view(image.shape[0], -1)
        terms = self.real(logits), self.category(kind, labels) * 1, 15 * self.mse(code, code_again)
        return image, *terms

    def run_G(self):
        fake_B, cheat, category, const = self.generated(self.labels)
        l1 = self.l1_penalty * self.l1(fake_B, self.B)
        if self.label_shuffle:
            _, other_cheat, other_category, other_const = self.generated(self.shuffled)
            sums = cheat + other_cheat, category + other_category, const + other_const
            cheat = sums[0]
            loss = sums[0] / 2.0 + l1 + sums[1] / 2.0 + sums[2] / 2.0
        else:
            loss = cheat + l1 + category + const
        if self.tv_penalty:
            width = fake_B.shape[3]
            down, across = fake_B[:, :, 1:] - fake_B[:, :, :-1], fake_B[:, :, :, 1:] - fake_B[:, :, :, :-1]
            loss = loss + (down.square().sum() / 2 / width + across.square().sum() / 2 / width) * self.tv_penalty
        self.minimize("G", self.opt_G, loss)
        return {"g_loss": loss, "cheat_loss": cheat, "l1_loss": l1, "const_loss": const}

    def optimize(self, batch):
        self.A, self.B, self.labels = batch
        order = self.labels.tolist()
        if self.label_shuffle:
            numpy.random.shuffle(order)
        self.shuffled = torch.tensor(order)
        self.freeze_D(False)
        values = self.run_D()
        self.freeze_D(True)
        values.update(self.run_G())
        with torch.no_grad():
            self.D(torch.cat([self.A, self.B], 1))
        return {**values, **{f"{name}_again": value for name, value in self.run_G().items()}}


class KaonashiShuffled(Kaonashi):
    label_shuffle = True


class KaonashiFineTuning(Kaonashi):
    label_shuffle, frozen_encoder, tv_penalty = True, True, 0.25


class Max32002(Model):
    norm, l1_penalty, lr_D, spectral = nn.InstanceNorm2d, 97, None, False

    def __init__(self, **options):
        super().__init__(size=64, **options)
        for group in self.opt_D.param_groups:
            group["lr"] = self.lr_D or group["lr"]

    def generator(self, size):
        return PixelShuffleGenerator(downs=6, ngf=2, styles=STYLES, style_dim=4, norm=self.norm)

    def discriminator(self, size):
        return Discriminator(nc=2, size=size, ndf=2, styles=STYLES, norm=self.norm, spectral=self.spectral)

    def optimize(self, batch):
        self.A, self.B, self.labels = batch
        fake_B, code = self.G(self.A, self.labels)
        _, real_code = self.G(self.B, self.labels)
        l1, const = self.l1(fake_B, self.B), self.l1(code, real_code)
        fake_AB, real_AB = torch.cat([self.A, fake_B], 1), torch.cat([self.A, self.B], 1)
        self.freeze_D(False)
        self.opt_D.zero_grad()
        fake, fake_kind = self.D(fake_AB.detach())
        real, real_kind = self.D(real_AB)
        category = (self.category(real_kind, self.labels) + self.category(fake_kind, self.labels)) * 1
        d_loss = (self.real(real) + self.fake(fake)) * 0.5 + category * 0.5
        d_loss.backward()
        d = d_loss.item()
        weight = 0.05 if d > 5 else 0.20 if d < 0.02 else 0.35 if d < 0.08 else 0.50 if d < 0.20 else 0.60
        self.freeze_D(True)
        self.opt_G.zero_grad()
        fake, fake_kind = self.D(fake_AB)
        cheat = self.real(fake)
        g_loss = cheat * weight + l1 * 97 + const * 15 + self.category(fake_kind, self.labels) * 1
        g_loss.backward()
        self.opt_D.step()
        self.opt_G.step()
        terms = {"g_loss": g_loss, "cheat_loss": cheat, "l1_loss": l1 * 97, "const_loss": const * 15}
        return {"d_loss": d_loss, "category_loss": category, **terms}

    def after_epoch(self, epoch):
        for optimizer, floor in ((self.opt_D, 5e-5), (self.opt_G, 1.5e-4)):
            for group in optimizer.param_groups:
                group["lr"] = max(group["lr"] * 0.99, floor)


class Max32002Slower(Max32002):
    lr_D = 0.0005


class Max32002Spectral(Max32002):
    norm, spectral = nn.BatchNorm2d, True


def pairs(count, size):
    generator = torch.Generator().manual_seed(1)
    source = torch.rand(count, 1, size, size, generator=generator) * 2 - 1
    target = torch.rand(count, 1, size, size, generator=generator) * 2 - 1
    return [(source[i], target[i], i % STYLES) for i in range(count)]


def state(net):
    return dict(net.state_dict())


def training(model, size=SIZE, augment=None):
    def run(steps):
        loader = DataLoader(pairs(10, size), batch_size=4, shuffle=True, drop_last=model.drop_last)
        made = model()
        step, epoch = 0, 0
        made.before_epoch(epoch)
        while step < steps:
            for index, (source, target, labels) in enumerate(loader, 1):
                if augment:
                    source, target = augmented(augment, source, target)
                values = made.optimize((source, target, labels))
                step += 1
                if index == len(loader):
                    made.after_epoch(epoch)
                    epoch += 1
                    made.before_epoch(epoch)
                if step == steps:
                    break
        return {
            "generator": state(made.G),
            "discriminator": state(made.D),
            "optimizer_G": optimizer_state(made.opt_G),
            "optimizer_D": optimizer_state(made.opt_D),
            "values": values,
        }

    return run


CASES = {
    "euphoria": training(Model),
    "xuan_li": training(XuanLi, 64),
    "kaonashi": training(Kaonashi),
    "kaonashi, shuffled labels": training(KaonashiShuffled),
    "kaonashi, fine-tuning with variation": training(KaonashiFineTuning),
    "euphoria, augmented": training(Model, augment="euphoria"),
    "kaonashi, shuffled labels, augmented": training(KaonashiShuffled, augment="kaonashi"),
    "max32002": training(Max32002, 64),
    "max32002, D slower": training(Max32002Slower, 64),
    "max32002, batch and spectral norm": training(Max32002Spectral, 64),
}
