// Schemas and their types, control flow as functions, sym_* helpers: Python's answers.
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { errorOf } from '../support/errors';
import { parity } from '../support/parity';

const text =
  'aten::foo.bar(Tensor(a!) self, int[2] x=1, *, float? y=None, str z="q", bool[3] m) -> (Tensor(a!), int b)';

parity(
  'schemas',
  [
    {
      name: 'arguments, results and aliases',
      python: `
        s = torch.parse_schema('''${text}''')
        rows = [[a.name, str(a.type), a.N, a.default_value, a.has_default_value(), a.kwarg_only, a.is_out,
                 a.alias_info is not None and a.alias_info.is_write] for a in s.arguments]
        dtype = torch.parse_schema("aten::f(ScalarType? dtype=None) -> Tensor").arguments[0]
        return [str(s), s.name, s.overload_name, s.is_mutable, rows, [[r.name, str(r.type)] for r in s.returns],
                str(dtype.type), str(dtype.real_type)]`,
      ours: () => {
        const s = torch.parse_schema(text);
        const rows = s.arguments.map((a) => [
          ...[a.name, a.type, a.N, a.default_value as never, a.has_default_value(), a.kwarg_only, a.is_out],
          a.alias_info?.is_write ?? false,
        ]);
        const dtype = torch.parse_schema('aten::f(ScalarType? dtype=None) -> Tensor').arguments[0]!;
        return [
          ...[String(s), s.name, s.overload_name, s.is_mutable, rows, s.returns.map((r) => [r.name, r.type])],
          ...[dtype.type, dtype.real_type],
        ];
      },
    },
    {
      name: 'compatibility',
      python: `
        old = torch.parse_schema("aten::f(Tensor x) -> Tensor")
        new = torch.parse_schema("aten::f(Tensor x, int y=1) -> Tensor")
        return [new.is_backward_compatible_with(old), old.is_backward_compatible_with(new),
                list(old.check_forward_compatible_with(new)), list(new.check_forward_compatible_with(old))]`,
      ours: () => {
        const old = torch.parse_schema('aten::f(Tensor x) -> Tensor');
        const young = torch.parse_schema('aten::f(Tensor x, int y=1) -> Tensor');
        return [
          ...[young.is_backward_compatible_with(old), old.is_backward_compatible_with(young)],
          ...[old.check_forward_compatible_with(young), young.check_forward_compatible_with(old)],
        ];
      },
    },
    {
      name: 'types: names, parts, subtypes',
      python: `
        int_, str_ = torch.IntType.get(), torch.StringType.get()
        made = [torch.ListType(int_), torch.OptionalType(int_), torch.DictType(str_, int_), torch.TupleType([int_, str_]),
                torch.TupleType([]), torch.UnionType([int_, str_]), torch.FutureType(int_)]
        plain = [getattr(torch, name + "Type").get() for name in
                 "Any Bool Complex DeviceObj Float Int None Number StreamObj String SymBool SymInt Tensor".split()]
        return [[[t.str(), t.annotation_str, t.kind()] for t in made + plain],
                [a.isSubtypeOf(b) for a in plain[:7] for b in plain[:7]], made[2].getKeyType() == str_,
                made[0].isSubtypeOf(torch.AnyType.get()), int_.isSubtypeOf(made[1]), made[1].isSubtypeOf(int_)]`,
      ours: () => {
        const [int, str] = [torch.IntType.get(), torch.StringType.get()];
        const dict = new torch.DictType(str, int);
        const [list, optional] = [new torch.ListType(int), new torch.OptionalType(int)];
        const made = [
          ...[list, optional, dict, new torch.TupleType([int, str]), new torch.TupleType([])],
          ...[new torch.UnionType([int, str]), new torch.FutureType(int)],
        ];
        const plain = [
          ...[torch.AnyType, torch.BoolType, torch.ComplexType, torch.DeviceObjType, torch.FloatType, torch.IntType],
          ...[torch.NoneType, torch.NumberType, torch.StreamObjType, torch.StringType, torch.SymBoolType],
          ...[torch.SymIntType, torch.TensorType],
        ].map((type) => type.get());
        const first = plain.slice(0, 7);
        return [
          [...made, ...plain].map((type) => [type.str(), type.annotation_str, type.kind()]),
          first.flatMap((a) => first.map((b) => a.isSubtypeOf(b))),
          ...[dict.getKeyType().equals(str), list.isSubtypeOf(torch.AnyType.get())],
          ...[int.isSubtypeOf(optional), optional.isSubtypeOf(int)],
        ];
      },
    },
    {
      name: 'sym_* helpers',
      python: `
        return [repr(x) for x in [torch.sym_int(2.7), torch.sym_int(-2.7), torch.sym_float(2), torch.sym_not(0),
                torch.sym_max(1, 2.0), torch.sym_max(3, 2.0), torch.sym_min(1, 2), torch.sym_sum(1, 2, 3),
                torch.sym_sum([1, 2.5]), torch.sym_sqrt(16), torch.sym_ite(True, 1, 2)]]`,
      ours: () => {
        const py = (x: unknown) => (x === true ? 'True' : x === false ? 'False' : String(x));
        const two = torch.asFloat(2);
        return [
          ...[torch.sym_int(2.7), torch.sym_int(-2.7), torch.sym_float(2), torch.sym_not(0), torch.sym_max(1, two)],
          ...[torch.sym_max(3, two), torch.sym_min(1, 2), torch.sym_sum(1, 2, 3), torch.sym_sum([1, 2.5])],
          ...[torch.sym_sqrt(16), torch.sym_ite(true, 1, 2)],
        ].map(py);
      },
    },
  ],
  { threads: [1] },
);

describe('what is not a schema', () => {
  it('is shown with its place', () => {
    const error = errorOf(() => torch.parse_schema('foo('));
    expect(error.message).toMatch(/^expected ident but found 'eof' here:/);
    expect(errorOf(() => torch.parse_schema(3 as never))).toBeInstanceOf(TypeError);
  });
});

describe('control flow', () => {
  it('runs the branch that the condition chooses, and loops while it holds', () => {
    const x = torch.ones(1);
    const pick = (pred: torch.Tensor | boolean) =>
      torch
        .cond(
          pred,
          (a: torch.Tensor) => a.add(1),
          (a: torch.Tensor) => a.sub(1),
          [x],
        )
        .item();
    expect([pick(torch.tensor(true)), pick(torch.tensor([0])), pick(false)]).toEqual([2, 0, 0]);
    const [count] = torch.while_loop(
      (i: torch.Tensor) => i.lt(3),
      (i: torch.Tensor) => [i.add(1)] as [torch.Tensor],
      [torch.tensor(0n)] as [torch.Tensor],
    );
    expect(count.item()).toBe(3);
    expect(errorOf(() => pick(torch.ones(2))).message).toBe(
      'Expected pred to be bool or single-element tensor, but got tensor([1., 1.]).',
    );
  });
});
