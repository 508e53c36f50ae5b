"""One row for every kind of parameter: its TypeScript type, and how the fast path checks and converts it."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Functions whose tensor parameters Python lets be numbers (should_allow_numbers_as_tensors in
# torch/csrc/utils/python_arg_parser.cpp).
NUMBERS_AS_TENSORS = frozenset(
    name + suffix
    for name in ("add", "sub", "subtract", "mul", "multiply", "div", "divide", "true_divide", "floor_divide")
    for suffix in ("", "_", "_out")
) | {"to", "_to_copy", "copy_", "copy", "_conj"}


@dataclass(frozen=True)
class Kind:
    """`{}` stands for the value. `python` and `fast` are sets of value classes, one letter each (see below):
    what Python's parser takes, and what the fast path takes. An empty check means: always the slow way."""

    typescript: str
    check: str
    convert: str
    python: str
    fast: str


# Value classes: t tensor, i integer-valued number, f other number, b boolean, g bigint, c complex, s string,
# d dtype, y layout, m memory format, v device, r generator, q qscheme, l a Float, I list of ints, F list of numbers,
# T list of tensors, N list of tensors and nulls, S list of scalars, E empty list, 0 null, u undefined.
KINDS = {
    "Tensor": Kind("Tensor", "isTensor({})", "handleOf({})", "t", "t"),
    "Operand": Kind("Tensor | Scalar", "isOperand({})", "operand({})", "tifbgcl", "tifbgcl"),
    "Scalar": Kind("Scalar", "isScalar({})", "{}", "tifbgcl", "ifbgcl"),
    "Fill": Kind("Scalar", "", "", "tifbgcl", ""),
    "int": Kind("Int", "isInt({})", "{}", "tig", "i"),
    "float": Kind("number", "typeof {} === 'number'", "{}", "tifbgl", "if"),
    "bool": Kind("boolean", "typeof {} === 'boolean'", "{}", "b", "b"),
    "str": Kind("string", "typeof {} === 'string'", "{}", "s", "s"),
    "int[]": Kind("readonly number[]", "isIntList({})", "passInts({})", "IEF", "IE"),
    "int[n]": Kind("OneOrMany<number>", "(isInt({}) || isIntList({}))", "passInts({})", "igIEF", "iIE"),
    "float[]": Kind("readonly number[]", "isFloatList({})", "{}", "IFES", "IFE"),
    "Scalar[]": Kind("readonly Scalar[]", "", "", "IFSE", ""),
    "bool[]": Kind("readonly boolean[]", "", "", "SE", ""),
    "Tensor[]": Kind("readonly Tensor[]", "isTensorList({})", "handlesOf({})", "TE", "TE"),
    "Tensor?[]": Kind(
        "readonly (Tensor | null)[]", "isOptionalTensorList({})", "optionalHandlesOf({})", "TNE", "TNE"
    ),
    "ScalarType": Kind("Dtype", "isDtype({})", "{}.code", "d", "d"),
    "Layout": Kind("Layout", "isLayout({})", "{}.code", "y", "y"),
    "MemoryFormat": Kind("MemoryFormat", "isMemoryFormat({})", "{}.code", "m", "m"),
    "QScheme": Kind("QScheme", "", "", "q", ""),
    "Device": Kind("DeviceLike", "isDevice({})", "String({})", "svi", "sv"),
    "Generator": Kind("GeneratorLike", "isGenerator({})", "{}.external", "r", "r"),
}

# Conversions that must let null and undefined through.
OPTIONAL_CONVERT = {
    "handleOf({})": "optionalHandle({})",
    "passInts({})": "passInts({})",
    "{}.code": "codeOf({})",
    "operand({})": "({} == null ? {} : operand({}))",
    "handlesOf({})": "({} == null ? {} : handlesOf({}))",
    "optionalHandlesOf({})": "({} == null ? {} : optionalHandlesOf({}))",
    "String({})": "({} == null ? {} : String({}))",
    "{}.external": "({} == null ? {} : {}.external)",
    "{}": "{}",
}


def fill(template: str, value: str) -> str:
    return template.replace("{}", value)


def plain(type_text: str) -> str:
    """The row of a type as the signatures write it: `SymInt[2]?` → `int[n]`."""
    text = type_text.removesuffix("?")
    text = text.replace("SymInt", "int").replace("DeviceIndex", "int")
    if re.fullmatch(r"int\[\d+\]", text):
        return "int[n]"
    return re.sub(r"\[\d+\]$", "[]", text)


def supported(type_text: str) -> bool:
    return plain(type_text) in KINDS
