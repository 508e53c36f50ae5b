"""zi2zi's training as its implementations do it: EuphoriaYan's, and what others change."""

import torch
from torch import nn
from torch.utils.data import DataLoader

from optimizer_state import optimizer_state
from zi2zi import Discriminator, Generator, normal_init

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

    kernel, norm, floor, factor, l1_penalty = 5, nn.BatchNorm2d, 0.0002, 2.0, 100

    def __init__(self, size=SIZE, lr=0.001, schedule=2):
        self.schedule = schedule
        self.G = Generator(nc=1, size=size, ngf=2, styles=STYLES, style_dim=4)
        self.D = Discriminator(nc=2, size=size, ndf=2, styles=STYLES, kernel=self.kernel, norm=self.norm)
        normal_init(self.G)
        normal_init(self.D)
        self.opt_G = torch.optim.Adam(self.trained(), lr=lr, betas=(0.5, 0.999))
        self.opt_D = torch.optim.Adam(self.D.parameters(), lr=lr, betas=(0.5, 0.999))
        self.category, self.real, self.fake = Category(STYLES), Binary(True), Binary(False)
        self.l1, self.mse = nn.L1Loss(), nn.MSELoss()

    def trained(self):
        return self.G.parameters()

    def forward(self):
        self.fake_B, self.code_A = self.G(self.A, self.labels)
        self.code_B = self.G(self.fake_B).view(self.fake_B.shape[0], -1)

    def backward_D(self):
        real, real_kind = self.D(torch.cat([self.A, self.B], 1))
        fake, fake_kind = self.D(torch.cat([self.A, self.fake_B], 1).detach())
        category = (self.category(real_kind, self.labels) + self.category(fake_kind, self.labels)) * 1
        self.d_loss = self.sum_D(self.real(real) + self.fake(fake), category)
        self.d_loss.backward()
        return category

    def sum_D(self, binary, category):
        return binary + category / 2.0

    def backward_G(self):
        fake, kind = self.D(torch.cat([self.A, self.fake_B], 1))
        const = self.constant()
        l1 = self.l1_penalty * self.l1(self.fake_B, self.B)
        category = 1 * self.category(kind, self.labels)
        cheat = self.real(fake)
        self.g_loss = self.weighted(cheat) + l1 + category + const
        self.g_loss.backward()
        return {"cheat_loss": cheat, "l1_loss": l1, "const_loss": const}

    def constant(self):
        return 15 * self.mse(self.code_A, self.code_B)

    def weighted(self, cheat):
        return cheat

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

    twice = True

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
    def trained(self):
        self.G.embedder.requires_grad_(False)
        return [p for p in self.G.parameters() if p.requires_grad]

    def before_epoch(self, epoch):
        if (epoch + 1) % self.schedule == 0:
            self.update_lr()

    def after_epoch(self, epoch):
        pass


class Max32002(Model):
    norm, l1_penalty = nn.InstanceNorm2d, 97

    def sum_D(self, binary, category):
        return 0.5 * binary + category / 2.0

    def constant(self):
        return 15 * self.l1(self.code_A, self.code_B)

    def weighted(self, cheat):
        d = self.d_loss.item()
        weight = 0.05 if d > 5 else 0.20 if d < 0.02 else 0.35 if d < 0.08 else 0.50 if d < 0.20 else 0.60
        return weight * cheat

    def optimize(self, batch):
        self.A, self.B, self.labels = batch
        self.forward()
        self.freeze_D(False)
        self.opt_D.zero_grad()
        category = self.backward_D()
        self.freeze_D(True)
        self.opt_G.zero_grad()
        terms = self.backward_G()
        self.opt_D.step()
        self.opt_G.step()
        return {"d_loss": self.d_loss, "category_loss": category, "g_loss": self.g_loss, **terms}

    def after_epoch(self, epoch):
        for optimizer, floor in ((self.opt_D, 5e-5), (self.opt_G, 1.5e-4)):
            for group in optimizer.param_groups:
                group["lr"] = max(group["lr"] * 0.99, floor)


def pairs(count, size):
    generator = torch.Generator().manual_seed(1)
    source = torch.rand(count, 1, size, size, generator=generator) * 2 - 1
    target = torch.rand(count, 1, size, size, generator=generator) * 2 - 1
    return [(source[i], target[i], i % STYLES) for i in range(count)]


def state(net):
    return dict(net.state_dict())


def training(model, size=SIZE):
    def run(steps):
        loader = DataLoader(pairs(10, size), batch_size=4, shuffle=True)
        made = model()
        step, epoch = 0, 0
        made.before_epoch(epoch)
        while step < steps:
            for index, batch in enumerate(loader, 1):
                values = made.optimize(batch)
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
    "max32002": training(Max32002),
}
