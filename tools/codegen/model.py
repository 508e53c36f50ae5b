"""Functions and their Python signatures, as PyTorch's own binding generator sees them."""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache

import torchgen
from torchgen.api.python import PythonSignatureDeprecated, PythonSignatureGroup, structseq_fieldnames
from torchgen.gen import parse_native_yaml
from torchgen.model import NativeFunction, Variant
from torchgen.packaged.autograd import gen_python_functions as bindings

from kinds import NUMBERS_AS_TENSORS, supported

PACKAGED = os.path.join(os.path.dirname(torchgen.__file__), "packaged")

TENSOR_OPTIONS = ("dtype", "layout", "device", "pin_memory", "requires_grad")

# Operators that PyTorch binds to Python by hand, but whose Python signature is the schema's.
BOUND_BY_HAND = {"contiguous", "copy_", "nonzero", "range", "range.step"}

# Methods that lib/torch/autograd/methods.ts writes by hand.
WRITTEN_BY_HAND = {"retain_grad"}

# Methods that PyTorch writes in Python or binds by hand over functions of the same names (lib/torch/functional/methods.ts).
METHODS_IN_PYTHON = {"istft", "nonzero", "norm", "split", "stft", "unflatten", "unique_consecutive"}

# The parameter that Python's hand-written binding names otherwise than the schema.
RENAMED = {"copy_": {"src": "other"}}


@dataclass(frozen=True)
class Parameter:
    name: str
    type: str
    default: str | None
    keyword_only: bool

    @property
    def optional(self) -> bool:
        return self.default is not None

    @property
    def nullable(self) -> bool:
        return self.type.endswith("?") or self.default == "None"

    @property
    def left_out(self) -> str | None:
        """What Python's parser takes for the default where it is not the schema's: a name is read as the int 0."""
        return "0" if self.type == "int" and "::" in (self.default or "") else None


@dataclass(frozen=True)
class Overload:
    op: str
    out_op: str
    parameters: tuple[Parameter, ...]
    order: tuple[str, ...]
    natural_order: bool
    out_order: tuple[str, ...]
    natural_out_order: bool
    returns: tuple[str, ...]
    fields: tuple[str, ...]
    deprecated: bool

    @property
    def positional(self) -> tuple[Parameter, ...]:
        return tuple(p for p in self.parameters if not p.keyword_only)

    @property
    def keyword_only(self) -> tuple[Parameter, ...]:
        return tuple(p for p in self.parameters if p.keyword_only)

    @property
    def variadic(self) -> bool:
        positional = self.positional
        return len(positional) == 1 and positional[0].type in ("int[]", "SymInt[]")


@dataclass
class Function:
    name: str
    method: bool
    overloads: list[Overload] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    @property
    def result_class(self) -> tuple[str, tuple[str, ...], tuple[str, ...]] | None:
        """Name, fields and types of the class of named results, where Python has one."""
        for overload in self.overloads:
            if overload.fields:
                return (self.name, overload.fields, overload.returns)
        return None


def load_native_functions() -> list[NativeFunction]:
    """The operators that Python has functions or methods for."""
    return [
        f
        for f in parse_yaml()
        if str(f.func.name) in BOUND_BY_HAND
        or (bindings.should_generate_py_binding(f) and str(f.func.name) not in WRITTEN_BY_HAND)
    ]


def load_operator_names() -> dict[str, list[str]]:
    """Overloads of every operator; the nameless one is `default`, as in `torch.ops`."""
    names: dict[str, list[str]] = defaultdict(list)
    for f in parse_yaml():
        names[str(f.func.name.name)].append(f.func.name.overload_name or "default")
    return names


@lru_cache
def parse_yaml() -> list[NativeFunction]:
    folder = os.path.join(PACKAGED, "ATen", "native")
    return parse_native_yaml(
        os.path.join(folder, "native_functions.yaml"), os.path.join(folder, "tags.yaml")
    ).native_functions


def load(native: list[NativeFunction], *, module: str | None, method: bool) -> list[Function]:
    """All functions of one Python module, each with its overloads in the order in which Python tries them."""
    deprecated = os.path.join(PACKAGED, "autograd", "deprecated.yaml")
    variant = Variant.method if method else Variant.function

    def wanted(f: NativeFunction) -> bool:
        if method and str(f.func.name.name) in METHODS_IN_PYTHON:
            return False
        return f.python_module == module and (module is not None or variant in f.variants)

    pairs = bindings.load_signatures(native, deprecated, method=method)
    grouped = bindings.group_filter_overloads(pairs, wanted)
    functions = []
    for name in sorted(grouped, key=str):
        function = Function(str(name), method)
        groups = bindings.group_overloads(grouped[name])
        # Python's parser tries deprecated signatures last.
        for group in sorted(groups, key=lambda g: g.signature.deprecated):
            overload = make_overload(function.name, group, method)
            if all(supported(p.type) for p in overload.parameters):
                function.overloads.append(overload)
            else:
                function.left_out.append(str(group.base.func))
        functions.append(function)
    return functions


def make_overload(name: str, group: PythonSignatureGroup, method: bool) -> Overload:
    signature = group.signature
    renamed = RENAMED.get(name, {})
    number_rule = name == "full"
    parameters: list[Parameter] = []
    index: dict[str, str] = {}
    out_name = signature.output_args.name if signature.output_args is not None else None
    for position, argument in enumerate(signature.arguments()):
        type_text = str(argument.type)
        is_out = position == signature.output_idx() and out_name is not None
        index[argument.name] = str(position)
        if type_text == "Tensor" and name in NUMBERS_AS_TENSORS and not is_out:
            type_text = "Operand"
        if type_text == "Scalar" and number_rule:
            type_text = "Fill"
        shown = renamed.get(argument.name, argument.name)
        if argument.name == "self" and type_text in ("Tensor", "Operand") and not method:
            shown = "input"
        if is_out:
            shown = "out"
        parameters.append(
            Parameter(shown, type_text, python_default(argument.default), position >= len(signature.input_args))
        )
    outs = [a.name for a in group.outplace.func.arguments.out] if group.outplace is not None else []
    if method:
        index["self"] = "s"
    for item, out in enumerate(outs):
        index[out] = f">{item}"

    order = operator_arguments(group, group.base)
    order = tuple(f"#{n}" if n.isdigit() else index[n] for n in order)
    has_options = any(p.name == "requires_grad" for p in parameters)
    out_position = str(signature.output_idx()) if out_name is not None else ""
    first = ("s",) if method else ()
    natural = first + tuple(
        str(i) for i, p in enumerate(parameters) if p.name != "requires_grad" and str(i) != out_position
    )
    out_order: tuple[str, ...] = ()
    natural_out: tuple[str, ...] = ()
    if group.outplace is not None:
        given = operator_arguments(group, group.outplace)
        out_order = tuple(f"#{n}" if n.isdigit() else index[n] for n in given)
        natural_out = first + tuple(
            str(i)
            for i, p in enumerate(parameters)
            if str(i) != out_position and not (has_options and p.name in TENSOR_OPTIONS)
        )
        natural_out += tuple(f">{i}" for i in range(len(outs)))
    fields = tuple(structseq_fieldnames(group.base.func.returns))
    return Overload(
        op=str(group.base.func.name),
        out_op=str(group.outplace.func.name) if group.outplace is not None else "",
        parameters=tuple(parameters),
        order=order,
        natural_order=order == natural,
        out_order=out_order,
        natural_out_order=out_order == natural_out,
        returns=result_codes(group.base, index),
        fields=fields,
        deprecated=signature.deprecated,
    )


def operator_arguments(group: PythonSignatureGroup, function: NativeFunction) -> list[str]:
    """Names of the operator's arguments in schema order; constants as digits."""
    signature = group.signature
    outs = [a.name for a in function.func.arguments.out]
    if isinstance(signature, PythonSignatureDeprecated):
        return [n for n in signature.deprecated_args_exprs if n != "out"] + outs
    return [a.name for a in function.func.schema_order_arguments() if a.name not in outs] + outs


def result_codes(function: NativeFunction, index: dict[str, str]) -> tuple[str, ...]:
    """Schema types of the results; `!` and an index for one that is an argument written in place."""
    func = function.func
    if not func.returns and str(func.name.name).endswith("_") and func.arguments.self_arg is not None:
        # In-place list operators return nothing; Python gives their list back.
        return ("!" + index["self"],)
    codes = []
    for result in func.returns:
        if result.annotation is not None and result.annotation.is_write:
            written = [a for a in func.schema_order_arguments() if a.annotation == result.annotation]
            codes.append("!" + index[written[0].name])
        else:
            codes.append(str(result.type).replace("SymInt", "int"))
    return tuple(codes)


def python_default(default: str | None) -> str | None:
    if default is None:
        return None
    text = {"nullptr": "None", "::std::nullopt": "None", "std::nullopt": "None", "{}": "None"}.get(
        default, default
    )
    if text.startswith("{") and text.endswith("}"):
        return f"[{text[1:-1]}]"
    return text.removeprefix("c10::MemoryFormat::")
