"""The device that snippets and proofs compute on, from ISOTORCH_TEST_DEVICE; reference/device.mjs is the same for the other side."""

import os

import torch

NAME = os.environ.get("ISOTORCH_TEST_DEVICE") or None
ON_GPU = NAME not in (None, "cpu")


def determine():
    """Deterministic algorithms where there is a device, as torch has it where there is none."""
    torch.use_deterministic_algorithms(NAME is not None, warn_only=NAME is not None)


def settle():
    """Settings under which two runs on one device give equal bits. Without a device nothing is set."""
    if NAME is None:
        return
    determine()
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cudnn.benchmark = False


def generator_state():
    """State of the device's default generator."""
    return torch.cuda.get_rng_state() if ON_GPU else torch.get_rng_state()
