"""The numeric envelope of this process, with the names of lib/envelope/envelope.ts; as a script it prints it as JSON."""

import json
import os
import platform
import re

import torch

# oneDNN's instruction sets for float32, least first, by the names that a cap of them may have.
ISAS = [("SSE41", r"SSE41$"), ("AVX", r"AVX$"), ("AVX2", r"AVX2(_|$)"), ("AVX512", r"AVX512_|AVX10_")]
AVX512 = {"avx512f", "avx512bw", "avx512vl", "avx512dq"}


def cpuinfo(field):
    """A field of the first processor."""
    try:
        with open("/proc/cpuinfo", encoding="latin-1") as lines:
            found = re.search(rf"^{field}\s*:(.*)$", lines.read(), re.MULTILINE)
    except OSError:
        return ""
    return found.group(1).strip() if found else ""


def onednn_isa(cap):
    flags = set(cpuinfo("flags").split())
    if not flags:
        return {"x86_64": "x64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    own = 3 if flags >= AVX512 else 2 if "avx2" in flags else 1 if "avx" in flags else 0
    allowed = [i for i, (_, caps) in enumerate(ISAS) if re.match(caps, (cap or "").upper())]
    return ISAS[min([own, *allowed])][0]


def variable(name):
    return os.environ.get(name) or None


def envelope():
    """What bits depend on besides program and seed, as plain data."""
    cap = variable("ONEDNN_MAX_CPU_ISA") or variable("DNNL_MAX_CPU_ISA")
    with torch.no_grad():
        flushes = torch.full([1], 1e-30, dtype=torch.float32, device="cpu").mul(1e-10).item() == 0
    return {
        "torch": torch.__version__.split("+")[0],
        "git_version": torch.version.git_version,
        "cpu": cpuinfo("model name") or platform.machine(),
        "cpu_capability": torch.backends.cpu.get_cpu_capability(),
        "onednn_isa": onednn_isa(cap),
        "aten_cpu_capability": variable("ATEN_CPU_CAPABILITY"),
        "onednn_max_cpu_isa": cap,
        "mkl_cbwr": variable("MKL_CBWR"),
        "num_threads": torch.get_num_threads(),
        "num_interop_threads": torch.get_num_interop_threads(),
        "mkldnn": torch.backends.mkldnn.enabled,
        "mkldnn_deterministic": torch.backends.mkldnn.deterministic,
        "deterministic_algorithms": torch.are_deterministic_algorithms_enabled(),
        "deterministic_warn_only": torch.is_deterministic_algorithms_warn_only_enabled(),
        "flush_denormal": flushes,
        "float32_matmul_precision": torch.get_float32_matmul_precision(),
        "cuda_matmul_allow_tf32": torch.backends.cuda.matmul.allow_tf32,
        "cudnn_allow_tf32": torch.backends.cudnn.allow_tf32,
        "cudnn_benchmark": torch.backends.cudnn.benchmark,
        "cudnn_deterministic": torch.backends.cudnn.deterministic,
        "cuda": torch.version.cuda,
        "cudnn": torch.backends.cudnn.version(),
        "gpu": torch.cuda.get_device_name() if torch.cuda.is_available() else None,
        "glibc": platform.libc_ver()[1] or None,
    }


if __name__ == "__main__":
    print(json.dumps(envelope(), indent=2))
