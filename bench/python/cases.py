"""The benchmark's work in Python, by the names of bench/cases.mjs. A case is made once and gives `run(calls)`."""

import tempfile

import exported
import files
import networks
import pictures
import torch
from calls import CALLS
from gan_cases import GAN
from recipe_cases import RECIPES


def repeat(call):
    def run(calls):
        for _ in range(calls):
            call()

    return run


def add(device):
    a, b = torch.randn(4, 4, device=device), torch.randn(4, 4, device=device)
    return repeat(lambda: a.add(b))


def relu(device):
    a = torch.randn(4, 4, device=device)
    return repeat(lambda: a.relu())


def view(device):
    a = torch.randn(4, 4, device=device)
    return repeat(lambda: a.view(16))


def matmul(device):
    a, b = torch.randn(4, 4, device=device), torch.randn(4, 4, device=device)
    return repeat(lambda: a.matmul(b))


def forward_backward(device):
    x = torch.randn(4, 4, device=device)
    w = torch.randn(4, 4, device=device, requires_grad=True)

    def call():
        w.grad = None
        x.mm(w).relu().sum().backward()

    return repeat(call)


def module_calls(device):
    net = torch.nn.Sequential(*[torch.nn.Linear(8, 8) for _ in range(20)]).to(device).requires_grad_(False)
    x = torch.randn(4, 8, device=device)
    return repeat(lambda: net(x))


def optimizer_step(make):
    """A step over many small parameters, which all have a gradient."""

    def case(device):
        params = [torch.randn(4, 4, device=device, requires_grad=True) for _ in range(200)]
        for param in params:
            param.grad = torch.randn_like(param)
        optimizer = make(params)
        return repeat(optimizer.step)

    return case


def gan(make, noise_shape, data_shape, device, fused):
    generator, discriminator = (network.to(device) for network in make())
    options = {"lr": 2e-4, "betas": (0.5, 0.999), **({"fused": True} if fused else {})}
    optimizer_g = torch.optim.Adam(generator.parameters(), **options)
    optimizer_d = torch.optim.Adam(discriminator.parameters(), **options)
    criterion = torch.nn.BCELoss()
    real = torch.rand(data_shape, device=device) * 2 - 1
    ones, zeros = torch.ones(data_shape[0], 1, device=device), torch.zeros(data_shape[0], 1, device=device)

    def step():
        noise = torch.randn(noise_shape, device=device)
        fake = generator(noise)
        optimizer_d.zero_grad()
        loss_d = criterion(discriminator(real), ones) + criterion(discriminator(fake.detach()), zeros)
        loss_d.backward()
        optimizer_d.step()
        optimizer_g.zero_grad()
        loss_g = criterion(discriminator(fake), ones)
        loss_g.backward()
        optimizer_g.step()

    return repeat(step)


def tiny(device, fused=False):
    return gan(networks.tiny, (16, 8), (16, 8), device, fused)


def mlp(device, fused=False):
    return gan(networks.mlp, (64, 100), (64, 784), device, fused)


def dcgan(device, fused=False, batch=16):
    return gan(networks.dcgan, (batch, 100, 1, 1), (batch, 3, 64, 64), device, fused)


def r1(make, shape, device):
    """A discriminator's step with the R1 penalty, whose gradient is one of gradients."""
    discriminator = make()[1].to(device)
    optimizer = torch.optim.Adam(discriminator.parameters(), lr=2e-4, betas=(0.0, 0.99))
    data = torch.rand(shape, device=device) * 2 - 1

    def step():
        real = data.detach().requires_grad_()
        optimizer.zero_grad()
        logits = discriminator(real)
        (gradient,) = torch.autograd.grad(logits.sum(), real, create_graph=True)
        penalty = gradient.square().flatten(1).sum(1).mean() * 5.0
        loss = torch.nn.functional.softplus(-logits).mean() + penalty
        loss.backward()
        optimizer.step()

    return repeat(step)


def sequences(network, shape, device):
    """A step of regression over sequences."""
    net = network().to(device)
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    x = torch.randn(shape, device=device)
    target = torch.randn(shape[0], 1, device=device)

    def step():
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(net(x), target).backward()
        optimizer.step()

    return repeat(step)


def exported_resnet(device):
    with tempfile.NamedTemporaryFile(suffix=".pt2") as file:
        exported.save(file.name)
        net = torch.export.load(file.name).module().to(device)
    x = torch.randn(exported.SIZE, device=device)
    return repeat(lambda: net(x))


CASES = {
    **{name: lambda device, make=make: repeat(make({} if device == "cpu" else {"device": device})) for name, make in CALLS.items()},
    **files.FILES,
    **GAN,
    **RECIPES,
    "add": add,
    "relu": relu,
    "view": view,
    "matmul": matmul,
    "forward_backward": forward_backward,
    "module_calls": module_calls,
    "tiny_gan": tiny,
    "tiny_gan_fused": lambda device: tiny(device, fused=True),
    "lstm": lambda device: sequences(networks.Recurrent, (4, 8, 8), device),
    "transformer": lambda device: sequences(networks.Attentive, (4, 8, 16), device),
    "mlp_gan": mlp,
    "dcgan": dcgan,
    "adam_step": optimizer_step(torch.optim.Adam),
    "adam_step_fused": optimizer_step(lambda params: torch.optim.Adam(params, fused=True)),
    "sgd_step": optimizer_step(lambda params: torch.optim.SGD(params, momentum=0.9)),
    "sgd_step_fused": optimizer_step(lambda params: torch.optim.SGD(params, momentum=0.9, fused=True)),
    "exported_resnet": exported_resnet,
    "image_folder": pictures.image_folder,
    "tiny_r1": lambda device: r1(networks.tiny, (16, 8), device),
    "dcgan_r1": lambda device, batch=16: r1(networks.dcgan, (batch, 3, 64, 64), device),
}
