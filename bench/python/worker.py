"""Python's half of the benchmark: measures cases on request, one JSON line in, one out. See bench/worker.mjs."""

import sys
import time

import torch
from cases import CASES
from envelope import envelope
from lines import serve


def synchronize(device):
    if device != "cpu":
        torch.cuda.synchronize()


# Seconds that have passed, or that this thread has been on a processor.
CLOCKS = {"wall": time.perf_counter, "cpu": time.thread_time}


def timed(run, calls, device, now=time.perf_counter):
    start = now()
    run(calls)
    synchronize(device)
    return now() - start


prepared = None


def make(request):
    sizes = {"batch": request["batch"]} if "batch" in request else {}
    return CASES[request["case"]](request["device"], **sizes)


def prepare(request):
    """Makes a case's work, runs it until it is warm, and finds how many calls last `seconds`."""
    global prepared
    device, seconds = request["device"], request["seconds"]
    run = make(request)
    calls = 1
    warm = 0.0
    while warm < 5 * seconds:
        took = timed(run, calls, device)
        warm += took
        if took < seconds:
            calls = max(calls + 1, int(calls * min(10, 1.1 * seconds / max(took, 1e-9))))
    prepared = run, calls, device, CLOCKS[request.get("clock", "wall")]
    return {"calls": calls}


def sample(request):
    """Seconds per call of the prepared case, over one sample. Work with a `base` begins anew each time: what that takes goes off."""
    run, calls, device, now = prepared
    base = getattr(run, "base", 0)
    start = timed(run, base, device, now) if base else 0
    return {"seconds": (timed(run, calls + base, device, now) - start) / calls}


def peak_bytes(device):
    if device != "cpu":
        return torch.cuda.max_memory_allocated()
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))


def train(request):
    """Trains for some steps; the process's peak memory, on a GPU that of its tensors there."""
    make(request)(request["steps"])
    return {"bytes": peak_bytes(request["device"])}


REQUESTS = {"prepare": prepare, "sample": sample, "train": train}


def answer(request):
    if "threads" in request:
        torch.set_num_threads(request["threads"])
    torch.manual_seed(0)
    return REQUESTS[request["do"]](request)


if __name__ == "__main__":
    versions = {"torch": torch.__version__, "python": sys.version.split()[0]}
    serve({"versions": versions, "envelope": envelope()}, answer)
