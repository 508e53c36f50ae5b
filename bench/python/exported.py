"""A small ResNet as a program of torch.export: `exported.py FILE` writes it."""

import sys
import warnings

import torch
from torch import nn
from torch.nn import functional as F

SIZE = (1, 3, 32, 32)


class Block(nn.Module):
    def __init__(self, cin, cout, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(cin, cout, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(cout)
        self.conv2 = nn.Conv2d(cout, cout, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(cout)
        self.short = nn.Sequential(nn.Conv2d(cin, cout, 1, stride, bias=False), nn.BatchNorm2d(cout))

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(y)) + self.short(x))


def resnet():
    """Six blocks of 8 to 32 channels."""
    blocks = [Block(8, 8, 1), Block(8, 8, 1), Block(8, 16, 2), Block(16, 16, 1), Block(16, 32, 2), Block(32, 32, 1)]
    stem = [nn.Conv2d(3, 8, 3, 1, 1, bias=False), nn.BatchNorm2d(8), nn.ReLU()]
    return nn.Sequential(*stem, *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, 10)).eval()


def save(file):
    warnings.simplefilter("ignore")
    batch = torch.export.Dim("batch", min=1, max=64)
    program = torch.export.export(resnet(), (torch.randn(4, *SIZE[1:]),), dynamic_shapes=({0: batch},))
    torch.export.save(program, file)


if __name__ == "__main__":
    save(sys.argv[1])
