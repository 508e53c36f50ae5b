"""What another torch version would change: operators and Python signatures that come, go or differ.

    python tools/codegen/compare.py torch-2.14.0-….whl        a wheel, or a folder with torchgen in it
    python tools/codegen/compare.py --list torch-2.14.0-….whl  every one of them by name

The other side is the torch of the Python that runs this.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path


def dump() -> None:
    """Prints everything that the generator sees, of the torchgen on the path."""
    from importlib.metadata import version

    from declarations import signature_text
    from generate import MODULES
    from model import load, load_native_functions, parse_yaml

    native = load_native_functions()
    spaces = {"torch.Tensor": load(native, module=None, method=True)}
    for module, _, _ in MODULES:
        spaces[f"torch.{module}" if module else "torch"] = load(native, module=module, method=False)
    signatures = {
        f"{space}.{function.name.removeprefix(space.removeprefix('torch.') + '_')}": [signature_text(overload) for overload in function.overloads]
        for space, functions in spaces.items()
        for function in functions
        if function.overloads
    }
    left_out = sum(len(f.left_out) for functions in spaces.values() for f in functions)
    operators = {f"aten::{f.func.name}": str(f.func) for f in parse_yaml()}
    answer = {"version": version("torch"), "operators": operators, "signatures": signatures, "left_out": left_out}
    print(json.dumps(answer))


def seen(torchgen: Path | None) -> dict:
    """`dump` in a process of its own, with the torchgen of that folder."""
    environment = dict(os.environ)
    if torchgen is not None:
        environment["PYTHONPATH"] = str(torchgen)
    command = [sys.executable, __file__, "--dump"]
    output = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
    return json.loads(output)


def unpacked(source: Path, folder: str) -> Path:
    if source.is_dir():
        return source
    with zipfile.ZipFile(source) as wheel:
        names = [n for n in wheel.namelist() if n.startswith("torchgen/") or ".dist-info/" in n.split("/")[0] + "/"]
        wheel.extractall(folder, names)
    return Path(folder)


def compare(title: str, old: dict, new: dict, details: bool) -> None:
    added, removed = sorted(new.keys() - old.keys()), sorted(old.keys() - new.keys())
    changed = sorted(name for name in old.keys() & new.keys() if old[name] != new[name])
    print(f"{title}: {len(old)} -> {len(new)}; {len(added)} added, {len(removed)} removed, {len(changed)} changed")
    if not details:
        return
    for sign, names in (("+", added), ("-", removed), ("~", changed)):
        for name in names:
            print(f"  {sign} {name}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("other", type=Path, nargs="?", help="wheel or folder of the other torch")
    parser.add_argument("--list", action="store_true", help="name what differs")
    parser.add_argument("--dump", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.dump:
        dump()
        return
    if options.other is None:
        parser.error("name a wheel or a folder of another torch")
    with tempfile.TemporaryDirectory() as folder:
        here, there = seen(None), seen(unpacked(options.other, folder))
    print(f"torch {here['version']} -> {there['version']}")
    compare("operators", here["operators"], there["operators"], options.list)
    compare("names with signatures", here["signatures"], there["signatures"], options.list)
    print(f"signatures that the generator cannot express: {here['left_out']} -> {there['left_out']}")


if __name__ == "__main__":
    main()
