"""Runs DataLoaders over three passes: data sets and settings are those of ../loaders, line by line.

Requests: {"setting", "num_workers"}.
"""

import random
import struct

import numpy as np
import torch
from torch.utils import data
from torch.utils.data import DataLoader, Dataset, IterableDataset, get_worker_info

from device import settle
from lines import serve

settle()
torch.set_num_threads(1)

PASSES = 3


def drawn():
    return [
        torch.rand(2),
        torch.nn.functional.dropout(torch.ones(8), 0.5),
        torch.randperm(5),
        random.random(),
        random.randrange(1000),
        np.random.random_sample(2),
        torch.randn(17),
    ]


class Noisy(Dataset):
    def __init__(self, size):
        self.size = size

    def __len__(self):
        return self.size

    def __getitem__(self, index):
        return {"index": index, "name": f"sample {index}", "drawn": drawn(), "half": index / 2, "even": index % 2 == 0}


class Stream(IterableDataset):
    def __init__(self, size):
        self.size = size

    def __iter__(self):
        info = get_worker_info()
        start, step = (0, 1) if info is None else (info.id, info.num_workers)
        for index in range(start, self.size, step):
            yield [index, *drawn()]


def longest(samples):
    sizes = [sample["index"] % 3 for sample in samples]
    return [torch.rand(max(sizes) + 1), torch.tensor([sample["index"] for sample in samples])]


def draw_some(worker_id):
    for _ in range(worker_id + 1):
        torch.rand(3)
    random.random()
    np.random.rand(1)


def rows():
    return data.TensorDataset(torch.arange(11), torch.arange(22, dtype=torch.float32).view(11, 2))


def generator(**workers):
    g = torch.Generator().manual_seed(5)
    return DataLoader(Noisy(11), batch_size=4, shuffle=True, generator=g, **workers)


def replacement(**workers):
    sampler = data.RandomSampler(Noisy(11), replacement=True, num_samples=37)
    return DataLoader(Noisy(11), batch_size=5, sampler=sampler, **workers)


def subset(**workers):
    sampler = data.SubsetRandomSampler([1, 3, 5, 7, 9])
    return DataLoader(Noisy(11), batch_size=2, sampler=sampler, **workers)


def weighted(**workers):
    sampler = data.WeightedRandomSampler([0.1, 0.9, 0.4, 0.7, 3.0, 0.6], 8, True)
    return DataLoader(Noisy(11), batch_size=3, sampler=sampler, **workers)


def batch_sampler(**workers):
    sampler = data.BatchSampler(data.RandomSampler(Noisy(11)), 3, True)
    return DataLoader(Noisy(11), batch_sampler=sampler, **workers)


def split(**workers):
    first, _ = data.random_split(data.StackDataset(rows=rows(), noise=Noisy(11)), [0.7, 0.3])
    return DataLoader(first, batch_size=3, shuffle=True, **workers)


def distributed(**workers):
    both = data.ConcatDataset([Noisy(6), Noisy(5)])
    sampler = data.DistributedSampler(both, num_replicas=3, rank=1, seed=4)
    kept = {"persistent_workers": True, "prefetch_factor": 3} if workers["num_workers"] > 0 else {}
    return DataLoader(
        both, batch_size=2, sampler=sampler, collate_fn=longest, worker_init_fn=draw_some, **workers, **kept
    )


SETTINGS = {
    "sequential": lambda **workers: DataLoader(Noisy(11), batch_size=4, **workers),
    "shuffle": lambda **workers: DataLoader(Noisy(11), batch_size=3, shuffle=True, **workers),
    "drop last": lambda **workers: DataLoader(Noisy(11), batch_size=4, shuffle=True, drop_last=True, **workers),
    "generator": generator,
    "replacement": replacement,
    "subset": subset,
    "weighted": weighted,
    "batch sampler": batch_sampler,
    "no batches": lambda **workers: DataLoader(Noisy(5), batch_size=None, shuffle=True, **workers),
    "stream": lambda **workers: DataLoader(Stream(13), batch_size=3, drop_last=True, **workers),
    "split": split,
    "distributed": distributed,
}


def written(value):
    """Tensors and numbers by their bytes."""
    if isinstance(value, torch.Tensor):
        return [str(value.dtype), list(value.shape), value.contiguous().numpy().tobytes().hex()]
    if isinstance(value, dict):
        return {key: written(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [written(item) for item in value]
    return struct.pack("<d", value).hex() if isinstance(value, float) else str(value)


def answer(request):
    torch.manual_seed(1)
    random.seed(2)
    np.random.seed(3)
    loader = SETTINGS[request["setting"]](num_workers=request["num_workers"])
    passes = []
    for epoch in range(PASSES):
        if hasattr(loader.sampler, "set_epoch"):
            loader.sampler.set_epoch(epoch)
        passes.append([written(batch) for batch in loader])
    after = [torch.rand(3), torch.tensor([random.random()]), torch.from_numpy(np.random.rand(2))]
    return {"passes": passes, "after": written(after)}


serve(list(SETTINGS), answer)
