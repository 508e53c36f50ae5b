"""What Python says of the machine, as JSON on the last line."""

import json
import platform
import subprocess

import torch

from device import settle
from envelope import envelope


def driver():
    try:
        command = ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"]
        return subprocess.run(command, capture_output=True, text=True, timeout=20).stdout.split("\n")[0].strip() or None
    except (OSError, subprocess.SubprocessError):
        return None


def facts():
    available = torch.cuda.is_available()
    found = {
        "python": platform.python_version(),
        "torch": torch.__version__,
        "available": available,
        "driver": driver(),
    }
    if available:
        properties = torch.cuda.get_device_properties(0)
        found |= {
            "gpu": properties.name,
            "capability": f"{properties.major}.{properties.minor}",
            "memory": properties.total_memory,
            "multiprocessors": properties.multi_processor_count,
            "gpus": torch.cuda.device_count(),
        }
    settle()
    return {**found, "envelope": envelope()}


print(json.dumps(facts()))
