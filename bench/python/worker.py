"""Python's half of the benchmark: measures cases on request, one JSON line in, one out. See bench/measure.mjs."""

import json
import statistics
import sys
import time

import torch
from cases import CASES


def synchronize(device):
    if device != "cpu":
        torch.cuda.synchronize()


def timed(run, calls, device):
    start = time.perf_counter()
    run(calls)
    synchronize(device)
    return time.perf_counter() - start


def measure(case, device, sample_seconds, samples):
    """Median seconds per call over samples that each last at least `sample_seconds`, after a warm-up of five times that."""
    run = CASES[case](device)
    calls = 1
    warm = 0.0
    while warm < 5 * sample_seconds:
        warm += timed(run, 10, device)
    while (took := timed(run, calls, device)) < sample_seconds:
        calls = max(calls * 2, int(calls * sample_seconds / max(took, 1e-9)))
    return {"calls": calls, "seconds": statistics.median(timed(run, calls, device) / calls for _ in range(samples))}


def peak_bytes():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))


def train(case, device, steps):
    """Trains for some steps; the process's peak memory."""
    CASES[case](device)(steps)
    return {"bytes": peak_bytes()}


def main():
    facts = {"torch": torch.__version__, "python": sys.version.split()[0]}
    print(json.dumps(facts), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        torch.set_num_threads(request["threads"])
        torch.manual_seed(0)
        if "steps" in request:
            answer = train(request["case"], request["device"], request["steps"])
        else:
            answer = measure(request["case"], request["device"], request["sample_seconds"], request["samples"])
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
