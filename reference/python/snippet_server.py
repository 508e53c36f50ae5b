"""Runs snippets (see snippets.py) for whoever connects.

    python snippet_server.py SOCKET FOLDER MODULE...

SOCKET is where to listen; MODULEs of FOLDER are offered to snippets. torch is imported once, at the first connection, and
each connection gets a fork of this process: as fresh as one that imported torch itself, for a hundredth of the time. The
process ends with its standard input. What a fork prints lies in the file that its facts name. Where SOCKET is `-`, one
process answers its standard input.
"""

import importlib
import os
import select
import signal
import socket
import sys

from lines import serve


def serve_fork(connection, log):
    """The fork's whole life."""
    import snippets

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    said = os.open(log, os.O_WRONLY | os.O_CREAT, 0o600)
    os.dup2(said, 1)
    os.dup2(said, 2)
    requests, answers = connection.makefile("r", encoding="utf-8"), connection.makefile("w", encoding="utf-8")
    try:
        serve({**snippets.facts(), "log": log}, snippets.answer, requests, answers)
    except (BrokenPipeError, ConnectionResetError):
        pass  # Nobody asks any more.


# What torch itself imports late: an optimizer or assert_close the first (800 modules, a second), forward AD the other.
LATE = ["torch._dynamo", "torch._decomp.decompositions_for_jvp"]
# From this connection on it is cheaper to have them than to let every fork import its own.
MANY = 3


def load(folder, modules):
    import snippets

    sys.path.insert(0, folder)
    for module in modules:
        snippets.offer(importlib.import_module(module))


def main():
    path, folder, *modules = sys.argv[1:]
    if path == "-":
        load(folder, modules)
        import snippets

        return serve(snippets.facts(), snippets.answer)
    # Nobody waits for a fork's exit code.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()
    print("{}", flush=True)
    forks = 0
    while True:
        ready, _, _ = select.select([listener, sys.stdin], [], [])
        if sys.stdin in ready:
            return
        connection, _ = listener.accept()
        forks += 1
        if forks == 1:
            load(folder, modules)
        if forks == MANY:
            for module in LATE:
                importlib.import_module(module)
        if os.fork() == 0:
            listener.close()
            try:
                serve_fork(connection, f"{path}.{forks}.log")
            finally:
                os._exit(0)
        connection.close()


main()
