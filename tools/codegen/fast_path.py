"""The code that generated functions try first: one test and one direct call per overload.

An overload gets a fast path for plain positional calls. It is left out where it could choose another
overload than Python would, or where a value needs more than a look: such calls go through `Overloads`.
"""

from __future__ import annotations

from kinds import KINDS, OPTIONAL_CONVERT, fill, plain
from model import Function, Overload, Parameter


def accepted(parameter: Parameter, attribute: str) -> set[str]:
    values = set(getattr(KINDS[plain(parameter.type)], attribute))
    if parameter.optional:
        values.add("u")
    if parameter.nullable:
        values.add("0")
    return values


def may_steal(overload: Overload, earlier: Overload) -> bool:
    """Whether the fast path would take a call that Python gives to an earlier overload."""
    if any(not p.optional for p in earlier.keyword_only):
        return False
    ours, theirs = overload.positional, earlier.positional
    if earlier.variadic:
        return not overload.variadic and bool(ours) and bool(accepted(ours[0], "fast") & set("iIE"))
    stolen = False
    for i in range(max(len(ours), len(theirs))):
        fast = accepted(ours[i], "fast") if i < len(ours) else {"u"}
        python = accepted(theirs[i], "python") if i < len(theirs) else {"u"}
        quick = accepted(theirs[i], "fast") if i < len(theirs) else {"u"}
        if not fast & python:
            return False
        stolen = stolen or bool(fast & (python - quick))
    return stolen or not has_fast_path(earlier)


def has_fast_path(overload: Overload) -> bool:
    return (
        not overload.deprecated
        and all(p.optional for p in overload.keyword_only)
        and all(KINDS[plain(p.type)].check for p in overload.positional)
        and (len(overload.returns) < 2 or bool(overload.fields) or set(overload.returns) == {"Tensor"})
        and set(overload.returns) <= {"Tensor"} | simple_results(overload)
    )


def simple_results(overload: Overload) -> set[str]:
    if len(overload.returns) > 1:
        return set()
    return {"Tensor[]", "ScalarType", "int", "bool", "float", "Scalar"} | {
        code for code in overload.returns if code.startswith("!")
    }


def fast_overloads(function: Function) -> list[Overload]:
    if function.name.startswith("_"):
        return []  # private: called rarely, and the files are read at every start
    return [
        overload
        for i, overload in enumerate(function.overloads)
        if has_fast_path(overload)
        and not any(may_steal(overload, earlier) for earlier in function.overloads[:i])
    ]


def op_variable(op: str) -> str:
    return "op_" + op.replace(".", "_")


def condition(parameter: Parameter, value: str) -> str:
    check = fill(KINDS[plain(parameter.type)].check, value)
    if parameter.optional and parameter.nullable:
        return f"({value} == null || {check})"
    if parameter.optional:
        return f"({value} === undefined || {check})"
    if parameter.nullable:
        return f"({value} === null || {check})"
    return check


def converted(parameter: Parameter, value: str) -> str:
    if parameter.left_out is not None:
        return f"{value} ?? {parameter.left_out}"
    template = KINDS[plain(parameter.type)].convert
    if parameter.default == "None" and parameter.type.endswith("]"):
        value = f"{value} ?? undefined"  # no list: native code has the default
    if parameter.optional or parameter.nullable:
        template = OPTIONAL_CONVERT[template]
    return fill(template, value)


def call(function: Function, overload: Overload, values: list[str], raw: list[str]) -> str:
    """The statement that runs the operator and returns its result."""
    by_token = {"s": "handleOf(this)"} | {str(i): value for i, value in enumerate(values)}
    arguments = [by_token.get(token, "undefined") for token in overload.order]
    while arguments and arguments[-1] == "undefined":
        arguments.pop()
    run = f"({op_variable(overload.op)} ??= op('aten::{overload.op}'))({', '.join(arguments)})"
    returns = overload.returns
    if not returns:
        return f"{run};\n  return undefined;"
    if returns[0].startswith("!") and len(returns) == 1:
        written = "this" if returns[0] == "!s" else raw[int(returns[0][1:])]
        return f"{run};\n  return {written};"
    if overload.fields:
        items = ", ".join(f"r[{i}]!" for i in range(len(returns)))
        return f"const r = wrapMany({run});\n  return new return_types.{function.name}({items});"
    if len(returns) > 1:
        return f"return wrapMany({run});"
    wrapper = {"Tensor": "wrap({})", "Tensor[]": "wrapMany({})", "ScalarType": "dtypeOf({})"}
    return f"return {fill(wrapper.get(returns[0], '{}'), run)};"


def body(function: Function) -> tuple[list[str], str, set[str]]:
    """Statements, the implementation's parameter list, and the operators used."""
    chosen = fast_overloads(function)
    rest = any(o.variadic for o in chosen)
    arity = 0 if rest else max((len(o.positional) for o in chosen), default=0)
    arguments = "args" if rest else "arguments"
    lines = []
    ops = set()
    for overload in chosen:
        ops.add(overload.op)
        positional = overload.positional
        if overload.variadic:
            value = "list"
            statement = call(function, overload, ["list"], ["list"])
            lines.append(f"const list = intArguments(args);\nif (list !== undefined) {{\n  {statement}\n}}")
            continue
        names = [f"args[{i}]" if rest else f"a{i}" for i in range(len(positional))]
        # Checks on a rest array do not narrow its items, so they get names first.
        if rest and names:
            names = [f"a{i}" for i in range(len(positional))]
            lines.append(f"const [{', '.join(names)}] = args;")
        tests = [f"{arguments}.length <= {len(positional)}" if positional else f"{arguments}.length === 0"]
        tests += [condition(p, n) for p, n in zip(positional, names)]
        statement = call(
            function, overload, [converted(p, n) for p, n in zip(positional, names)], names
        )
        lines.append(f"if ({' && '.join(tests)}) {{\n  {statement}\n}}")
    parameters = "...args: unknown[]" if rest else ", ".join(f"a{i}?: unknown" for i in range(arity))
    return lines, parameters, ops
