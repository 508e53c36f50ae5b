"""Makes a kit ready on this machine: `prepare.py KIT`. Prints the folder of this Python's torch.

Finds torch without importing it and notes it where reference/ looks; unpacks Node; gives the digits their full length.
"""

import importlib.util
import json
import lzma
import os
import re
import shutil
import sys


def fail(sentence):
    print(sentence, file=sys.stderr)
    sys.exit(1)


def torch_folder():
    spec = importlib.util.find_spec("torch")
    if spec is None:
        fail(f"{sys.executable} has no torch: set ISOTORCH_PYTHON to a Python that has")
    return spec.submodule_search_locations[0]


def version_of(folder):
    with open(os.path.join(folder, "version.py")) as file:
        return re.search(r"^__version__ = '([^']+)'", file.read(), re.M).group(1)


def write(path, data):
    """The whole file or nothing: the machine may go at any time."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".part", "wb") as file:
        file.write(data)
    os.replace(path + ".part", path)


def unpack_node(kit):
    packed, node = os.path.join(kit, "node.xz"), os.path.join(kit, "bin", "node")
    if not os.path.exists(packed) or os.path.exists(node):
        return
    os.makedirs(os.path.dirname(node), exist_ok=True)
    with lzma.open(packed) as source, open(node + ".part", "wb") as target:
        shutil.copyfileobj(source, target, 1 << 20)
    os.chmod(node + ".part", 0o755)
    os.replace(node + ".part", node)


def pad(kit, digits):
    """The kit has the digits that are used; the file's header speaks of all."""
    for name, size in digits.items():
        path = os.path.join(kit, name)
        if os.path.getsize(path) < size:
            os.truncate(path, size)


def main():
    kit = sys.argv[1]
    with open(os.path.join(kit, "kit.json")) as file:
        facts = json.load(file)
    torch = torch_folder()
    version = version_of(torch)
    minor = ".".join(version.split(".")[:2])
    if minor != facts["minor"]:
        fail(f"Python's torch is {version}; the kit was built for {facts['libtorch']}")
    write(os.path.join(kit, "build", "libtorch.json"), json.dumps({"path": torch, "version": version, "source": "python3", "python": sys.executable}).encode())
    unpack_node(kit)
    pad(kit, facts["digits"])
    print(torch)


main()
