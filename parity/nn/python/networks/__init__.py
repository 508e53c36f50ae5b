"""Networks for the part `export`: what they are, and what a call of each looks like.

An entry of NETWORKS is a name and a function that gives an Entry. Inputs are written as trees: a list is a tuple, a dict a
dict, and a leaf is `randn(...)`, `randint(...)` or `const(...)`; the size None is the batch's.
"""

from dataclasses import dataclass, field

from torch import nn


def randn(*size):
    return {"leaf": "randn", "size": list(size)}


def randint(high, *size):
    return {"leaf": "randint", "high": high, "size": list(size)}


def const(value):
    return {"leaf": "const", "value": value}


@dataclass
class Entry:
    module: nn.Module
    args: list
    kwargs: dict = field(default_factory=dict)
    # Batches of which the first is exported; all of them where sizes are dynamic.
    batches: tuple = (4, 3, 6)
    # Lowered to the operators of inference.
    decompose: bool = False


NETWORKS = {}


def network(make):
    NETWORKS[make.__name__] = make
    return make


from . import documents, forms, vision, words  # noqa: E402, F401
