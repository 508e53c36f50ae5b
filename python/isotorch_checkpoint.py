"""Training checkpoints that isotorch reads and writes, too (saveTraining, loadTraining): a run goes on in either language.

    isotorch_checkpoint.save("run.pt", {"step": step}, net=net, optimizer=optimizer)
    step = isotorch_checkpoint.load("run.pt", net=net, optimizer=optimizer)["step"]
"""

import contextlib
import glob
import os
import random
import time

import numpy as np
import torch

VERSION = 1


def save(path, counters=None, **objects):
    """Writes the states of objects with a state_dict, those of the random streams, and counters (plain data)."""
    kind, key, *rest = np.random.get_state()
    cuda = torch.cuda.get_rng_state_all() if torch.cuda.is_available() else []
    streams = {
        "torch": {"cpu": torch.get_rng_state(), **{f"cuda:{i}": state for i, state in enumerate(cuda)}},
        "python": random.getstate(),
        "numpy": [kind, torch.from_numpy(key.copy()), *rest],
    }
    states = {name: each.state_dict() for name, each in objects.items()}
    content = {"isotorch_checkpoint": VERSION, "objects": states, "counters": counters or {}, "random": streams}
    for left in glob.glob(f"{glob.escape(str(path))}.*.tmp"):
        with contextlib.suppress(OSError):
            # What nobody has written to for an hour is from a process that was killed.
            if time.time() - os.path.getmtime(left) > 3600:
                os.remove(left)
    temporary = f"{path}.{os.getpid()}.tmp"
    try:
        with open(temporary, "wb") as file:
            torch.save(content, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.remove(temporary)
        raise


def load(path, map_location=None, **objects):
    """Puts the states back, and returns the counters."""
    content = torch.load(path, map_location=map_location, weights_only=True)
    if not isinstance(content, dict) or content.get("isotorch_checkpoint") != VERSION:
        raise ValueError(f"{path} is no training checkpoint of version {VERSION}")
    if objects.keys() != content["objects"].keys():
        raise KeyError(f"{path} has the states of {sorted(content['objects'])}, not of {sorted(objects)}")
    for name, each in objects.items():
        each.load_state_dict(content["objects"][name])
    for device, state in content["random"]["torch"].items():
        if device == "cpu":
            torch.set_rng_state(state.cpu())
        elif torch.cuda.is_available():
            torch.cuda.set_rng_state(state.cpu(), device)
    version, words, gauss = content["random"]["python"]
    random.setstate((version, tuple(words), gauss))
    kind, key, *rest = content["random"]["numpy"]
    np.random.set_state((kind, key.cpu().numpy(), *rest))
    return content["counters"]
