/** Default dtype and default device, and what follows them. */
import { inspect } from 'node:util';
import * as torch from 'isotorch';
import { afterEach, describe, expect, it } from 'vitest';
import { itRefuses } from '../support/errors';
import { ask, live, parity, skipReason } from '../support/parity';

afterEach(() => {
  torch.set_default_dtype(torch.float32);
  torch.set_default_device(null);
});

/** Runs `body` under a default dtype. */
function under<T>(dtype: torch.dtype, body: () => T): T {
  torch.set_default_dtype(dtype);
  try {
    return body();
  } finally {
    torch.set_default_dtype(torch.float32);
  }
}

const results = `
try:
    torch.set_default_dtype(torch.DTYPE)
    made = [torch.tensor([1.5, 2]), torch.tensor([]), torch.tensor([True]).mean(dtype=None) if False else torch.tensor([3]) / 2,
            torch.zeros(2), torch.ones([2]), torch.arange(0, 1, 0.25), torch.arange(3), torch.full((2,), 1.5), torch.randn(3),
            torch.rand([2]), torch.linspace(0, 1, 3), torch.eye(2), torch.hann_window(3), torch.scalar_tensor(2),
            torch.tensor([4]).sqrt(), torch.tensor([4]).float(), torch.empty(2).zero_(), torch.normal(0., 1., (2,)),
            torch.fft.fftfreq(4), torch.tensor([1, 2]) * 1.5]
    linear = nn.Linear(2, 3)
    return {'made': made, 'linear': [linear.weight, linear.bias], 'norm': nn.BatchNorm1d(2).running_var,
            'text': '\\n'.join(map(repr, made)), 'finfo': repr(torch.finfo())}
finally:
    torch.set_default_dtype(torch.float32)
`;

parity(
  'default dtype',
  [torch.float32, torch.float64, torch.float16, torch.bfloat16].map((dtype) => ({
    name: String(dtype),
    python: results.replace('DTYPE', dtype.name),
    ours: () =>
      under(dtype, () => {
        const made = [
          torch.tensor([1.5, 2]),
          torch.tensor([]),
          torch.tensor([3n]).div(2),
          torch.zeros(2),
          torch.ones([2]),
          torch.arange(0, 1, 0.25),
          torch.arange(3),
          torch.full([2], 1.5),
          torch.randn(3),
          torch.rand([2]),
          torch.linspace(0, 1, 3),
          torch.eye(2),
          torch.hann_window(3),
          torch.scalar_tensor(2),
          torch.tensor([4n]).sqrt(),
          torch.tensor([4n]).float(),
          torch.empty(2).zero_(),
          torch.normal(0, 1, [2]),
          torch.fft.fftfreq(4),
          torch.tensor([1n, 2n]).mul(1.5),
        ];
        const linear = new torch.nn.Linear(2, 3);
        return {
          made,
          linear: [linear.weight, linear.bias],
          norm: new torch.nn.BatchNorm1d(2).running_var,
          text: made.map(String).join('\n'),
          finfo: String(torch.finfo()),
        };
      }),
  })),
  { threads: [1] },
);

describe('default dtype', () => {
  it('is what was set', () => {
    expect(torch.get_default_dtype()).toBe(torch.float32);
    expect(under(torch.float64, torch.get_default_dtype)).toBe(torch.float64);
    expect(under(torch.float64, () => torch.tensor({ re: 1, im: 2 }).dtype)).toBe(torch.complex128);
    torch.set_default_tensor_type('torch.DoubleTensor');
    expect(torch.get_default_dtype()).toBe(torch.float64);
    torch.set_default_tensor_type(torch.FloatTensor);
    expect(torch.get_default_dtype()).toBe(torch.float32);
  });

  // The texts are Python's.
  itRefuses([
    [
      'an integer dtype',
      () => torch.set_default_dtype(torch.int32),
      TypeError,
      'only floating-point types are supported as the default type',
    ],
    [
      'a complex dtype',
      () => torch.set_default_dtype(torch.complex64),
      TypeError,
      'only floating-point types are supported as the default type',
    ],
    [
      'text',
      () => torch.set_default_dtype('float32' as never),
      TypeError,
      'invalid dtype object: only floating-point types are supported as the default type',
    ],
    [
      'float8',
      () => torch.set_default_dtype(torch.float8_e5m2),
      TypeError,
      "couldn't find storage object Float8_e5m2Storage",
    ],
    [
      'nothing',
      () => (torch.set_default_dtype as () => void)(),
      TypeError,
      "set_default_dtype() missing 1 required positional argument: 'd'",
    ],
    [
      'complex numbers without a complex dtype',
      () => under(torch.bfloat16, () => torch.tensor({ re: 1, im: 2 })),
      torch.TorchError,
      'invalid default scalar type for complex',
    ],
    [
      'an integer tensor type',
      () => torch.set_default_tensor_type('torch.IntTensor'),
      TypeError,
      'only floating-point types are supported as the default type',
    ],
  ]);
});

describe('default device', () => {
  it('is where factories make tensors, by keyword and without', () => {
    expect(inspect(torch.get_default_device())).toBe("device(type='cpu')");
    torch.set_default_device('meta');
    expect(inspect(torch.get_default_device())).toBe("device(type='meta')");
    const made = [
      torch.zeros(2),
      torch.zeros([2], { dtype: torch.float64 }),
      torch.arange(3),
      torch.tensor([1]),
      torch.randn([2], { device: null }),
      torch.full([2], 1),
      torch.eye(2),
      torch.fft.fftfreq(4),
      torch.as_tensor([1]),
      new torch.nn.Linear(2, 2).weight,
    ];
    expect(made.map((tensor) => tensor.device.type)).toEqual(made.map(() => 'meta'));
    const elsewhere = [
      torch.zeros(2, { device: 'cpu' }),
      torch.zeros_like(torch.zeros(2, { device: 'cpu' })),
      torch.normal(0, 1, [2]),
      torch.frombuffer(new Uint8Array(8), { dtype: torch.float32 }),
      torch.ops.aten.zeros([2]) as torch.Tensor,
    ];
    expect(elsewhere.map((tensor) => tensor.device.type)).toEqual(elsewhere.map(() => 'cpu'));
    torch.set_default_device(null);
    expect(torch.zeros(2).device.type).toBe('cpu');
  });

  it('holds while a function runs', () => {
    const where = torch.set_default_device('meta', () => torch.zeros(2).device.type);
    expect([where, torch.zeros(2).device.type]).toEqual(['meta', 'cpu']);
    expect(() => torch.set_default_device('meta', async () => 1)).toThrow(/returned a promise/);
    expect(torch.zeros(2).device.type).toBe('cpu');
  });

  it('must be a device', () => {
    expect(() => torch.set_default_device('foo')).toThrow(
      /^Expected one of cpu, cuda, .* at start of device string: foo$/,
    );
  });
});

const dtypes = Object.entries(torch).filter(([, value]) => value instanceof torch.dtype) as [string, torch.dtype][];

describe.skipIf(!live)(`limits${skipReason}`, () => {
  it.each(dtypes)('torch.%s', async (name, dtype) => {
    for (const [limits, fields] of [
      [torch.finfo, ['bits', 'eps', 'max', 'min', 'resolution', 'smallest_normal', 'tiny', 'dtype']],
      [torch.iinfo, ['bits', 'max', 'min', 'dtype']],
    ] as const) {
      const answer = await ask({
        code: `i = torch.${limits.name}(torch.${name})\nreturn '|'.join([str(i), *(str(getattr(i, f)) for f in ${JSON.stringify(fields)})])`,
      });
      const read = () => limits(dtype) as unknown as Record<string, unknown>;
      if (answer.error !== undefined) {
        expect(read).toThrow(answer.error.message);
        continue;
      }
      const info = read();
      const [text, ...values] = (answer.out as { value: string }).value.split('|');
      expect(String(info)).toBe(text);
      fields.forEach((field, i) => {
        const value = info[field];
        expect(typeof value === 'number' ? value : String(value), field).toEqual(
          typeof value === 'number' ? Number(values[i]) : values[i],
        );
      });
      expect(read()).toBe(info);
    }
  });
});
