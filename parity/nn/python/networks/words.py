"""Networks for sequences."""

import math

import torch
from torch import nn
from torch.nn import functional as F

from . import Entry, network, randint, randn


class Lstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(20, 16, padding_idx=0)
        self.lstm = nn.LSTM(16, 24, 2, batch_first=True, dropout=0.2, bidirectional=True)
        self.out = nn.Linear(48, 20)

    def forward(self, tokens):
        states, (h, c) = self.lstm(self.embedding(tokens))
        return self.out(states), (h, c)


@network
def lstm():
    return Entry(Lstm(), [randint(20, None, 7)])


class Gru(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(8, 12, batch_first=True)
        self.rnn = nn.RNN(12, 6, nonlinearity="relu", batch_first=True)

    def forward(self, x, h=None):
        x, _ = self.gru(x, h)
        return self.rnn(x)[1]


@network
def gru():
    return Entry(Gru(), [randn(None, 5, 8)])


class Attention(nn.Module):
    """Causal attention with its weights tied to the embedding, and a mask that is a buffer."""

    def __init__(self, words=24, dim=32, heads=4, length=10):
        super().__init__()
        self.heads = heads
        self.token = nn.Embedding(words, dim)
        self.place = nn.Embedding(length, dim)
        self.qkv = nn.Linear(dim, 3 * dim)
        self.project = nn.Linear(dim, dim)
        self.feed = nn.Sequential(nn.LayerNorm(dim), nn.Linear(dim, 64), nn.SiLU(), nn.Linear(64, dim), nn.Dropout(0.1))
        self.head = nn.Linear(dim, words, bias=False)
        self.head.weight = self.token.weight
        self.register_buffer("mask", torch.tril(torch.ones(length, length)).bool(), persistent=False)

    def forward(self, tokens):
        b, length = tokens.shape
        x = self.token(tokens) + self.place(torch.arange(length, device=tokens.device))
        q, k, v = self.qkv(x).reshape(b, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4).unbind(0)
        scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(~self.mask[:length, :length], float("-inf")).softmax(-1)
        x = x + self.project((scores @ v).transpose(1, 2).reshape(b, length, -1))
        fused = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.head(x + self.feed(x)), fused


@network
def gpt():
    return Entry(Attention(), [randint(24, None, 10)])


class Translator(nn.Module):
    def __init__(self):
        super().__init__()
        self.transformer = nn.Transformer(16, 2, 1, 1, 32, 0.1, batch_first=True)

    def forward(self, source, target):
        mask = nn.Transformer.generate_square_subsequent_mask(target.shape[1])
        return self.transformer(source, target, tgt_mask=mask, tgt_is_causal=True)


@network
def transformer():
    return Entry(Translator(), [randn(None, 6, 16), randn(None, 5, 16)])
