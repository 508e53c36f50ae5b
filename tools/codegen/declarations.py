"""TypeScript overload declarations, and the signature texts that `Overloads` reads at run time."""

from __future__ import annotations

import torch

from kinds import KINDS, plain
from model import Function, Overload, Parameter
from sentences import sentence

RESERVED = frozenset(
    "break case catch class const continue debugger default delete do else enum export extends false finally "
    "for function if implements import in instanceof interface let new null package private protected public "
    "return static super switch this throw true try typeof var void while with yield arguments eval".split()
)

# Signatures with more positional parameters than this may be split between positions and keywords only
# after the required ones, to keep the declarations readable.
MANY = 4


def safe(name: str) -> str:
    return name + "_" if name in RESERVED else name


def type_of(parameter: Parameter) -> str:
    text = KINDS[plain(parameter.type)].typescript
    return f"{text} | null" if parameter.nullable and parameter.name != "out" else text


def result_type(function: Function, overload: Overload) -> str:
    if not overload.returns:
        return "void"
    if overload.returns == ("!s",):
        return "this"
    if overload.fields:
        return f"return_types.{function.name}"
    types = [
        type_of(overload.parameters[int(code[1:])]).removeprefix("readonly ").replace(" | Scalar", "")
        if code.startswith("!")
        else value_type(code)
        for code in overload.returns
    ]
    return types[0] if len(types) == 1 else f"[{', '.join(types)}]"


def value_type(code: str) -> str:
    return {
        "Tensor": "Tensor",
        "Tensor[]": "Tensor[]",
        "ScalarType": "Dtype",
        "QScheme": "QScheme",
        "bool": "boolean",
        "int": "number",
        "float": "number",
        "Scalar": "Scalar",
    }[code]


def positional_list(parameters: tuple[Parameter, ...], all_required: bool) -> list[str]:
    last_required = max((i for i, p in enumerate(parameters) if not p.optional), default=-1)
    items = []
    for i, p in enumerate(parameters):
        optional = p.optional and not all_required
        if optional and i > last_required:
            items.append(f"{safe(p.name)}?: {type_of(p)}")
        else:
            undefined = " | undefined" if optional else ""
            items.append(f"{safe(p.name)}: {type_of(p)}{undefined}")
    return items


def options_type(parameters: tuple[Parameter, ...]) -> str:
    return "{ " + "; ".join(f"{p.name}{'?' if p.optional else ''}: {type_of(p)}" for p in parameters) + " }"


def declarations(function: Function) -> list[str]:
    """Every way of splitting each signature between positions and keywords."""
    lines: list[str] = []
    for overload in function.overloads:
        if overload.deprecated:
            continue
        result = result_type(function, overload)
        positional, keywords = overload.positional, overload.keyword_only
        needs_keywords = any(not p.optional for p in keywords)
        items = positional_list(positional, needs_keywords)
        if keywords:
            items.append(f"options{'' if needs_keywords else '?'}: {options_type(keywords)}")
        lines.append(f"({', '.join(items)}): {result}")
        if overload.variadic:
            name = safe(positional[0].name)
            if not needs_keywords:
                lines.append(f"(...{name}: number[]): {result}")
            if keywords:
                lines.append(f"(...args: [...{name}: number[], options: {options_type(keywords)}]): {result}")
        if function.name.startswith("_"):
            continue
        required = sum(not p.optional for p in positional)
        for count in range(len(positional) - 1, -1, -1):
            if len(positional) > MANY and count < required:
                break
            items = positional_list(positional[:count], True)
            items.append(f"options: {options_type(positional[count:] + keywords)}")
            lines.append(f"({', '.join(items)}): {result}")
    return list(dict.fromkeys(lines))


def signature_text(overload: Overload) -> str:
    """What `parse` in lib/torch/call/signature.ts reads."""
    items = []
    for p in overload.parameters:
        if p.keyword_only and "*" not in items:
            items.append("*")
        items.append(f"{p.type} {p.name}" + (f"={p.default}" if p.default is not None else ""))
    op = ("-" if overload.deprecated else "") + overload.op
    order = "" if overload.natural_order else ",".join(overload.order)
    out_order = "" if overload.natural_out_order else ",".join(overload.out_order)
    return "|".join((op, overload.out_op, order, out_order, " ".join(overload.returns), "; ".join(items)))


def documentation(function: Function) -> str:
    """Python's signatures, one line each."""
    lines = []
    for overload in function.overloads:
        if overload.deprecated:
            continue
        items = []
        for p in overload.parameters:
            if p.keyword_only and "*" not in items:
                items.append("*")
            items.append(p.name if p.default is None else f"{p.name}={p.default}")
        lines.append(f"`{function.name}({', '.join(items)})`")
    signatures = "; ".join(dict.fromkeys(lines))
    said = sentence(function.name)
    parts = [f"{said} {signatures}" if said else signatures]
    address = page(function)
    if address:
        parts.append(f"@see {address}")
    if is_private(function):
        parts.append("@internal")
    return "\n * ".join(parts)


# Private methods of Python's tensors that programs call all the same.
USED_PRIVATE = {"_coalesced_", "_indices", "_nnz", "_values"}
# Private functions that a namespace exports under a public name.
RENAMED = {"_sparse_addmm", "_sparse_log_softmax", "_sparse_mm", "_sparse_softmax", "_spdiags", "_spsolve"}


def is_private(function: Function) -> bool:
    """Names that PyTorch keeps to itself: there at run time, but not among the types, where they are two in five."""
    name = function.name
    if name in RENAMED:
        return False
    return name.startswith("_") and not name.startswith("__") and not (function.method and name in USED_PRIVATE)


# Where functions are in Python, by the prefix of their names; the address of their page.
PLACES = (
    ("linalg_", torch.linalg, "generated/torch.linalg.{}.html"),
    ("fft_", torch.fft, "generated/torch.fft.{}.html"),
    ("special_", torch.special, "special.html#torch.special.{}"),
    ("", torch, "generated/torch.{}.html"),
)


def page(function: Function) -> str | None:
    """The address of PyTorch's documentation, where its Python has one."""
    if function.method:
        prefix, owner, address = "", torch.Tensor, "generated/torch.Tensor.{}.html"
    else:
        prefix, owner, address = next(place for place in PLACES if function.name.startswith(place[0]))
    name = function.name.removeprefix(prefix)
    documented = not name.startswith("_") and getattr(getattr(owner, name, None), "__doc__", None)
    return f"https://docs.pytorch.org/docs/stable/{address.format(name)}" if documented else None
