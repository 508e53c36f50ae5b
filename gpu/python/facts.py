"""What Python says of the machine, as JSON on the last line."""

import json
import platform
import re

import torch

from device import settle
from envelope import envelope


def driver():
    """Version of NVIDIA's driver, which needs neither a library nor a program to be asked."""
    try:
        with open("/proc/driver/nvidia/version") as file:
            found = re.search(r"Kernel Module.*?\s(\d+(?:\.\d+)+)\s", file.read())
    except OSError:
        return None
    return found and found.group(1)


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
