"""The small programs whose bits tell what a setting changes: program.mjs does the same; one JSON line out."""

import hashlib
import json
import sys
import time

import torch
from torch import nn

STEPS = 5


def digest(tensors):
    sha = hashlib.sha256()
    for tensor in tensors:
        sha.update(tensor.detach().contiguous().numpy().tobytes())
    return sha.hexdigest()[:16]


def training():
    """A convolutional discriminator with BatchNorm and the R1 penalty, which is a double backward."""
    torch.manual_seed(0)
    net = nn.Sequential(
        nn.Conv2d(3, 32, 4, 2, 1),
        nn.LeakyReLU(0.2),
        nn.Conv2d(32, 64, 4, 2, 1, bias=False),
        nn.BatchNorm2d(64),
        nn.LeakyReLU(0.2),
        nn.Flatten(),
        nn.Linear(64 * 64, 1),
    )
    optimizer = torch.optim.Adam(net.parameters(), lr=2e-4, betas=(0.5, 0.999))
    losses = []
    began = time.process_time()
    for _ in range(STEPS):
        x = torch.randn(16, 3, 32, 32).requires_grad_()
        y = net(x)
        (g,) = torch.autograd.grad(y.sum(), x, create_graph=True)
        loss = nn.functional.softplus(-y).mean() + 5 * g.square().sum([1, 2, 3]).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss)
    seconds = (time.process_time() - began) / STEPS
    return digest([*losses, *net.state_dict().values()]), seconds


def dense():
    """Matrix products: a network of Linear layers, trained."""
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(784, 256), nn.LeakyReLU(0.2), nn.Linear(256, 128), nn.Tanh(), nn.Linear(128, 1))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
    losses = []
    for _ in range(STEPS):
        loss = nn.functional.binary_cross_entropy_with_logits(net(torch.randn(64, 784)), torch.ones(64, 1))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss)
    return digest([*losses, *net.state_dict().values()])


def elementwise():
    torch.manual_seed(0)
    x = torch.randn(1001)
    return digest([x.exp(), x.tanh(), x.sigmoid(), x.abs().log(), x.sin(), x.erf(), x.abs().pow(0.3), x.abs().rsqrt()])


def reductions():
    torch.manual_seed(0)
    x = torch.randn(300, 1001)
    return digest([x.sum(), x.sum(0), x.mean(1), x.var(1), x.softmax(1), x.logsumexp(0), x.norm(), x.cumsum(1)])


def linear_algebra():
    torch.manual_seed(0)
    x = torch.randn(40, 40)
    return digest([torch.linalg.svdvals(x), torch.linalg.inv(x), torch.linalg.qr(x)[1], torch.linalg.det(x)])


def fourier():
    torch.manual_seed(0)
    return digest([torch.view_as_real(torch.fft.fft(torch.randn(17, 250)))])


def random_numbers():
    torch.manual_seed(0)
    return digest([torch.randn(1000), torch.rand(1000), torch.randperm(100), torch.empty(99).exponential_()])


def denormals():
    x = torch.full([64], 1e-30)
    return digest([x * 1e-10, x * x])


def main(request):
    if "threads" in request:
        torch.set_num_threads(request["threads"])
    if request.get("mkldnn") is False:
        torch.backends.mkldnn.enabled = False
    if request.get("mkldnn_deterministic"):
        torch.backends.mkldnn.deterministic = True
    if request.get("deterministic"):
        torch.use_deterministic_algorithms(True)
    if request.get("flush_denormal"):
        torch.set_flush_denormal(True)
    parts = {
        "training": training()[0],
        "dense": dense(),
        "elementwise": elementwise(),
        "reductions": reductions(),
        "linear_algebra": linear_algebra(),
        "fourier": fourier(),
        "random": random_numbers(),
        "denormals": denormals(),
    }
    seconds = min(training()[1] for _ in range(20)) if request.get("timed") else None
    print(json.dumps({"parts": parts, "seconds": seconds}))


main(json.loads(sys.argv[1]) if len(sys.argv) > 1 else {})
