"""lucidrains' StyleGAN2 (stylegan2-pytorch 1.9.0, MIT) in PyTorch: the networks, and what a step draws.

An own transcription, without einops and kornia. GE is made with `fmap_max`, which the original forgets.
"""

import math
from random import random

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def leaky_relu():
    return nn.LeakyReLU(0.2, inplace=True)


class Blur(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("f", torch.tensor([1.0, 2.0, 1.0]))

    def forward(self, x):
        n, c, h, w = x.shape
        kernel = (self.f[None, None, :] * self.f[None, :, None])[:, None].to(x)
        total = kernel.abs().sum(-1).sum(-1)
        kernel = (kernel / total[..., None, None]).expand(-1, c, -1, -1).reshape(-1, 1, 3, 3)
        padded = F.pad(x, [1, 1, 1, 1], mode="reflect").reshape(-1, c, h + 2, w + 2)
        return F.conv2d(padded, kernel, groups=c).view(n, c, h, w)


class EqualLinear(nn.Module):
    def __init__(self, in_dim, out_dim, lr_mul):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_dim, in_dim))
        self.bias = nn.Parameter(torch.zeros(out_dim))
        self.lr_mul = lr_mul

    def forward(self, x):
        return F.linear(x, self.weight * self.lr_mul, bias=self.bias * self.lr_mul)


class StyleVectorizer(nn.Module):
    def __init__(self, emb, depth, lr_mul):
        super().__init__()
        layers = []
        for _ in range(depth):
            layers += [EqualLinear(emb, emb, lr_mul), leaky_relu()]
        self.net = nn.Sequential(*layers)

    def forward(self, x):
        return self.net(F.normalize(x, dim=1))


class Conv2DMod(nn.Module):
    def __init__(self, in_chan, out_chan, kernel, demod=True):
        super().__init__()
        self.filters, self.kernel, self.demod = out_chan, kernel, demod
        self.weight = nn.Parameter(torch.randn(out_chan, in_chan, kernel, kernel))
        nn.init.kaiming_normal_(self.weight, a=0, mode="fan_in", nonlinearity="leaky_relu")

    def forward(self, x, y):
        b, _, h, w = x.shape
        weights = self.weight[None] * (y[:, None, :, None, None] + 1)
        if self.demod:
            weights = weights * torch.rsqrt((weights**2).sum(dim=(2, 3, 4), keepdim=True) + 1e-8)
        weights = weights.reshape(b * self.filters, *weights.shape[2:])
        x = F.conv2d(x.reshape(1, -1, h, w), weights, padding=(self.kernel - 1) // 2, groups=b)
        return x.reshape(-1, self.filters, h, w)


class Residual(nn.Module):
    def __init__(self, fn):
        super().__init__()
        self.fn = fn

    def forward(self, x):
        return self.fn(x) + x


class ChanNorm(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.g = nn.Parameter(torch.ones(1, dim, 1, 1))
        self.b = nn.Parameter(torch.zeros(1, dim, 1, 1))

    def forward(self, x):
        var = torch.var(x, dim=1, unbiased=False, keepdim=True)
        mean = torch.mean(x, dim=1, keepdim=True)
        return (x - mean) / (var + 1e-5).sqrt() * self.g + self.b


class PreNorm(nn.Module):
    def __init__(self, dim, fn):
        super().__init__()
        self.fn = fn
        self.norm = ChanNorm(dim)

    def forward(self, x):
        return self.fn(self.norm(x))


class DepthWiseConv2d(nn.Module):
    def __init__(self, dim_in, dim_out):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(dim_in, dim_in, 3, padding=1, groups=dim_in, bias=False),
            nn.Conv2d(dim_in, dim_out, 1, bias=False),
        )

    def forward(self, x):
        return self.net(x)


class LinearAttention(nn.Module):
    heads, dim_head = 8, 64

    def __init__(self, dim):
        super().__init__()
        inner = self.heads * self.dim_head
        self.nonlin = nn.GELU()
        self.to_q = nn.Conv2d(dim, inner, 1, bias=False)
        self.to_kv = DepthWiseConv2d(dim, inner * 2)
        self.to_out = nn.Conv2d(inner, dim, 1)

    def forward(self, fmap):
        b, _, x, y = fmap.shape
        h, c = self.heads, self.dim_head

        def by_head(t):
            return t.reshape(b, h, c, x, y).permute(0, 1, 3, 4, 2).reshape(b * h, x * y, c)

        q, k, v = map(by_head, (self.to_q(fmap), *self.to_kv(fmap).chunk(2, dim=1)))
        q = q.softmax(dim=-1)
        k = k.softmax(dim=-2)
        q = q * c**-0.5
        context = torch.einsum("bnd,bne->bde", k, v)
        out = torch.einsum("bnd,bde->bne", q, context)
        out = out.reshape(b, h, x, y, c).permute(0, 1, 4, 2, 3).reshape(b, h * c, x, y)
        return self.to_out(self.nonlin(out))


def attn_and_ff(chan):
    return nn.Sequential(
        Residual(PreNorm(chan, LinearAttention(chan))),
        Residual(
            PreNorm(
                chan,
                nn.Sequential(nn.Conv2d(chan, chan * 2, 1), leaky_relu(), nn.Conv2d(chan * 2, chan, 1)),
            )
        ),
    )


class VectorQuantize(nn.Module):
    """vector-quantize-pytorch 0.1.0."""

    def __init__(self, dim, n_embed, decay=0.8, commitment=1.0, eps=1e-5):
        super().__init__()
        self.dim, self.n_embed, self.decay, self.commitment, self.eps = dim, n_embed, decay, commitment, eps
        embed = torch.randn(dim, n_embed)
        self.register_buffer("embed", embed)
        self.register_buffer("cluster_size", torch.zeros(n_embed))
        self.register_buffer("embed_avg", embed.clone())

    def forward(self, x):
        flat = x.reshape(-1, self.dim)
        dist = flat.pow(2).sum(1, keepdim=True) - 2 * flat @ self.embed + self.embed.pow(2).sum(0, keepdim=True)
        _, nearest = (-dist).max(1)
        onehot = F.one_hot(nearest, self.n_embed).type(x.dtype)
        nearest = nearest.view(*x.shape[:-1])
        code = F.embedding(nearest, self.embed.transpose(0, 1))
        if self.training:
            self.cluster_size.data.mul_(self.decay).add_(onehot.sum(0), alpha=1 - self.decay)
            total = flat.detach().transpose(0, 1) @ onehot
            self.embed_avg.data.mul_(self.decay).add_(total, alpha=1 - self.decay)
            smoothed = (self.cluster_size + self.eps) / (self.cluster_size.sum() + self.n_embed * self.eps)
            self.embed.data.copy_(self.embed_avg / (smoothed * self.cluster_size.sum()).unsqueeze(0))
        loss = F.mse_loss(code.detach(), x) * self.commitment
        return x + (code - x).detach(), nearest, loss


class PermuteToFrom(nn.Module):
    def __init__(self, fn):
        super().__init__()
        self.fn = fn

    def forward(self, x):
        out, _, loss = self.fn(x.permute(0, 2, 3, 1))
        return out.permute(0, 3, 1, 2), loss


def twice():
    return nn.Upsample(scale_factor=2, mode="bilinear", align_corners=False)


class RGBBlock(nn.Module):
    def __init__(self, latent_dim, input_channel, upsample, channels):
        super().__init__()
        self.to_style = nn.Linear(latent_dim, input_channel)
        self.conv = Conv2DMod(input_channel, channels, 1, demod=False)
        self.upsample = nn.Sequential(twice(), Blur()) if upsample else None

    def forward(self, x, prev_rgb, istyle):
        x = self.conv(x, self.to_style(istyle))
        if prev_rgb is not None:
            x = x + prev_rgb
        return x if self.upsample is None else self.upsample(x)


class GeneratorBlock(nn.Module):
    def __init__(self, latent_dim, in_chan, filters, upsample, upsample_rgb, channels):
        super().__init__()
        self.upsample = twice() if upsample else None
        self.to_style1 = nn.Linear(latent_dim, in_chan)
        self.to_noise1 = nn.Linear(1, filters)
        self.conv1 = Conv2DMod(in_chan, filters, 3)
        self.to_style2 = nn.Linear(latent_dim, filters)
        self.to_noise2 = nn.Linear(1, filters)
        self.conv2 = Conv2DMod(filters, filters, 3)
        self.activation = leaky_relu()
        self.to_rgb = RGBBlock(latent_dim, filters, upsample_rgb, channels)

    def forward(self, x, prev_rgb, istyle, inoise):
        if self.upsample is not None:
            x = self.upsample(x)
        inoise = inoise[:, : x.shape[2], : x.shape[3], :]
        noise1 = self.to_noise1(inoise).permute(0, 3, 2, 1)
        noise2 = self.to_noise2(inoise).permute(0, 3, 2, 1)
        x = self.activation(self.conv1(x, self.to_style1(istyle)) + noise1)
        x = self.activation(self.conv2(x, self.to_style2(istyle)) + noise2)
        return x, self.to_rgb(x, prev_rgb, istyle)


class Generator(nn.Module):
    def __init__(
        self, image_size, latent_dim=512, network_capacity=16, transparent=False, attn_layers=(), no_const=False, fmap_max=512
    ):
        super().__init__()
        self.image_size, self.latent_dim, self.no_const = image_size, latent_dim, no_const
        self.num_layers = int(math.log2(image_size) - 1)
        filters = [min(fmap_max, network_capacity * 2 ** (i + 1)) for i in range(self.num_layers)][::-1]
        filters = [filters[0], *filters]
        if no_const:
            self.to_initial_block = nn.ConvTranspose2d(latent_dim, filters[0], 4, 1, 0, bias=False)
        else:
            self.initial_block = nn.Parameter(torch.randn(1, filters[0], 4, 4))
        self.initial_conv = nn.Conv2d(filters[0], filters[0], 3, padding=1)
        self.blocks = nn.ModuleList([])
        self.attns = nn.ModuleList([])
        for i, (in_chan, out_chan) in enumerate(zip(filters[:-1], filters[1:])):
            self.attns.append(attn_and_ff(in_chan) if self.num_layers - i in attn_layers else None)
            last = i == self.num_layers - 1
            self.blocks.append(GeneratorBlock(latent_dim, in_chan, out_chan, i != 0, not last, 4 if transparent else 3))

    def forward(self, styles, input_noise):
        if self.no_const:
            x = self.to_initial_block(styles.mean(dim=1)[:, :, None, None])
        else:
            x = self.initial_block.expand(styles.shape[0], -1, -1, -1)
        rgb = None
        styles = styles.transpose(0, 1)
        x = self.initial_conv(x)
        for style, block, attn in zip(styles, self.blocks, self.attns):
            if attn is not None:
                x = attn(x)
            x, rgb = block(x, rgb, style, input_noise)
        return rgb


class DiscriminatorBlock(nn.Module):
    def __init__(self, in_chan, filters, downsample):
        super().__init__()
        self.conv_res = nn.Conv2d(in_chan, filters, 1, stride=2 if downsample else 1)
        self.net = nn.Sequential(
            nn.Conv2d(in_chan, filters, 3, padding=1),
            leaky_relu(),
            nn.Conv2d(filters, filters, 3, padding=1),
            leaky_relu(),
        )
        down = [Blur(), nn.Conv2d(filters, filters, 3, padding=1, stride=2)] if downsample else None
        self.downsample = None if down is None else nn.Sequential(*down)

    def forward(self, x):
        res = self.conv_res(x)
        x = self.net(x)
        if self.downsample is not None:
            x = self.downsample(x)
        return (x + res) * (1 / math.sqrt(2))


class Discriminator(nn.Module):
    def __init__(
        self, image_size, network_capacity=16, fq_layers=(), fq_dict_size=256, attn_layers=(), transparent=False, fmap_max=512
    ):
        super().__init__()
        count = int(math.log2(image_size))
        filters = [4 if transparent else 3] + [network_capacity * 4 * 2**i for i in range(count)]
        filters = [min(fmap_max, width) for width in filters]
        blocks, attns, quantizers = [], [], []
        for i, (in_chan, out_chan) in enumerate(zip(filters[:-1], filters[1:])):
            blocks.append(DiscriminatorBlock(in_chan, out_chan, i != count - 1))
            attns.append(attn_and_ff(out_chan) if i + 1 in attn_layers else None)
            quantizers.append(PermuteToFrom(VectorQuantize(out_chan, fq_dict_size)) if i + 1 in fq_layers else None)
        self.blocks = nn.ModuleList(blocks)
        self.attn_blocks = nn.ModuleList(attns)
        self.quantize_blocks = nn.ModuleList(quantizers)
        self.final_conv = nn.Conv2d(filters[-1], filters[-1], 3, padding=1)
        self.flatten = nn.Flatten()
        self.to_logit = nn.Linear(2 * 2 * filters[-1], 1)

    def forward(self, x):
        quantize_loss = torch.zeros(1).to(x)
        for block, attn, quantize in zip(self.blocks, self.attn_blocks, self.quantize_blocks):
            x = block(x)
            if attn is not None:
                x = attn(x)
            if quantize is not None:
                x, loss = quantize(x)
                quantize_loss += loss
        return self.to_logit(self.flatten(self.final_conv(x))).squeeze(), quantize_loss


class AugWrapper(nn.Module):
    def __init__(self, D):
        super().__init__()
        self.D = D

    def forward(self, x):
        return self.D(x)


class StyleGAN2(nn.Module):
    def __init__(self, image_size, latent_dim=512, style_depth=8, lr_mlp=0.1, **sizes):
        super().__init__()
        of_d = {k: v for k, v in sizes.items() if k != "no_const"}
        of_g = {k: v for k, v in sizes.items() if not k.startswith("fq_")}
        self.S = StyleVectorizer(latent_dim, style_depth, lr_mlp)
        self.G = Generator(image_size, latent_dim, **of_g)
        self.D = Discriminator(image_size, **of_d)
        self.SE = StyleVectorizer(latent_dim, style_depth, lr_mlp)
        self.GE = Generator(image_size, latent_dim, **of_g)
        self.D_aug = AugWrapper(self.D)
        self.SE.requires_grad_(False)
        self.GE.requires_grad_(False)
        for m in self.modules():
            if type(m) in {nn.Conv2d, nn.Linear}:
                nn.init.kaiming_normal_(m.weight, a=0, mode="fan_in", nonlinearity="leaky_relu")
        for block in self.G.blocks:
            for layer in (block.to_noise1, block.to_noise2):
                nn.init.zeros_(layer.weight)
                nn.init.zeros_(layer.bias)
        self.reset_parameter_averaging()

    def EMA(self, beta=0.995):
        for average, current in ((self.SE, self.S), (self.GE, self.G)):
            for new, old in zip(current.parameters(), average.parameters()):
                old.data = old.data * beta + (1 - beta) * new.data

    def reset_parameter_averaging(self):
        self.SE.load_state_dict(self.S.state_dict())
        self.GE.load_state_dict(self.G.state_dict())


def noise_list(n, layers, latent_dim):
    return [(torch.randn(n, latent_dim), layers)]


def mixed_list(n, layers, latent_dim):
    first = int(torch.rand(()).numpy() * layers)
    return noise_list(n, first, latent_dim) + noise_list(n, layers - first, latent_dim)


def latent_to_w(style_vectorizer, latents):
    return [(style_vectorizer(z), layers) for z, layers in latents]


def styles_def_to_tensor(styles):
    return torch.cat([t[:, None, :].expand(-1, n, -1) for t, n in styles], dim=1)


def image_noise(n, image_size):
    return torch.FloatTensor(n, image_size, image_size, 1).uniform_(0.0, 1.0)


def slerp(val, low, high):
    low_norm = low / torch.norm(low, dim=1, keepdim=True)
    high_norm = high / torch.norm(high, dim=1, keepdim=True)
    omega = torch.acos((low_norm * high_norm).sum(1))
    so = torch.sin(omega)
    return (torch.sin((1.0 - val) * omega) / so).unsqueeze(1) * low + (torch.sin(val * omega) / so).unsqueeze(1) * high


def gradient_penalty(images, output, weight=10, center=0.0):
    (gradients,) = torch.autograd.grad(output, images, torch.ones_like(output), create_graph=True)
    gradients = gradients.reshape(images.shape[0], -1)
    return weight * ((gradients.norm(2, dim=1) - center) ** 2).mean()


def calc_pl_lengths(styles, images):
    noise = torch.randn(images.shape) / math.sqrt(images.shape[2] * images.shape[3])
    outputs = (images * noise).sum()
    (gradients,) = torch.autograd.grad(outputs, styles, torch.ones_like(outputs), create_graph=True)
    return (gradients**2).sum(dim=2).mean(dim=1).sqrt()


@torch.no_grad()
def mean_style(S, latents, batch_size):
    samples = torch.cat([S(part) for part in latents.split(batch_size)]).numpy()
    return torch.from_numpy(np.expand_dims(np.mean(samples, axis=0), axis=0))


@torch.no_grad()
def generate_truncated(S, G, latents, noise, psi, mean, batch_size):
    w = [(psi * (S(z) - mean) + mean, layers) for z, layers in latents]
    styles = styles_def_to_tensor(w)
    images = [G(part, n) for part, n in zip(styles.split(batch_size), noise.split(batch_size))]
    return torch.cat(images).clamp_(0.0, 1.0)


# -- what is compared ------------------------------------------------------------------------------------------------

SMALL = dict(latent_dim=32, style_depth=2, network_capacity=2)


def gradients_of(name, module):
    return {f"{name}.{key}.grad": p.grad for key, p in module.named_parameters() if p.grad is not None}


def networks(image_size, **sizes):
    """Weights of a seed; images, logits, and gradients through both; the state after two calls of D."""

    def case(steps=None):
        gan = StyleGAN2(image_size, **{**SMALL, **sizes})
        out = {f"state.{key}": value.clone() for key, value in gan.state_dict().items()}
        latents = mixed_list(2, gan.G.num_layers, gan.G.latent_dim)
        styles = styles_def_to_tensor(latent_to_w(gan.S, latents))
        images = gan.G(styles, image_noise(2, image_size))
        logits, quantize_loss = gan.D(images)
        (logits.mean() + quantize_loss.mean()).backward()
        single, _ = gan.D(images.detach()[:1])
        out.update(styles=styles, images=images, logits=logits, quantize_loss=quantize_loss, single=single)
        for name in ("S", "G", "D"):
            out.update(gradients_of(name, getattr(gan, name)))
        out.update({f"after.{key}": value for key, value in gan.state_dict().items()})
        return out

    return case


def second_order(**sizes):
    """Gradients of the gradient penalty, centred at 0 and at 1, and of the path length, in the weights."""

    def case(steps=None):
        out = {}
        for center in (0.0, 1.0):
            D = Discriminator(16, **{"network_capacity": 2, **sizes})
            images = torch.rand(3, 3, 16, 16, requires_grad=True)
            logits, _ = D(images)
            penalty = gradient_penalty(images, logits, center=center)
            penalty.backward()
            out[f"penalty.{center:g}"] = penalty
            out.update(gradients_of(f"D.{center:g}", D))
        S, G = StyleVectorizer(32, 2, 0.1), Generator(16, 32, 2)
        styles = styles_def_to_tensor(latent_to_w(S, noise_list(3, G.num_layers, 32)))
        lengths = calc_pl_lengths(styles, G(styles, image_noise(3, 16)))
        ((lengths - 0.1) ** 2).mean().backward()
        return {**out, "lengths": lengths, **gradients_of("S", S), **gradients_of("G", G)}

    return case


def averages(steps=None):
    """The moving averages after the networks have changed, and their copies."""
    gan = StyleGAN2(8, **SMALL)
    with torch.no_grad():
        for p in [*gan.S.parameters(), *gan.G.parameters()]:
            p.add_(torch.randn_like(p))
    gan.EMA()
    gan.EMA()
    out = {f"ema.{key}": value.clone() for key, value in gan.state_dict().items() if key[:2] in ("SE", "GE")}
    gan.reset_parameter_averaging()
    return {**out, **{f"copy.{key}": value for key, value in gan.state_dict().items() if key[:2] in ("SE", "GE")}}


def interpolation(steps=None):
    low, high = torch.randn(4, 16), torch.randn(4, 16)
    return {f"{t:g}": slerp(t, low, high) for t in (0.0, 0.25, 0.5, 3.0)} | {
        f"tensor.{i}": slerp(t, low, high) for i, t in enumerate(torch.linspace(0.0, 8.0, 7))
    }


def sampling(steps=None):
    """Truncated images of a plain and of a mixed list; the last batch is not full."""
    gan = StyleGAN2(16, **SMALL)
    with torch.no_grad():
        gan.GE.blocks[1].to_noise1.weight.normal_()
    mean = mean_style(gan.SE, torch.randn(2000, 32), 5)
    out = {"mean": mean}
    for name, latents in (("plain", noise_list(7, 3, 32)), ("mixed", mixed_list(7, 3, 32))):
        noise = image_noise(7, 16)
        out[name] = generate_truncated(gan.SE, gan.GE, latents, noise, 0.75, mean, 5)
    return out


CASES = {
    "stylegan2 networks": networks(16),
    "stylegan2 networks, default sizes at 32": networks(32, latent_dim=512, style_depth=8, network_capacity=4),
    "stylegan2 attention": networks(16, attn_layers=[1, 2]),
    "stylegan2 feature quantisation": networks(16, fq_layers=[1, 3], fq_dict_size=8),
    "stylegan2 no_const, transparent, fmap_max": networks(16, no_const=True, transparent=True, fmap_max=6),
    "stylegan2 attention and quantisation": networks(8, attn_layers=[1], fq_layers=[2], fq_dict_size=16),
    "stylegan2 second order": second_order(),
    "stylegan2 second order with attention": second_order(attn_layers=[1]),
    "stylegan2 averages": averages,
    "stylegan2 slerp": interpolation,
    "stylegan2 sampling": sampling,
}
