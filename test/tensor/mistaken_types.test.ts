// What functions say about values of types that their code never looks at.
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';

const x = torch.ones([2]);
const wrong = (value: unknown): never => value as never;

function getter(name: string): (() => unknown) | undefined {
  for (let p: object | null = x; p !== null; p = Object.getPrototypeOf(p) as object | null) {
    const found = Object.getOwnPropertyDescriptor(p, name)?.get;
    if (found !== undefined) return found;
  }
  return undefined;
}

describe('arguments of the wrong type', () => {
  it.each<[string, () => unknown, string]>([
    [
      'a function',
      () => torch.tensordot(wrong('a'), x),
      'tensordot() does not take arguments of these types: (str a, Tensor b)',
    ],
    [
      'its keywords',
      () => torch.tensordot({ a: wrong('a'), b: x }),
      'tensordot() does not take arguments of these types: (str a, Tensor b)',
    ],
    ['scope', () => torch.scope(wrong(3)), 'scope(): argument must be a function, not number'],
    [
      'a stream',
      () => torch.cpu.stream(new torch.Stream('cpu'), wrong(3)),
      'stream(): argument must be a function, not number',
    ],
    [
      'einsum in sublist form',
      () => torch.einsum(x, wrong('i')),
      'einsum(): expected a list of subscripts after each operand, not str',
    ],
    [
      'a convolution',
      () => new torch.nn.Conv2d(1, 1, wrong('3')),
      'empty(): argument \'size\' failed to unpack the object at pos 3 with error "type must be tuple of ints,but got str"',
    ],
    ['a data set', () => new torch.utils.data.TensorDataset(wrong([1])), 'TensorDataset takes tensors, not list'],
    ['a type of several', () => new torch.TupleType(wrong(3)), 'expected a list of types, not int'],
    [
      'a schema',
      () => new (torch.FunctionSchema as unknown as new (...args: unknown[]) => unknown)({}, 0),
      "cannot create 'torch.FunctionSchema' instances: torch.parse_schema(text) makes them",
    ],
    ['a getter', () => getter('is_cuda')?.call({}), 'expected a Tensor made by this isotorch, not dict'],
  ])('of %s', (_, run, message) => {
    expect(run).toThrow(new TypeError(message));
  });

  it('in a callback are its author’s', () => {
    const broken = () => (undefined as unknown as { length: number }).length as unknown as torch.Tensor;
    expect(() => torch.autograd.functional.jacobian(broken, x)).toThrow(/^Cannot read properties of undefined/);
  });

  it('keep what the engine said as the cause', () => {
    try {
      torch.tensordot(wrong('a'), x);
      expect.unreachable();
    } catch (error) {
      expect((error as Error).cause).toBeInstanceOf(TypeError);
    }
  });
});
