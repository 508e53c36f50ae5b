// isotorch/testing under Vitest: what passes, what fails, and what the failures say.
import * as torch from 'isotorch';
import { envelope } from 'isotorch/envelope';
import { matchers, type TensorMatchers, tensorEquality } from 'isotorch/testing';
import { describe, expect, it } from 'vitest';

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: the parameter is Vitest's own, and has to be written as there
  interface Matchers<T = any> extends TensorMatchers<T> {}
}

expect.extend(matchers);
expect.addEqualityTesters([tensorEquality]);

/** What a failing assertion says. */
function saying(assertion: () => void): string {
  try {
    assertion();
  } catch (error) {
    return (error as Error).message;
  }
  return 'passed';
}

const bits = (received: unknown, expected: unknown): string =>
  saying(() => expect(received).toBeBitwiseEqual(expected));
const HEAD = 'Values are not bitwise equal\n\n';
const eye = () => torch.eye(3).mul(2);

describe('tensorEquality', () => {
  it('lets toEqual see tensors', () => {
    expect({ loss: torch.tensor(1) }).toEqual({ loss: torch.tensor(1) });
    expect({ loss: torch.tensor(1) }).not.toEqual({ loss: torch.tensor(2) });
    expect(torch.ones(2)).not.toEqual(torch.zeros(3));
    const [one, two] = [new torch.nn.Linear(2, 2), new torch.nn.Linear(2, 2)];
    expect(one.state_dict()).toEqual(one.state_dict());
    expect(one.state_dict()).not.toEqual(two.state_dict());
    expect(torch.ones(2)).toEqual(expect.anything());
  });

  it('has an opinion only where there is a tensor', () => {
    expect(tensorEquality(1, 1)).toBeUndefined();
    expect(tensorEquality({}, [])).toBeUndefined();
    expect(tensorEquality(torch.tensor(1), 1)).toBe(false);
    expect(tensorEquality(null, torch.tensor(1))).toBe(false);
  });

  it.each([
    ['NaN', true, () => [torch.tensor([Number.NaN]), torch.tensor([Number.NaN])]],
    ['zeros of two signs', false, () => [torch.tensor([0]), torch.tensor([-0])]],
    ['dtypes', false, () => [torch.ones(2), torch.ones(2, { dtype: torch.float64 })]],
    ['empty tensors', true, () => [torch.zeros(0, 3), torch.zeros(0, 3)]],
    ['empty tensors of other shape', false, () => [torch.zeros(0, 3), torch.zeros(3, 0)]],
    ['empty tensors of other dtype', false, () => [torch.zeros(0), torch.zeros(0, { dtype: torch.int32 })]],
    ['strides', true, () => [torch.ones(2, 3).t(), torch.ones(3, 2)]],
    ['expanded tensors', true, () => [torch.ones(1).expand(4), torch.ones(4)]],
    ['conjugates', true, () => [cplx(1, 2).conj(), cplx(1, -2)]],
    ['imaginary parts', false, () => [cplx(1, 2), cplx(1, 3)]],
    ['complex128', false, () => [cplx(1, 2).to(torch.complex128), cplx(1, 3).to(torch.complex128)]],
    ['bool', true, () => [torch.tensor([true, false]), torch.tensor([true, false])]],
    ['bfloat16', false, () => [torch.ones(2, { dtype: torch.bfloat16 }), torch.zeros(2, { dtype: torch.bfloat16 })]],
    ['float8', false, () => [torch.ones(2).to(torch.float8_e5m2), torch.zeros(2).to(torch.float8_e5m2)]],
    ['scalars', true, () => [torch.tensor(3), torch.tensor(3)]],
    ['gradients on one side', true, () => [torch.ones(2, { requires_grad: true }), torch.ones(2)]],
    ['layouts', false, () => [eye(), eye().to_sparse()]],
    ['COO', true, () => [eye().to_sparse(), eye().to_sparse()]],
    ['COO values', false, () => [eye().to_sparse(), torch.eye(3).to_sparse()]],
    ['COO dense dimensions', false, () => [eye().to_sparse(), eye().to_sparse(1)]],
    ['CSR', true, () => [eye().to_sparse_csr(), eye().to_sparse_csr()]],
    ['CSR values', false, () => [eye().to_sparse_csr(), torch.eye(3).to_sparse_csr()]],
    ['CSC places', false, () => [eye().to_sparse_csc(), eye().flip(0).to_sparse_csc()]],
    ['quantized', true, () => [quantized(0.1), quantized(0.1)]],
    ['quantized with other scales', false, () => [quantized(0.1), quantized(0.2)]],
    ['nested', true, () => [nested(1, 2), nested(1, 2)]],
    ['nested with other parts', false, () => [nested(1, 2), nested(2, 1)]],
    ['meta', true, () => [torch.ones(2, { device: 'meta' }), torch.zeros(2, { device: 'meta' })]],
    ['devices', false, () => [torch.ones(2), torch.ones(2, { device: 'meta' })]],
  ] satisfies [string, boolean, () => torch.Tensor[]][])('%s: %s', (_name, equal, make) => {
    const [a, b] = make();
    expect(tensorEquality(a, b)).toBe(equal);
    expect(tensorEquality(b, a)).toBe(equal);
  });

  it('compares a million elements in under a second', () => {
    const a = torch.rand(1_000_000);
    const b = a.clone();
    b.set(-1, 2);
    const start = performance.now();
    expect(tensorEquality(a, a.clone())).toBe(true);
    expect(tensorEquality(a, b)).toBe(false);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe('toBeBitwiseEqual', () => {
  it('names dtype and shape', () => {
    expect(bits(torch.ones(2), torch.ones(3, { dtype: torch.float64 }))).toBe(
      `${HEAD}dtype torch.float32 received, torch.float64 expected; shape (2) received, (3) expected`,
    );
  });

  it('counts elements and shows the first', () => {
    const [a, b] = [torch.zeros(2, 3), torch.zeros(2, 3)];
    b.set([1, 1], -0);
    b.set([1, 2], 5);
    expect(bits(a, b)).toBe(`${HEAD}2 of 6 elements differ, first at index (1, 1): 0 received, -0 expected`);
    expect(bits(cplx(1, 2), cplx(1, 3))).toContain(
      '1 of 1 elements differ, first at index (0): 1 + 2i received, 1 + 3i',
    );
    const nans = torch.tensor([0x7fc00000n, 0x7fc00001n], { dtype: torch.int32 }).view(torch.float32);
    expect(bits(nans.get('0:1'), nans.get('1:2'))).toContain('NaN (0x7fc00000) received, NaN (0x7fc00001) expected');
  });

  it('looks into state dicts, arrays and Maps', () => {
    const net = new torch.nn.Linear(2, 2);
    const copy = torch.copy.deepcopy(net);
    expect(net.state_dict()).toBeBitwiseEqual(copy.state_dict());
    expect(new Map(Object.entries(net.state_dict()))).toBeBitwiseEqual(copy.state_dict());
    torch.no_grad(() => copy.bias?.fill_(7));
    expect(net.state_dict()).not.toBeBitwiseEqual(copy.state_dict());
    expect(bits(net.state_dict(), copy.state_dict())).toMatch(/\["bias"\]: 2 of 2 elements differ, .* 7 expected$/);
    expect(bits([torch.ones(1)], [torch.ones(1), torch.ones(1)])).toBe(`${HEAD}[1]: missing`);
    expect(bits({ a: 1, b: 2 }, { a: 1 })).toBe(`${HEAD}["b"]: not expected`);
    expect(bits(undefined, torch.ones(1))).toBe(`${HEAD}undefined received, a tensor expected`);
    expect(bits([], new Map())).toBe(`${HEAD}an array received, a Map or object expected`);
  });

  it('takes optimizer states and typed arrays', () => {
    const net = new torch.nn.Linear(2, 1);
    const optimizer = new torch.optim.Adam(net.parameters());
    net(torch.ones(1, 2)).sum().backward();
    optimizer.step();
    expect(optimizer.state_dict()).toBeBitwiseEqual(optimizer.state_dict());
    expect(torch.tensor([1, 2])).toBeBitwiseEqual(Float32Array.of(1, 2));
  });

  it('takes results with names, and lists inside of themselves', () => {
    const max = (value: number) => torch.ones(2, 2).mul(value).max(1);
    expect(max(1)).toBeBitwiseEqual(max(1));
    expect(bits(max(1), max(2))).toBe(`${HEAD}[0]: 2 of 2 elements differ, first at index (0): 1 received, 2 expected`);
    const round = (value: number): unknown[] => {
      const list: unknown[] = [torch.tensor(value)];
      list.push(list);
      return list;
    };
    expect(round(1)).toBeBitwiseEqual(round(1));
    expect(round(1)).not.toBeBitwiseEqual(round(2));
  });

  it('says so where a difference was expected', () => {
    expect(saying(() => expect(torch.ones(1)).not.toBeBitwiseEqual(torch.ones(1)))).toBe(
      'Values are bitwise equal, expected some difference',
    );
  });

  it('lists ten differences and counts the rest', () => {
    const lines = bits(Array(25).fill(1), Array(25).fill(2)).split('\n');
    expect(lines.slice(2)).toHaveLength(11);
    expect(lines.at(-1)).toBe('and 15 more');
  });
});

describe('toBeAllclose', () => {
  it('has the rules and words of assert_close', () => {
    const [a, b] = [torch.tensor([1, 2]), torch.tensor([1, 2.5])];
    expect(a).toBeAllclose(a.add(1e-7));
    expect(a).not.toBeAllclose(b);
    expect(a).toBeAllclose(b, { rtol: 0, atol: 1 });
    const nan = torch.tensor([Number.NaN]);
    expect(nan).not.toBeAllclose(nan);
    expect(nan).toBeAllclose(nan, { equal_nan: true });
    expect({ y: a }).toBeAllclose({ y: a });
    let words = '';
    try {
      torch.testing.assert_close({ y: a }, { y: b });
    } catch (error) {
      words = (error as Error).message;
    }
    expect(words).toContain("The failure occurred for item ['y']");
    expect(saying(() => expect({ y: a }).toBeAllclose({ y: b }))).toBe(words);
  });

  it('says what the envelope of recorded values explains', () => {
    const here = envelope();
    const made_under = { ...here, num_threads: here.num_threads + 1 };
    const head =
      /^The expected values were made under .* threads; this is .*: bits cannot be equal; run both with .*\n\n/;
    const close = saying(() => expect(eye()).toBeAllclose(torch.eye(3), { made_under }));
    expect(close).toMatch(head);
    expect(close).toMatch(/Tensor-likes are not close/);
    expect(saying(() => expect(eye()).toBeBitwiseEqual(torch.eye(3), { made_under }))).toMatch(head);
    expect(saying(() => expect(eye()).toBeBitwiseEqual(torch.eye(3), { made_under: here }))).toMatch(/^Values are not/);
    expect(saying(() => expect(eye()).toBeAllclose(eye(), { made_under }))).toBe('passed');
  });

  it('refuses wrong calls, negated too', () => {
    const a = torch.ones(1);
    expect(() => expect(a).not.toBeAllclose(a, { rtol: 1 })).toThrow('atol');
    expect(() => expect(undefined).not.toBeAllclose(a)).toThrow('the received value is undefined');
    expect(() => expect(a).not.toBeAllclose('text')).toThrow('No comparison pair was able to handle inputs');
  });

  it('works inside of other assertions', () => {
    const custom = expect as unknown as TensorMatchers<unknown>;
    expect({ loss: torch.tensor(1) }).toEqual({ loss: custom.toBeAllclose(torch.tensor(1)) });
  });
});

function cplx(re: number, im: number): torch.Tensor {
  return torch.complex(torch.tensor([re]), torch.tensor([im]));
}

function quantized(scale: number): torch.Tensor {
  return torch.quantize_per_tensor(torch.ones(2), scale, 1, torch.quint8);
}

function nested(...sizes: number[]): torch.Tensor {
  return torch.nested.nested_tensor(sizes.map((size) => torch.ones(size)));
}
