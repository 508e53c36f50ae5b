"""Networks for pictures, in the manner of those that torchvision has."""

import torch
from torch import nn
from torch.nn import functional as F

from . import Entry, network, randn


def conv_bn(cin, cout, kernel=3, stride=1, groups=1, activation=nn.ReLU):
    layers = [
        nn.Conv2d(cin, cout, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(cout),
    ]
    return nn.Sequential(*layers, activation(inplace=True)) if activation else nn.Sequential(*layers)


class Bottleneck(nn.Module):
    def __init__(self, cin, width, stride):
        super().__init__()
        self.conv = nn.Sequential(
            conv_bn(cin, width, 1), conv_bn(width, width, 3, stride), conv_bn(width, width * 2, 1, activation=None)
        )
        self.shortcut = conv_bn(cin, width * 2, 1, stride, activation=None)

    def forward(self, x):
        return F.relu(self.conv(x) + self.shortcut(x))


class ResNet(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.stem = nn.Sequential(conv_bn(3, 16, 7, 2), nn.MaxPool2d(3, 2, 1))
        self.layer1 = nn.Sequential(Bottleneck(16, 16, 1), Bottleneck(32, 16, 1))
        self.layer2 = nn.Sequential(Bottleneck(32, 32, 2), Bottleneck(64, 32, 1))
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(64, classes)

    def forward(self, x):
        x = self.layer2(self.layer1(self.stem(x)))
        return self.fc(torch.flatten(self.pool(x), 1))


@network
def resnet():
    return Entry(ResNet(), [randn(None, 3, 32, 32)])


@network
def resnet_eval():
    return Entry(ResNet().eval(), [randn(None, 3, 32, 32)])


@network
def resnet_decomposed():
    return Entry(ResNet().eval(), [randn(None, 3, 32, 32)], decompose=True)


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down1, self.down2, self.down3 = (self.double(i, o) for i, o in ((1, 8), (8, 16), (16, 32)))
        self.up2 = nn.ConvTranspose2d(32, 16, 2, 2)
        self.join2 = self.double(32, 16)
        self.join1 = self.double(24, 8)
        self.out = nn.Conv2d(8, 2, 1)

    @staticmethod
    def double(cin, cout):
        return nn.Sequential(conv_bn(cin, cout), conv_bn(cout, cout))

    def forward(self, x):
        a = self.down1(x)
        b = self.down2(F.max_pool2d(a, 2))
        c = self.down3(F.avg_pool2d(b, 2))
        b = self.join2(torch.cat([self.up2(c), b], 1))
        up = F.interpolate(b, scale_factor=2, mode="bilinear", align_corners=False)
        return self.out(self.join1(torch.cat([up, a], 1)))


@network
def unet():
    return Entry(UNet(), [randn(None, 1, 24, 24)])


class InvertedResidual(nn.Module):
    def __init__(self, cin, cout, stride, expand):
        super().__init__()
        hidden = cin * expand
        self.same = stride == 1 and cin == cout
        self.conv = nn.Sequential(
            conv_bn(cin, hidden, 1, activation=nn.ReLU6),
            conv_bn(hidden, hidden, 3, stride, hidden, nn.Hardswish),
            conv_bn(hidden, cout, 1, activation=None),
        )
        self.squeeze = nn.Sequential(
            nn.AdaptiveAvgPool2d(1), nn.Conv2d(cout, 4, 1), nn.ReLU(), nn.Conv2d(4, cout, 1), nn.Hardsigmoid()
        )

    def forward(self, x):
        y = self.conv(x)
        y = y * self.squeeze(y)
        return x + y if self.same else y


@network
def mobilenet():
    body = [conv_bn(3, 8, 3, 2, activation=nn.Hardswish), InvertedResidual(8, 8, 1, 2), InvertedResidual(8, 16, 2, 4)]
    head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.2), nn.Linear(16, 10)]
    return Entry(nn.Sequential(*body, *head), [randn(None, 3, 32, 32)])


@network
def vgg():
    features = [nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(True), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(True)]
    features += [nn.Conv2d(16, 16, 3, padding=1), nn.ReLU(True), nn.MaxPool2d(2), nn.AdaptiveAvgPool2d(3), nn.Flatten()]
    head = [nn.Linear(144, 32), nn.ReLU(True), nn.Dropout(), nn.Linear(32, 10), nn.LogSoftmax(1)]
    return Entry(nn.Sequential(*features, *head), [randn(None, 3, 32, 32)])


class DenseBlock(nn.Module):
    def __init__(self, cin, growth, count):
        super().__init__()
        self.layers = nn.ModuleList(
            nn.Sequential(
                nn.BatchNorm2d(cin + i * growth), nn.ReLU(), nn.Conv2d(cin + i * growth, growth, 3, padding=1, bias=False)
            )
            for i in range(count)
        )

    def forward(self, x):
        features = [x]
        for layer in self.layers:
            features.append(layer(torch.cat(features, 1)))
        return torch.cat(features, 1)


@network
def densenet():
    body = [nn.Conv2d(3, 8, 3, 2, 1), DenseBlock(8, 4, 3), nn.Conv2d(20, 10, 1), nn.AvgPool2d(2), DenseBlock(10, 4, 2)]
    head = [nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(18, 10)]
    return Entry(nn.Sequential(*body, *head), [randn(None, 3, 32, 32)])


class ViT(nn.Module):
    def __init__(self, dim=32, patches=16):
        super().__init__()
        self.patch = nn.Conv2d(3, dim, 8, 8)
        self.cls = nn.Parameter(torch.zeros(1, 1, dim))
        self.position = nn.Parameter(torch.randn(1, patches + 1, dim) * 0.02)
        layer = nn.TransformerEncoderLayer(dim, 4, 64, 0.1, F.gelu, batch_first=True, norm_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(dim)
        self.head = nn.Linear(dim, 10)

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls.expand(x.shape[0], -1, -1), x], 1) + self.position
        return self.head(self.norm(self.encoder(x))[:, 0])


@network
def vit():
    return Entry(ViT(), [randn(None, 3, 32, 32)])


class MixerBlock(nn.Module):
    def __init__(self, tokens, channels):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(channels), nn.LayerNorm(channels)
        self.tokens = nn.Sequential(nn.Linear(tokens, 24), nn.GELU(), nn.Linear(24, tokens))
        self.channels = nn.Sequential(nn.Linear(channels, 48), nn.GELU(approximate="tanh"), nn.Linear(48, channels))

    def forward(self, x):
        x = x + self.tokens(self.norm1(x).transpose(1, 2)).transpose(1, 2)
        return x + self.channels(self.norm2(x))


class Mixer(nn.Module):
    def __init__(self):
        super().__init__()
        self.patch = nn.Conv2d(3, 16, 8, 8)
        self.blocks = nn.Sequential(MixerBlock(16, 16), MixerBlock(16, 16))
        self.head = nn.Linear(16, 10)

    def forward(self, x):
        return self.head(self.blocks(self.patch(x).flatten(2).transpose(1, 2)).mean(1))


@network
def mixer():
    return Entry(Mixer(), [randn(None, 3, 32, 32)])


@network
def dcgan():
    def up(cin, cout, stride, padding):
        return [nn.ConvTranspose2d(cin, cout, 4, stride, padding, bias=False), nn.BatchNorm2d(cout), nn.ReLU(True)]

    body = [*up(16, 32, 1, 0), *up(32, 16, 2, 1), nn.ConvTranspose2d(16, 3, 4, 2, 1, bias=False), nn.Tanh()]
    return Entry(nn.Sequential(*body), [randn(None, 16, 1, 1)])
