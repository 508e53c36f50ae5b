// Calls by keyword give what the same calls by position give, for every kind of value that a call by shape reads by itself.
import { describe, expect, test } from 'vitest';
import * as torch from 'isotorch';

const F = torch.nn.functional;
const x = torch.arange(12, { dtype: torch.float32 }).reshape(3, 4);
const image = torch.arange(32, { dtype: torch.float32 }).reshape(1, 2, 4, 4);
const weight = torch.ones(3, 2, 2, 2);

/** By keyword, and by position. */
const pairs: Readonly<Record<string, readonly [() => torch.Tensor, () => torch.Tensor]>> = {
  'a tensor': [() => torch.add({ input: x, other: x } as never), () => torch.add(x, x)],
  'an int': [() => x.softmax({ dim: 0 }), () => x.softmax(0)],
  'an int, large': [() => x.roll({ shifts: 1n, dims: 0 } as never), () => x.roll(1, 0)],
  'a float': [() => F.softplus(x, { beta: 2, threshold: 3.5 }), () => F.softplus(x, 2, 3.5)],
  'a bool': [() => x.cumsum({ dim: 1 }).sum({ dim: 1, keepdim: true }), () => x.cumsum(1).sum(1, true)],
  'a list of ints': [() => x.sum({ dim: [0, 1] }), () => x.sum([0, 1])],
  'an int in place of a list': [() => x.mean({ dim: 1 }), () => x.mean(1)],
  'an int or a list': [
    () => F.conv2d(image, weight, { stride: 2, padding: [1, 0] }),
    () => F.conv2d(image, weight, null, 2, [1, 0]),
  ],
  'all of seven': [
    () =>
      (F.conv2d as (options: object) => torch.Tensor)({
        input: image,
        weight,
        bias: torch.ones(3),
        stride: 1,
        padding: 1,
        dilation: 1,
        groups: 1,
      }),
    () => F.conv2d(image, weight, torch.ones(3), 1, 1, 1, 1),
  ],
  'a dtype': [() => x.sum(1, { dtype: torch.int64 }), () => x.sum(1).to(torch.int64)],
  None: [() => x.clamp({ min: null, max: 2 }), () => x.clamp(null, 2)],
  'a complex number': [
    () => torch.mul(x, { re: 0, im: 1 }),
    () => x.to(torch.complex64).mul(torch.tensor({ re: 0, im: 1 })),
  ],
  'a complex number and a keyword': [
    () => x.add({ re: 0, im: 1 }, { alpha: 2 }),
    () => x.to(torch.complex64).add(torch.tensor({ re: 0, im: 2 })),
  ],
  'a tensor in place of a number': [() => x.clamp({ max: torch.tensor(2) as never }), () => x.clamp(null, 2)],
};

describe('keywords', () => {
  for (const [name, [byKeyword, byPosition]] of Object.entries(pairs)) {
    test(`${name}: as by position, each time`, () => {
      for (let time = 0; time < 3; time++) expect(String(byKeyword())).toBe(String(byPosition()));
    });
  }

  test('may come in any order, in turn', () => {
    for (let time = 0; time < 3; time++) {
      expect(x.clamp({ min: 1, max: 2 }).tolist()).toEqual(x.clamp(1, 2).tolist());
      expect(x.clamp({ max: 2, min: 1 }).tolist()).toEqual(x.clamp(1, 2).tolist());
      expect(x.clamp({ max: 2 }).tolist()).toEqual(x.clamp(null, 2).tolist());
    }
  });

  test('undefined is as good as left out', () => {
    expect(x.sum({ dim: 1, keepdim: undefined } as never).shape).toEqual([3]);
    expect(F.softplus(x, { beta: undefined, threshold: 3.5 } as never).tolist()).toEqual(
      F.softplus(x, 1, 3.5).tolist(),
    );
  });

  test('a getter is asked once where the call fits', () => {
    let asked = 0;
    const options = {
      get dim() {
        asked++;
        return 1;
      },
    };
    x.softmax(options);
    expect(asked).toBe(1);
  });

  test('one that is unknown is named after calls that fitted', () => {
    x.softmax({ dim: 1 });
    expect(() => x.softmax({ dim: 1, im: 2 } as never)).toThrow("softmax() got an unexpected keyword argument 'im'");
  });
});
