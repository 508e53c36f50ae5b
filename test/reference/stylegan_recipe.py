"""StyleGAN's training loop in PyTorch, transcribed from document 3 and the published training_loop.py's order of events."""
import copy
import math

import torch
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

from stylegan import StyleGANDiscriminator, StyleGANGenerator, set_lod

DEFAULTS = dict(
    image_size=8, channels=1, latent_size=8, classes=0, lod_initial_resolution=4, lod_training_kimg=0.1,
    lod_transition_kimg=0.1, minibatch_dict={4: 8, 8: 4}, G_lrate=0.001, D_lrate=0.001, minibatch_repeats=4, D_repeats=1,
    mirror_augment=True, G_smoothing_kimg=10, adam_eps="torch", adam_beta2=0.99, G_loss="logistic_nonsaturating",
    D_loss="logistic_simplegp", r1_gamma=10, r2_gamma=0, wgan_lambda=10, wgan_target=1, wgan_epsilon=0.001,
)
NETWORK = dict(resolution=8, num_channels=1, fmap_base=32, fmap_max=8)


def training_schedule(cur_nimg, o):
    kimg = cur_nimg / 1000
    phase = o["lod_training_kimg"] + o["lod_transition_kimg"]
    index = math.floor(kimg / phase)
    lod = int(math.log2(o["image_size"])) - int(math.log2(o["lod_initial_resolution"])) - index
    lod -= max(kimg - index * phase - o["lod_training_kimg"], 0) / o["lod_transition_kimg"]
    lod = max(lod, 0)
    return lod, o["minibatch_dict"][2 ** (int(math.log2(o["image_size"])) - math.floor(lod))]


class Feed:
    def __init__(self, dataset, batch_size):
        self.dataset, self.size, self.batches = dataset, batch_size, None

    def resize(self, batch_size):
        if batch_size != self.size:
            self.size, self.batches = batch_size, None

    def next(self):
        if self.batches is None:
            loader = DataLoader(self.dataset, batch_size=self.size, shuffle=True, drop_last=True)
            self.batches, self.left = iter(loader), len(loader)
        batch = next(self.batches)
        self.left -= 1
        if self.left == 0:
            self.batches = None
        return batch


def process_reals(images, lod, mirror_augment):
    whole = math.floor(lod)
    x = images if whole == 0 else F.avg_pool2d(images, 2**whole)
    if mirror_augment:
        keeps = torch.rand(x.size(0), 1, 1, 1) < 0.5
        x = torch.where(keeps, x, x.flip(3))
    if lod > whole:
        coarse = F.interpolate(F.avg_pool2d(x, 2), scale_factor=2, mode="nearest")
        x = x + (coarse - x) * (lod - whole)
    return x if whole == 0 else F.interpolate(x, scale_factor=2**whole, mode="nearest")


def generator_loss(name, fake):
    return {"logistic_nonsaturating": lambda: F.softplus(-fake), "logistic_saturating": lambda: -F.softplus(fake),
            "wgan": lambda: -fake}[name]().mean()


def gradient_norm_error(critic, real, fake, target):
    between = real + (fake - real) * torch.rand(real.size(0), 1, 1, 1)
    between.requires_grad_()
    (gradient,) = torch.autograd.grad(critic(between).sum(), between, create_graph=True)
    return (gradient.flatten(1).norm(p=2, dim=1) - target).square()


def squared_norm(scores, images):
    (gradient,) = torch.autograd.grad(scores.sum(), images, create_graph=True)
    return gradient.square().flatten(1).sum(1)


def discriminator_loss(critic, real, fake, o):
    name = o["D_loss"]
    if name == "logistic_simplegp":
        if o["r1_gamma"]:
            real = real.detach().requires_grad_()
        if o["r2_gamma"]:
            fake = fake.detach().requires_grad_()
        on_real, on_fake = critic(real), critic(fake)
        penalties = []
        if o["r1_gamma"]:
            penalties.append((squared_norm(on_real, real) * (o["r1_gamma"] / 2)).mean())
        if o["r2_gamma"]:
            penalties.append((squared_norm(on_fake, fake) * (o["r2_gamma"] / 2)).mean())
        loss = (F.softplus(-on_real) + F.softplus(on_fake)).mean()
        for penalty in penalties:
            loss = loss + penalty
        return loss
    if name.endswith("_gp"):
        on_fake = critic(fake)
        on_real = critic(real)
    else:
        on_real = critic(real)
        on_fake = critic(fake)
    if name == "logistic":
        return (F.softplus(-on_real) + F.softplus(on_fake)).mean()
    if name.startswith("wgan"):
        loss = (on_fake - on_real + on_real.square() * o["wgan_epsilon"]).mean()
    else:
        loss = (F.relu(-on_real + 1) + F.relu(on_fake + 1)).mean()
    if name.endswith("_gp"):
        weight = o["wgan_lambda"] / o["wgan_target"] ** 2
        loss = loss + (gradient_norm_error(critic, real, fake, o["wgan_target"]) * weight).mean()
    return loss


class Updates:
    """Adam at a rate given at each step; `tensorflow` has its eps beside the square root of the raw average."""

    def __init__(self, net, o):
        self.o, self.count = o, 0
        self.adam = torch.optim.Adam(net.parameters(), betas=(0.0, o["adam_beta2"]), eps=1e-8)

    def reset(self):
        self.adam.state.clear()
        self.count = 0

    def step(self, lr):
        self.count += 1
        (group,) = self.adam.param_groups
        group["lr"] = lr
        if self.o["adam_eps"] == "tensorflow":
            group["eps"] = 1e-8 / math.sqrt(1 - self.o["adam_beta2"] ** self.count)
        self.adam.step()


def images_of(o):
    """Smooth images that differ from each other."""
    n = torch.arange(64.0).view(-1, 1, 1, 1)
    y, x = torch.arange(8.0).view(1, 1, 8, 1), torch.arange(8.0).view(1, 1, 1, 8)
    return ((n * 7 + y * 3 + x * 5 + x * n) % 17) / 8.5 - 1


def train(steps, **given):
    o = {**DEFAULTS, **given}
    classes = o["classes"]
    G = StyleGANGenerator(latent_size=8, w_size=8, mapping_fmaps=8, label_size=classes, **NETWORK)
    D = StyleGANDiscriminator(label_size=classes, **NETWORK)
    Gs = copy.deepcopy(G)
    updates_G, updates_D = Updates(G, o), Updates(D, o)
    images = images_of(o)
    dataset = TensorDataset(images, torch.arange(64) % classes) if classes else TensorDataset(images)
    nimg, prev_lod = 0, -1
    lod, minibatch = training_schedule(nimg, o)
    for net in (G, D, Gs):
        set_lod(net, lod)
    feed = Feed(dataset, minibatch)
    losses = {}
    one_hot = lambda labels: F.one_hot(labels, classes).float() if classes else None
    for step in range(steps):
        if step % o["minibatch_repeats"] == 0:
            lod, minibatch = training_schedule(nimg, o)
            reset = math.floor(lod) != math.floor(prev_lod) or math.ceil(lod) != math.ceil(prev_lod)
            prev_lod = lod
            feed.resize(minibatch)
            set_lod(G, lod)
            set_lod(D, lod)
            if reset:
                updates_G.reset()
                updates_D.reset()
        for _ in range(o["D_repeats"]):
            real, *labels = feed.next()
            reals = process_reals(real, lod, o["mirror_augment"])
            labels = one_hot(labels[0]) if classes else None
            z = torch.randn(minibatch, o["latent_size"])
            with torch.no_grad():
                fakes = G(z, labels)
            D.zero_grad()
            losses["D"] = discriminator_loss(lambda x: D(x, labels), reals, fakes, o)
            losses["D"].backward()
            updates_D.step(o["D_lrate"])
            beta = 0.5 ** (minibatch / (o["G_smoothing_kimg"] * 1000)) if o["G_smoothing_kimg"] else 0
            with torch.no_grad():
                for average, now in zip(Gs.parameters(), G.parameters()):
                    average.copy_(now + (average - now) * beta)
                for average, now in zip(Gs.buffers(), G.buffers()):
                    average.copy_(now)
            nimg += minibatch
        z = torch.randn(minibatch, o["latent_size"])
        labels = one_hot(torch.randint(0, classes, [minibatch])) if classes else None
        G.zero_grad()
        D.requires_grad_(False)
        losses["G"] = generator_loss(o["G_loss"], D(G(z, labels), labels))
        losses["G"].backward()
        D.requires_grad_(True)
        updates_G.step(o["G_lrate"])
    states = {"G": G.state_dict(), "D": D.state_dict(), "Gs": Gs.state_dict()}
    for name, updates in (("G", updates_G), ("D", updates_D)):
        states[f"optimizer_{name}"] = updates.adam.state_dict()["state"]
    return {**states, "losses": losses, "nimg": torch.tensor(nimg), "random": torch.get_rng_state()}


def case(**options):
    return lambda steps=None: train(steps or 3, **options)


CASES = {
    "stylegan": case(),
    "stylegan_wgan_gp": case(G_loss="wgan", D_loss="wgan_gp", wgan_target=2),
    "stylegan_hinge_gp": case(G_loss="wgan", D_loss="hinge_gp", mirror_augment=False),
    "stylegan_wgan": case(G_loss="wgan", D_loss="wgan", G_smoothing_kimg=0),
    "stylegan_hinge": case(G_loss="wgan", D_loss="hinge", D_repeats=2),
    "stylegan_logistic": case(G_loss="logistic_saturating", D_loss="logistic"),
    "stylegan_conditional": case(classes=3, r2_gamma=1, adam_eps="tensorflow", minibatch_repeats=2),
}
