import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { itRefuses } from './support/errors';

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
    ['a fraction', () => torch.set_num_threads(1.5), TypeError, 'set_num_threads expects an int, but got float'],
    ['text', () => torch.set_num_threads('1' as never), TypeError, 'set_num_threads expects an int, but got string'],
    ['NaN', () => torch.set_num_threads(Number.NaN), TypeError, 'set_num_threads expects an int, but got float'],
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

describe('backends', () => {
  it('flags can be read and set', () => {
    const { backends } = torch;
    expect(backends.cudnn.enabled).toBe(true);
    for (const flags of [backends.cudnn, backends.cuda.matmul, backends.mkldnn]) {
      const table = flags as Record<string, boolean>;
      for (const name of Object.keys(table)) {
        const before = table[name] as boolean;
        table[name] = !before;
        expect(table[name], name).toBe(!before);
        table[name] = before;
      }
    }
    expect(() => Object.assign(backends.cudnn, { deterministc: true })).toThrow(TypeError);
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
    expect(() => torch.ones([1]).cuda()).toThrow(/^device cuda is not available/);
    expect(() => torch.ones([1], { device: 'cuda' })).toThrow(/^device cuda is not available/);
  });
});

it('versions', () => {
  expect(torch.__version__).toMatch(/^2\.\d+\.\d+/);
  expect(torch.version.libtorch).toBe(torch.__version__);
  expect(torch.version.compiled_for).toMatch(/^2\.\d+\.\d+/);
});
