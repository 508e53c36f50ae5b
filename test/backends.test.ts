import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { capture, decode, type Value } from './support/bits';
import { itRefuses } from './support/errors';
import { ask, live, skipReason } from './support/parity';

describe('threads', () => {
  it('can be set and read', () => {
    const before = torch.get_num_threads();
    torch.set_num_threads(1);
    expect(torch.get_num_threads()).toBe(1);
    torch.set_num_threads(before);
    expect(torch.get_num_threads()).toBe(before);
    expect(torch.get_num_interop_threads()).toBeGreaterThan(0);
    expect(torch.__config__.parallel_info()).toMatch(/at::get_num_threads/);
  });

  itRefuses([
    ['none', () => torch.set_num_threads(0), torch.TorchError, 'set_num_threads expects a positive integer'],
    ['a fraction', () => torch.set_num_threads(1.5), torch.TorchError, 'set_num_threads expects an int, but got float'],
    [
      'text',
      () => torch.set_num_threads('1' as never),
      torch.TorchError,
      'set_num_threads expects an int, but got str',
    ],
    ['NaN', () => torch.set_num_threads(Number.NaN), torch.TorchError, 'set_num_threads expects an int, but got float'],
    [
      'no thread between operations',
      () => torch.set_num_interop_threads(0),
      torch.TorchError,
      'set_num_interop_threads expects a positive integer',
    ],
  ]);
});

describe('determinism', () => {
  it('use_deterministic_algorithms makes operations without one throw', () => {
    const [x, index] = [torch.zeros([4]), torch.tensor([1n, 1n])];
    const put = () => x.put_(index, torch.ones([2]));
    put();
    torch.use_deterministic_algorithms(true);
    try {
      expect(torch.are_deterministic_algorithms_enabled()).toBe(true);
      expect(put).toThrow(/put_ does not have a deterministic implementation/);
    } finally {
      torch.use_deterministic_algorithms(false);
    }
    expect(torch.are_deterministic_algorithms_enabled()).toBe(false);
  });
});

/** [Python, the same here]; what they give, or the message they throw, has to be equal. */
const statements: [python: string, ours: () => unknown][] = [
  ...(['default', 'warn', 'error', 0, 1, 2, true, 'x', 3, null, 1.5] as const).map((mode): [string, () => unknown] => [
    `torch.set_deterministic_debug_mode(${typeof mode === 'string' ? `'${mode}'` : String(mode).replace('null', 'None').replace('true', 'True')})`,
    () => torch.set_deterministic_debug_mode(mode as never),
  ]),
  ['torch.get_deterministic_debug_mode()', torch.get_deterministic_debug_mode],
  ['torch.is_deterministic_algorithms_warn_only_enabled()', torch.is_deterministic_algorithms_warn_only_enabled],
  ['torch.use_deterministic_algorithms(1)', () => torch.use_deterministic_algorithms(1 as never)],
  ['torch.use_deterministic_algorithms()', () => torch.use_deterministic_algorithms(...([] as never))],
  [
    'torch.use_deterministic_algorithms(True, True)',
    () => torch.use_deterministic_algorithms(...([true, true] as never)),
  ],
  [
    'torch.use_deterministic_algorithms(True, warn_only=3)',
    () => torch.use_deterministic_algorithms(true, { warn_only: 3 as never }),
  ],
  [
    'torch.use_deterministic_algorithms(True, warn_only=True)',
    () => torch.use_deterministic_algorithms(true, { warn_only: true }),
  ],
  ['torch.get_deterministic_debug_mode()', torch.get_deterministic_debug_mode],
  ['torch.use_deterministic_algorithms(False)', () => torch.use_deterministic_algorithms(false)],
  ['torch.utils.deterministic.fill_uninitialized_memory', () => torch.utils.deterministic.fill_uninitialized_memory],
  [
    "setattr(torch.utils.deterministic, 'fill_uninitialized_memory', 3)",
    () => Object.assign(torch.utils.deterministic, { fill_uninitialized_memory: 3 }),
  ],
  ['torch.get_float32_matmul_precision()', torch.get_float32_matmul_precision],
  ["torch.set_float32_matmul_precision('medium')", () => torch.set_float32_matmul_precision('medium')],
  ['torch.get_float32_matmul_precision()', torch.get_float32_matmul_precision],
  ['torch.backends.mkldnn.matmul.fp32_precision', () => torch.backends.mkldnn.matmul.fp32_precision],
  ['torch.backends.cuda.matmul.allow_tf32', () => torch.backends.cuda.matmul.allow_tf32],
  ['torch.set_float32_matmul_precision(3)', () => torch.set_float32_matmul_precision(3 as never)],
  ["torch.set_float32_matmul_precision('highest')", () => torch.set_float32_matmul_precision('highest')],
  ['torch.set_warn_always(1)', () => torch.set_warn_always(1 as never)],
  ['torch.set_warn_always(True)', () => torch.set_warn_always(true)],
  ['torch.is_warn_always_enabled()', torch.is_warn_always_enabled],
  ['torch.set_warn_always(False)', () => torch.set_warn_always(false)],
  ['torch.is_warn_always_enabled()', torch.is_warn_always_enabled],
  ['torch.set_flush_denormal(1)', () => torch.set_flush_denormal(1 as never)],
  ['torch.set_flush_denormal(True)', () => torch.set_flush_denormal(true)],
  ['torch.set_flush_denormal(False)', () => torch.set_flush_denormal(false)],
  ["torch.set_num_threads('a')", () => torch.set_num_threads('a' as never)],
  ['torch.set_num_threads(1.5)', () => torch.set_num_threads(1.5)],
  ['torch.set_num_threads(True)', () => torch.set_num_threads(true as never)],
  ['torch.set_num_threads(-1)', () => torch.set_num_threads(-1)],
  ["torch.set_num_interop_threads('a')", () => torch.set_num_interop_threads('a' as never)],
  ['torch.__config__.show()', torch.__config__.show],
  ['torch.__config__._cxx_flags()', torch.__config__._cxx_flags],
  ['torch.version.git_version', () => torch.version.git_version],
  ['torch.version.cuda', () => torch.version.cuda],
  ['torch.version.debug', () => torch.version.debug],
  ["torch.__version__.split('+')[0]", () => torch.__version__],
  ...(['mkl', 'mkldnn', 'openmp', 'nnpack', 'mps', 'kleidiai', 'cudnn'] as const).map(
    (name): [string, () => unknown] => [
      `torch.backends.${name}.is_available()`,
      () => torch.backends[name].is_available(),
    ],
  ),
  ['torch.backends.mkldnn.is_acl_available()', () => torch.backends.mkldnn.is_acl_available()],
  ['torch.backends.cudnn.version()', () => torch.backends.cudnn.version()],
  ['torch.backends.cpu.get_cpu_capability()', () => torch.backends.cpu.get_cpu_capability()],
  ['torch.backends.cuda.is_built()', () => torch.backends.cuda.is_built()],
  ['torch.backends.mps.is_built()', () => torch.backends.mps.is_built()],
  ['torch.backends.quantized.engine', () => torch.backends.quantized.engine],
  ['torch.backends.quantized.supported_engines', () => torch.backends.quantized.supported_engines],
  [
    "setattr(torch.backends.quantized, 'engine', 'foo')",
    () => Object.assign(torch.backends.quantized, { engine: 'foo' }),
  ],
  [
    "setattr(torch.backends.quantized, 'engine', 'qnnpack') or torch.backends.quantized.engine",
    () => Object.assign(torch.backends.quantized, { engine: 'qnnpack' }).engine,
  ],
  [
    "setattr(torch.backends.quantized, 'engine', 'x86') or torch.backends.quantized.engine",
    () => Object.assign(torch.backends.quantized, { engine: 'x86' }).engine,
  ],
  ...(['flash', 'mem_efficient', 'math', 'cudnn'] as const).flatMap((name): [string, () => unknown][] => [
    [`torch.backends.cuda.${name}_sdp_enabled()`, () => torch.backends.cuda[`${name}_sdp_enabled`]()],
    [
      `torch.backends.cuda.enable_${name}_sdp(False) or torch.backends.cuda.${name}_sdp_enabled()`,
      () => {
        torch.backends.cuda[`enable_${name}_sdp`](false);
        return torch.backends.cuda[`${name}_sdp_enabled`]();
      },
    ],
    [`torch.backends.cuda.enable_${name}_sdp(True)`, () => torch.backends.cuda[`enable_${name}_sdp`](true)],
  ]),
  ['torch.backends.cuda.enable_math_sdp(3)', () => torch.backends.cuda.enable_math_sdp(3 as never)],
  ['torch.backends.fp32_precision', () => torch.backends.fp32_precision],
  [
    "setattr(torch.backends, 'fp32_precision', 'tf32')",
    () => void Object.assign(torch.backends, { fp32_precision: 'tf32' }),
  ],
  ['torch.backends.mkldnn.fp32_precision', () => torch.backends.mkldnn.fp32_precision],
  ['torch.backends.cudnn.conv.fp32_precision', () => torch.backends.cudnn.conv.fp32_precision],
  ["setattr(torch.backends, 'fp32_precision', 'foo')", () => Object.assign(torch.backends, { fp32_precision: 'foo' })],
  [
    "setattr(torch.backends, 'fp32_precision', 'none')",
    () => void Object.assign(torch.backends, { fp32_precision: 'none' }),
  ],
  [
    "setattr(torch.backends.mkldnn, 'fp32_precision', 'bf16') or torch.backends.fp32_precision",
    () => {
      torch.backends.mkldnn.fp32_precision = 'bf16';
      return torch.backends.fp32_precision;
    },
  ],
  [
    "setattr(torch.backends.mkldnn, 'fp32_precision', 'none')",
    () => void Object.assign(torch.backends.mkldnn, { fp32_precision: 'none' }),
  ],
  ['torch.backends.nnpack.set_flags(3)', () => torch.backends.nnpack.set_flags(3 as never)],
  ['torch.backends.nnpack.set_flags(True)', () => torch.backends.nnpack.set_flags(true)],
  ['torch.backends.mkldnn.set_flags(True)', () => torch.backends.mkldnn.set_flags(true)],
  ['torch.backends.mha.get_fastpath_enabled()', torch.backends.mha.get_fastpath_enabled],
];

/** Every switch that is a property: [object, property, a wrong value]. */
const properties = [
  ...['enabled', 'benchmark', 'deterministic', 'allow_tf32'].map((name) => ['cudnn', name] as const),
  ...['enabled', 'deterministic', 'allow_tf32'].map((name) => ['mkldnn', name] as const),
  ...[
    'allow_tf32',
    'allow_fp16_reduced_precision_reduction',
    'allow_bf16_reduced_precision_reduction',
    'allow_fp16_accumulation',
  ].map((name) => ['cuda.matmul', name] as const),
];

function objectAt(path: string): Record<string, unknown> {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], torch.backends) as Record<
    string,
    unknown
  >;
}

function outcome(body: () => unknown): unknown {
  try {
    return body() ?? null;
  } catch (error) {
    return (error as Error).message;
  }
}

const answerOf = async (code: string): Promise<unknown> => {
  const { out, error } = await ask({ code });
  return error === undefined
    ? [...decode(out)].map(([path, leaf]) => [path, 'value' in leaf ? leaf.value : null])
    : error.message;
};

const ourAnswer = (body: () => unknown): unknown => {
  const value = outcome(() =>
    [...capture(body() as Value)].map(([path, leaf]) => [path, 'value' in leaf ? leaf.value : null]),
  );
  return value;
};

describe.skipIf(!live)(`switches, beside Python${skipReason}`, () => {
  it.each(statements)('%s', async (python, ours) => {
    expect(ourAnswer(ours)).toEqual(await answerOf(`return ${python}`));
  });

  it.each(properties)('torch.backends.%s.%s', async (path, name) => {
    const object = objectAt(path);
    const python = `torch.backends.${path}`;
    expect(ourAnswer(() => object[name])).toEqual(await answerOf(`return ${python}.${name}`));
    const before = object[name];
    if (before === null) return;
    object[name] = !before;
    const flipped = before ? 'False' : 'True';
    expect(ourAnswer(() => object[name])).toEqual(
      await answerOf(`${python}.${name} = ${flipped}\nreturn ${python}.${name}`),
    );
    object[name] = before;
    await answerOf(`${python}.${name} = ${before ? 'True' : 'False'}\nreturn None`);
    expect(outcome(() => Object.assign(object, { [name]: 3 }))).toBe(
      await answerOf(`${python}.${name} = 3\nreturn None`),
    );
  });
});

describe('backends', () => {
  it('flags() sets switches while its body runs', () => {
    const { mkldnn, cudnn } = torch.backends;
    const enabled = mkldnn.flags({ enabled: false, allow_tf32: undefined }, () => mkldnn.enabled);
    expect([enabled, mkldnn.enabled]).toEqual([false, true]);
    expect(() =>
      cudnn.flags({ benchmark: true }, () => {
        expect([cudnn.enabled, cudnn.benchmark]).toEqual([false, true]);
        throw new Error('inside');
      }),
    ).toThrow('inside');
    expect([cudnn.enabled, cudnn.benchmark]).toEqual([true, false]);
    expect(() => mkldnn.flags({ enable: true } as never, () => 1)).toThrow(TypeError);
    expect(() => mkldnn.flags({}, async () => 1)).toThrow(/returned a promise/);
  });

  it('a slip in a name is an error', () => {
    expect(() => Object.assign(torch.backends.cudnn, { deterministc: true })).toThrow(TypeError);
  });
});

describe('cuda', () => {
  it('agrees with itself, and is a clear error where there is none', () => {
    expect(torch.cuda.is_available()).toBe(torch.cuda.device_count() > 0);
    if (torch.cuda.is_available()) {
      torch.cuda.synchronize();
      expect(torch.ones([2], { device: 'cuda' }).sum().item()).toBe(2);
      return;
    }
    expect(() => torch.cuda.synchronize()).toThrow('Torch not compiled with CUDA enabled');
    expect(() => torch.ones([1]).cuda()).toThrow('Torch not compiled with CUDA enabled');
    expect(() => torch.ones([1], { device: 'cuda' })).toThrow('Torch not compiled with CUDA enabled');
  });
});

it('versions', () => {
  expect(torch.__version__).toMatch(/^2\.\d+\.\d+/);
  expect(torch.version.libtorch).toBe(torch.__version__);
  expect(torch.version.compiled_for).toMatch(/^2\.\d+\.\d+/);
});
