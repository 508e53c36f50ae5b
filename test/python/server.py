"""The reference side of the live parity tests: runs Python snippets and answers with raw bytes.

One JSON line in, one JSON line out:
    {"code", "seed", "threads", "inputs"} -> {"out", "generator"} or {"error": {"type", "message"}}
A snippet is the body of a function that returns a dict (or list) of tensors, numbers, strings and None.
Before every snippet the default generator is seeded, so that a case does not depend on those before it.
"""

import base64
import json
import os
import struct
import sys
import textwrap
import traceback
import warnings

import torch

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import probes  # noqa: E402

NAMES = {
    "torch": torch,
    "nn": torch.nn,
    "F": torch.nn.functional,
    "optim": torch.optim,
    "probes": probes,
    **{name: getattr(probes, name) for name in probes.__all__},
}


def raw_bytes(tensor):
    """The elements in row-major order, as they lie in memory."""
    flat = tensor.detach().cpu().contiguous().reshape(-1)
    if flat.numel() == 0:
        return b""
    if flat._is_zerotensor():
        flat = torch.zeros(flat.shape, dtype=flat.dtype)
    if flat.numel() == 1:
        flat = flat.as_strided((1,), (1,))  # one element may have any stride
    return flat.view(torch.uint8).numpy().tobytes()


def encode(value):
    """One leaf or container as JSON; numbers travel as their bits, so that NaN and -0 survive."""
    if isinstance(value, torch.Tensor):
        return {
            "kind": "tensor",
            "dtype": str(value.dtype),
            "shape": list(value.shape),
            "data": base64.b64encode(raw_bytes(value)).decode(),
        }
    if value is None:
        return {"kind": "none"}
    if isinstance(value, bool):
        return {"kind": "bool", "value": value}
    if isinstance(value, (int, float)):
        # JavaScript has one number type: 1 and 1.0 are the same there.
        if isinstance(value, int) and abs(value) > 2**53:
            return {"kind": "int", "value": str(value)}
        return {"kind": "number", "bits": struct.pack("<d", float(value)).hex()}
    if isinstance(value, str):
        return {"kind": "string", "value": value}
    if isinstance(value, torch.Size) or isinstance(value, (list, tuple)):
        return {"kind": "list", "items": [encode(item) for item in value]}
    if isinstance(value, dict):
        return {"kind": "dict", "items": [[str(key), encode(item)] for key, item in value.items()]}
    if isinstance(value, (torch.dtype, torch.device)):
        return {"kind": "string", "value": str(value)}
    raise TypeError(f"a snippet returned a {type(value).__name__}, which has no encoding")


def decode(leaf):
    """A tensor sent by the test."""
    dtype = getattr(torch, leaf["dtype"].removeprefix("torch."))
    data = bytearray(base64.b64decode(leaf["data"]))
    if not data:
        return torch.empty(leaf["shape"], dtype=dtype)
    return torch.frombuffer(data, dtype=torch.uint8).clone().view(dtype).reshape(leaf["shape"])


def run(request):
    body = textwrap.indent(textwrap.dedent(request["code"]).strip() or "return {}", "    ")
    scope = dict(NAMES)
    scope["inputs"] = {name: decode(leaf) for name, leaf in request.get("inputs", {}).items()}
    exec(compile(f"def case():\n{body}\n", "<snippet>", "exec"), scope)
    torch.set_num_threads(request.get("threads", 1))
    torch.manual_seed(request.get("seed", 0))
    out = encode(scope["case"]())
    return {"out": out, "generator": encode(torch.get_rng_state())}


def main():
    # Answers go to the real stdout; whatever a snippet prints goes to stderr.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    warnings.simplefilter("ignore")
    facts = {"torch": torch.__version__, "threads": torch.get_num_threads(), "python": sys.version.split()[0]}
    answers.write(json.dumps(facts) + "\n")
    answers.flush()
    for line in sys.stdin:
        try:
            answer = run(json.loads(line))
        except Exception as error:  # noqa: BLE001: every failure is an answer
            answer = {
                "error": {"type": type(error).__name__, "message": str(error), "trace": traceback.format_exc()}
            }
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
