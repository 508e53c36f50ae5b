"""The training steps of BicycleGAN (junyanz/BicycleGAN at 40b9d52) and of document 2, in PyTorch; an own transcription: what the
cases of parity/gan/cases/bicycle_recipes.mjs are compared with.
"""

import random

import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

import bicyclegan as nets

COUNT = 14


def pairs(channels, size):
    """The data of both sides: COUNT pairs in [-1, 1]."""
    generator = torch.Generator().manual_seed(7)
    return TensorDataset(
        torch.rand(COUNT, channels, size, size, generator=generator) * 2 - 1,
        torch.rand(COUNT, channels, size, size, generator=generator) * 2 - 1,
    )


def adam(parameters, lr, beta1):
    return torch.optim.Adam(parameters, lr=lr, betas=(beta1, 0.999))


def batches(data, batch_size, steps, pass_end):
    """`steps` batches, pass after pass; a pass's end comes after its last step."""
    done = 0
    while done < steps:
        for batch in DataLoader(data, batch_size=batch_size, shuffle=True, drop_last=True):
            yield batch
            done += 1
            if done == steps:
                break
        else:
            pass_end()
            continue
        if done % (len(data) // batch_size) == 0:
            pass_end()


def state(networks, optimizers, losses):
    out = {"losses": torch.tensor(losses, dtype=torch.float64)}
    for name, net in networks.items():
        out.update({f"{name}.{key}": value for key, value in net.state_dict().items()})
        # E and G keep what the losses left in them.
        out.update({f"{name}.grad.{key}": p.grad for key, p in net.named_parameters() if p.grad is not None})
    for name, optimizer in optimizers.items():
        for i, values in optimizer.state_dict()["state"].items():
            out.update({f"{name}.{i}.{key}": value for key, value in values.items()})
        out[f"{name}.lr"] = torch.tensor(optimizer.param_groups[0]["lr"], dtype=torch.float64)
    out["draw"] = torch.rand(3)
    out["python"] = torch.tensor(random.random(), dtype=torch.float64)
    return out


# -- BicycleGAN ---------------------------------------------------------------------------------------------------------


def crop_and_flip(sides, size, flip):
    """BicycleGAN's data set draws x, y and whether to flip for each pair."""
    images = [[], []]
    for i in range(sides[0].size(0)):
        room = sides[0].size(3) - size
        x, y = random.randint(0, max(0, room)), random.randint(0, max(0, room))
        flipped = random.random() > 0.5
        for side, out in zip(sides, images):
            image = side[i][:, y:y + size, x:x + size]
            out.append(image.flip(2) if flip and flipped else image)
    return [torch.stack(side) for side in images]


class GANLoss:
    def __init__(self, mode):
        self.mode, self.real_label, self.fake_label = mode, torch.tensor(1.0), torch.tensor(0.0)

    def __call__(self, predictions, is_real):
        losses = []
        # Of one scale `predictions` is a tensor, and its samples are what is looped over.
        for prediction in predictions:
            target = (self.real_label if is_real else self.fake_label).expand_as(prediction)
            if self.mode == "lsgan":
                losses.append(F.mse_loss(prediction, target))
            elif self.mode == "vanilla":
                losses.append(F.binary_cross_entropy_with_logits(prediction, target))
            else:
                losses.append(-prediction.mean() if is_real else prediction.mean())
        return sum(losses)


def train_bicyclegan(steps, size, batch_size, width, *, channels=1, nz=2, load_size=0, flip=True, where_add="all",
                     netE="resnet", norm="instance", num_Ds=2, conditional_D=False, use_same_D=False, gan_mode="lsgan",
                     lambda_GAN=1.0, lambda_GAN2=1.0, lambda_L1=10.0, lambda_z=0.5, lambda_kl=0.01, use_dropout=False,
                     lr_policy="linear", niter=100, niter_decay=100, lr_decay_iters=100):
    power = size.bit_length() - 1
    lr, beta1 = 2e-4, 0.5
    unet = nets.UnetAddAll if where_add == "all" else nets.UnetAddInput
    G = nets.init_weights(unet(channels, channels, nz, power, width, norm, use_dropout=use_dropout))
    seen = 2 * channels if conditional_D else channels
    D = nets.init_weights(nets.MultiScaleDiscriminator(seen, width, 2, norm, num_Ds)) if lambda_GAN > 0 else None
    D2 = None
    if lambda_GAN2 > 0 and not use_same_D:
        D2 = nets.init_weights(nets.MultiScaleDiscriminator(seen, width, 2, norm, num_Ds))
    encoder = nets.ResNetEncoder if netE == "resnet" else nets.ConvEncoder
    E = nets.init_weights(encoder(channels, nz, width, power - 3, norm))
    named = {"G": G, "E": E, "D": D, "D2": D2}
    networks = {name: net for name, net in named.items() if net is not None}
    optimizers = {name: adam(net.parameters(), lr, beta1) for name, net in networks.items()}
    schedulers = []
    for optimizer in optimizers.values():
        if lr_policy == "linear":
            rule = lambda epoch: 1.0 - max(0, epoch + 1 - niter) / float(niter_decay + 1)
            schedulers.append(torch.optim.lr_scheduler.LambdaLR(optimizer, rule))
        elif lr_policy == "step":
            schedulers.append(torch.optim.lr_scheduler.StepLR(optimizer, step_size=lr_decay_iters, gamma=0.1))
        else:
            schedulers.append(torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=niter, eta_min=0))
    criterion = GANLoss(gan_mode)
    losses = []

    def frozen(net, flag):
        if net is not None:
            for parameter in net.parameters():
                parameter.requires_grad = not flag

    data = pairs(channels, load_size or size)
    for batch in batches(data, batch_size, steps, lambda: [scheduler.step() for scheduler in schedulers]):
        A, B = crop_and_flip(batch, size, flip)
        half = batch_size // 2
        A1, B1, A2, B2 = A[0:half], B[0:half], A[half:], B[half:]
        mu, logvar = E(B1)
        std = logvar.mul(0.5).exp_()
        eps = torch.randn(half, nz)
        z_encoded = eps.mul(std).add_(mu)
        z_random = torch.randn(half, nz)
        fake1, fake2 = G(A1, z_encoded), G(A1, z_random)
        given = (lambda a, b: torch.cat([a, b], 1)) if conditional_D else (lambda a, b: b)
        fake_encoded, real_encoded = given(A1, fake1), given(A1, B1)
        fake_random, real_random = given(A1, fake2), given(A2, B2)
        mu2 = E(fake2)[0] if lambda_z > 0 else None

        # G and E, then G alone.
        frozen(D, True), frozen(D2, True)
        optimizers["E"].zero_grad()
        optimizers["G"].zero_grad()
        row = []
        loss_GAN = criterion(D(fake_encoded), True) * lambda_GAN if lambda_GAN > 0 else None
        second = D if use_same_D else D2
        loss_GAN2 = criterion(second(fake_random), True) * lambda_GAN2 if lambda_GAN2 > 0 else None
        loss_kl = None
        if lambda_kl > 0:
            loss_kl = torch.sum(1 + logvar - mu.pow(2) - logvar.exp()) * (-0.5 * lambda_kl)
        loss_L1 = F.l1_loss(fake1, B1) * lambda_L1 if lambda_L1 > 0 else None
        parts = [loss for loss in (loss_GAN, loss_GAN2, loss_L1, loss_kl) if loss is not None]
        total = parts[0]
        for loss in parts[1:]:
            total = total + loss
        total.backward(retain_graph=True)
        row += parts
        if lambda_z > 0:
            frozen(E, True)
            loss_z = F.l1_loss(mu2, z_random) * lambda_z
            loss_z.backward()
            frozen(E, False)
            row.append(loss_z)
        optimizers["E"].step()
        optimizers["G"].step()

        # The discriminators.
        frozen(D, False), frozen(D2, False)

        def judge(net, real, fake):
            pred_fake, pred_real = net(fake.detach()), net(real)
            loss = criterion(pred_fake, False) + criterion(pred_real, True)
            loss.backward()
            row.append(loss)

        if D is not None:
            optimizers["D"].zero_grad()
            judge(D, real_encoded, fake_encoded)
            if use_same_D:
                judge(D, real_random, fake_random)
            optimizers["D"].step()
        if D2 is not None:
            optimizers["D2"].zero_grad()
            judge(D2, real_random, fake_random)
            optimizers["D2"].step()
        losses.append([loss.item() for loss in row])
    return state(networks, optimizers, losses)


# -- document 2 ---------------------------------------------------------------------------------------------------------


def train_document(steps, size=16, batch_size=4, width=4, *, channels=1, nz=3, adversarial_loss="bce",
                   generator_loss="non_saturating", output="patch", cycle_loss="l1", backward_cycle=False,
                   latent_loss="norm", train_F=False, again=False, monitor_every=2, literal=False):
    lambda_adv, lambda_cyc, lambda_latent = 1.0, 10.0, 0.5
    G = nets.Document2Generator(channels, channels, nz, width)
    Finv = nets.Document2Inverse(channels, channels, width)
    E = nets.Document2Encoder(channels, nz, width)
    D = nets.Document2Discriminator(channels, width, output, adversarial_loss == "bce")
    G_parameters = list(G.parameters()) + list(E.parameters()) + (list(Finv.parameters()) if train_F else [])
    G_optim, D_optim = adam(G_parameters, 2e-4, 0.5), adam(D.parameters(), 1e-4, 0.5)
    adversarial = {
        "bce": F.binary_cross_entropy, "bce_logits": F.binary_cross_entropy_with_logits, "lsgan": F.mse_loss,
    }[adversarial_loss]
    cycle = F.l1_loss if cycle_loss == "l1" else F.mse_loss
    latent = {
        "norm": lambda predicted, z: (z - predicted).norm(2, 1).mean(), "l1": F.l1_loss, "mse": F.mse_loss,
    }[latent_loss]
    losses, measured = [], []
    for step, (x, y) in enumerate(batches(pairs(channels, size), batch_size, steps, lambda: None)):
        z = torch.randn(batch_size, nz)
        # The document makes its fakes before the loop, whose second pass then fails; here each pass makes its own.
        fake_y = G(x, z)
        D_optim.zero_grad()
        on_real = D(y)
        real_loss = adversarial(on_real, torch.ones_like(on_real))
        on_fake = D(fake_y.detach())
        fake_loss = adversarial(on_fake, torch.zeros_like(on_fake))
        D_loss = (real_loss + fake_loss) * lambda_adv
        D_loss.backward()
        D_optim.step()
        # G's loss adds to them, which nobody reads: the next zero_grad drops it.
        own_gradients = {f"D.grad.{key}": p.grad.clone() for key, p in D.named_parameters()}

        if again:
            fake_y = G(x, z)
        recovered_x = Finv(fake_y)
        pred_z = E(fake_y)
        G_optim.zero_grad()
        on_fake = D(fake_y)
        if generator_loss == "saturating":
            adv_loss = -adversarial(on_fake, torch.zeros_like(on_fake))
        else:
            adv_loss = adversarial(on_fake, torch.ones_like(on_fake))
        cyc_loss = cycle(recovered_x, x)
        if backward_cycle:
            cyc_loss = cyc_loss + cycle(G(Finv(y), z), y)
        latent_loss_value = latent(pred_z, z)
        G_loss = adv_loss * lambda_adv + cyc_loss * lambda_cyc + latent_loss_value * lambda_latent
        G_loss.backward()
        G_optim.step()
        losses.append([loss.item() for loss in (D_loss, G_loss, adv_loss, cyc_loss, latent_loss_value)])

        if step % monitor_every == 0:
            threshold = 0.0 if adversarial_loss == "bce_logits" else 0.5
            if literal:
                on_real, on_fake = D(y), D(fake_y)
            else:
                D.eval()
                with torch.no_grad():
                    on_real, on_fake = D(y), D(fake_y)
                D.train()
            values = [
                (on_real > threshold).float().mean(), (on_fake < threshold).float().mean(),
                F.l1_loss(recovered_x, x), F.mse_loss(pred_z, z), G_loss / D_loss,
            ]
            measured.append([value.item() for value in values])
    networks = {"G": G, "F": Finv, "E": E, "D": D}
    out = state(networks, {"optimizer_G": G_optim, "optimizer_D": D_optim}, losses)
    return {**out, **own_gradients, "measured": torch.tensor(measured, dtype=torch.float64)}


SMALL = {"size": 64, "batch_size": 4, "width": 4}
TINY = {"size": 32, "batch_size": 2, "width": 2}


def bicycle(**options):
    return lambda steps=None: train_bicyclegan(steps or 3, **options)


def document(**options):
    return lambda steps=None: train_document(steps or 3, **options)


CASES = {
    "bicyclegan": bicycle(**SMALL),
    "bicyclegan, smallest": bicycle(**TINY),
    "bicyclegan, crop in colour": bicycle(**SMALL, channels=3, load_size=72, nz=8),
    "bicyclegan, batch norm, add_input, conv": bicycle(
        **SMALL, norm="batch", where_add="input", netE="conv", use_dropout=True, flip=False
    ),
    "bicyclegan, conditional, vanilla, same D": bicycle(
        **TINY, conditional_D=True, gan_mode="vanilla", use_same_D=True, lr_policy="step", lr_decay_iters=2
    ),
    "bicyclegan, wgangp, one scale": bicycle(**TINY, gan_mode="wgangp", num_Ds=1, lr_policy="cosine", niter=3),
    "bicyclegan, lsgan, one scale": bicycle(**{**TINY, "batch_size": 4}, num_Ds=1, niter=1, niter_decay=30),
    "bicyclegan, without D, codes and KL": bicycle(**TINY, lambda_GAN=0.0, lambda_z=0.0, lambda_kl=0.0),
    "bicycle-doc": document(),
    "bicycle-doc, smallest": document(size=8, batch_size=2, width=2),
    "bicycle-doc, literal": document(literal=True),
    "bicycle-doc, logits, saturating, image": document(
        adversarial_loss="bce_logits", generator_loss="saturating", output="image", latent_loss="mse", train_F=True
    ),
    "bicycle-doc, lsgan, both cycles, again": document(
        adversarial_loss="lsgan", backward_cycle=True, cycle_loss="mse", latent_loss="l1", again=True, channels=3
    ),
}
