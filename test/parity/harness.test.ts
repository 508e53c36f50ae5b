// The comparison itself: it must see one ulp, a sign of zero, a NaN, a dtype, a shape, a key, and one draw too many.
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { capture, differences, expectSameBits, type Value } from '../support/bits';
import { askLeaves, live, ourLeaves, skipReason } from '../support/parity';

const differ = (ours: Value, theirs: Value) => differences(capture(ours), capture(theirs)).join('\n');
const f32 = (...values: number[]) => torch.tensor(Float32Array.from(values));
const nextAfterOne = 1 + 2 ** -23;

describe('differences', () => {
  it.each([
    ['one ulp', f32(1, nextAfterOne), f32(1, 1), /1 of 2 elements differ, first at \[1\]: .*\(1 ulps/],
    ['the sign of zero', f32(-0), f32(0), /ours 0, Python's 0|ours -0, Python's 0/],
    ['a NaN', f32(Number.NaN), f32(1), /ours NaN, Python's 1/],
    ['an index', f32(1, 2, 3, 4).view(2, 2), f32(1, 2, 9, 4).view(2, 2), /first at \[1, 0\]: ours 3, Python's 9/],
    ['a dtype', f32(1), torch.tensor([1], { dtype: torch.float64 }), /dtype torch.float32, Python has torch.float64/],
    ['a shape', f32(1), f32(1).view(1, 1), /shape \[1\], Python has \[1,1\]/],
    ['float64 by one ulp', torch.tensor(Float64Array.of(0.1 + 0.2)), torch.tensor(Float64Array.of(0.3)), /\(1 ulps/],
    ['an int64', torch.tensor([2n ** 60n]), torch.tensor([2n ** 60n + 1n]), /elements differ/],
    ['a number', -0, 0, /Python has/],
    ['a string', 'a', 'b', /"a", Python has "b"/],
    ['a kind', null, f32(1), /a none, Python has a tensor/],
    ['a missing key', { a: 1 }, { a: 1, b: 2 }, /b: missing here/],
    ['a surplus key', { a: 1, b: 2 }, { a: 1 }, /b: a number that Python does not have/],
    ['a deep path', { a: [{ c: 1 }] }, { a: [{ c: 2 }] }, /^a\.0\.c: /],
  ] as [string, Value, Value, RegExp][])('sees %s', (_, ours, theirs, message) => {
    expect(differ(ours, theirs)).toMatch(message);
    expect(() => expectSameBits(capture(ours), capture(theirs))).toThrow();
  });

  it('sees nothing where nothing differs', () => {
    const value = () => ({ a: f32(1, -0, Number.NaN), b: [1, null, 'x', true, 2n ** 60n], c: torch.zeros([0]) });
    expect(differ(value(), value())).toBe('');
  });
});

describe.skipIf(!live)(`against Python${skipReason}`, () => {
  it('sees one draw too many', async () => {
    const theirs = await askLeaves({ code: 'torch.randn(1)\nreturn {"x": 1}' });
    expect(() =>
      expectSameBits(
        ourLeaves(() => ({ x: 1 })),
        theirs,
      ),
    ).toThrow(/generator: \d+ of 5056 elements differ/);
  });

  it('sees one ulp in a Python result', async () => {
    const theirs = await askLeaves({ code: 'return torch.nextafter(torch.ones(2), torch.tensor([1., 2.]))' });
    expect(() =>
      expectSameBits(
        ourLeaves(() => torch.ones([2])),
        theirs,
      ),
    ).toThrow(/first at \[1\].*1 ulps/);
  });

  it('says where Python failed', async () => {
    await expect(askLeaves({ code: 'return torch.no_such_function()' })).rejects.toThrow(/no_such_function/);
  });

  it('passes values through in both directions', async () => {
    const ours = f32(1.5, -0, Number.NaN, Number.POSITIVE_INFINITY);
    const leaf = capture(ours).get('')!;
    if (leaf.kind !== 'tensor') throw new Error('not a tensor');
    const inputs = { x: { dtype: leaf.dtype, shape: leaf.shape, data: Buffer.from(leaf.bytes).toString('base64') } };
    const theirs = await askLeaves({
      code: 'return {"x": inputs["x"], "n": float("nan"), "z": -0.0, "i": 2**60}',
      inputs,
    });
    expectSameBits(
      ourLeaves(() => ({ x: ours, n: Number.NaN, z: -0, i: 2n ** 60n })),
      theirs,
    );
  });
});
