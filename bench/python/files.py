"""Files of a state dict of 1 GiB, as bench/files.mjs has them."""

import os
import tempfile

import safetensors.torch
import torch

TENSORS = 64
ELEMENTS = 2**22

folder = None


def file_of(name):
    global folder
    folder = folder or tempfile.TemporaryDirectory(prefix="bench-files-")
    return os.path.join(folder.name, name)


def state():
    return {f"w{i}": torch.ones(ELEMENTS) for i in range(TENSORS)}


def repeat(call):
    def run(calls):
        for _ in range(calls):
            call()

    return run


def save_state(device):
    tensors, file = state(), file_of("state.pt")
    return repeat(lambda: torch.save(tensors, file))


def load_state(device):
    file = file_of("state.pt")
    torch.save(state(), file)
    return repeat(lambda: torch.load(file))


def load_safetensors(device):
    file = file_of("state.safetensors")
    safetensors.torch.save_file(state(), file)
    return repeat(lambda: [tensor.sum().item() for tensor in safetensors.torch.load_file(file).values()])


def save_and_load(device):
    file = file_of("state.pt")

    def call():
        torch.save(state(), file)
        torch.load(file)

    return repeat(call)


FILES = {each.__name__: each for each in [save_state, load_state, load_safetensors, save_and_load]}
