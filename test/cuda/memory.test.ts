// Memory of a GPU: its figures, its end, and copies to and from it. The first test needs a process that has done nothing yet.
import * as torch from 'isotorch';
import { expect, it } from 'vitest';
import { errorOf } from '../support/errors';
import { describeGpu, MiB } from '../support/gpu';
import { parity } from '../support/parity';

const { cuda } = torch;

/** Runs `body` where this process may take so much of the GPU's memory. */
function limited<T>(bytes: number, body: () => T): T {
  cuda.empty_cache();
  cuda.set_per_process_memory_fraction(bytes / cuda.get_device_properties().total_memory);
  try {
    return body();
  } finally {
    cuda.set_per_process_memory_fraction(1);
  }
}

describeGpu('memory', () => {
  parity('figures', [
    {
      name: 'memory_stats are Python’s for the same program',
      python: `
      torch.cuda.empty_cache()
      torch.cuda.reset_peak_memory_stats()
      torch.cuda.reset_accumulated_memory_stats()
      a = [torch.empty(n, dtype=torch.uint8) for n in (1, 512, 513, 1 << 20, 5 << 20, 30 << 20)]
      del a[2]
      b = torch.empty(11 << 20, dtype=torch.uint8)
      figures = dict(torch.cuda.memory_stats())
      return {"names": list(figures), **{name: value for name, value in figures.items() if not name.startswith("num_sync")},
              "allocated": torch.cuda.memory_allocated(), "reserved": torch.cuda.memory_reserved(),
              "peak": torch.cuda.max_memory_allocated(), "summary": torch.cuda.memory_summary()}`,
      ours: () => {
        cuda.empty_cache();
        cuda.reset_peak_memory_stats();
        cuda.reset_accumulated_memory_stats();
        const bytes = (count: number) => torch.empty([count], { dtype: torch.uint8 });
        const a = [1, 512, 513, 1 << 20, 5 << 20, 30 << 20].map(bytes);
        a[2]!.dispose();
        bytes(11 << 20);
        const figures = cuda.memory_stats();
        const kept = Object.entries(figures).filter(([name]) => !name.startsWith('num_sync'));
        return {
          names: Object.keys(figures),
          ...Object.fromEntries(kept),
          allocated: cuda.memory_allocated(),
          reserved: cuda.memory_reserved(),
          peak: cuda.max_memory_allocated(),
          summary: cuda.memory_summary(),
        };
      },
    },
    {
      name: 'what the device is',
      python: `
      p = torch.cuda.get_device_properties(0)
      return [torch.cuda.get_device_name(), list(torch.cuda.get_device_capability()), torch.cuda.get_arch_list(),
              p.name, p.major, p.minor, p.total_memory, p.multi_processor_count, p.warp_size, p.L2_cache_size, str(p.uuid),
              torch.cuda.mem_get_info()[1], torch.cuda.device_count(), torch.cuda.current_device(),
              torch.cuda.is_bf16_supported(), torch.backends.cudnn.version()]`,
      ours: () => {
        const p = cuda.get_device_properties(0);
        return [
          ...[cuda.get_device_name(), cuda.get_device_capability(), cuda.get_arch_list()],
          ...[p.name, p.major, p.minor, p.total_memory, p.multi_processor_count, p.warp_size, p.L2_cache_size, p.uuid],
          ...[cuda.mem_get_info()[1], cuda.device_count(), cuda.current_device()],
          ...[cuda.is_bf16_supported(), torch.backends.cudnn.version()],
        ];
      },
    },
    {
      name: 'the generator’s state, saved and restored',
      python: `
      torch.cuda.manual_seed_all(17)
      state = torch.cuda.get_rng_state()
      first = torch.randn(1000)
      torch.cuda.set_rng_state(state)
      return {"state": state, "first": first, "again": torch.randn(1000), "seed": torch.cuda.initial_seed(),
              "all": torch.cuda.get_rng_state_all()}`,
      ours: () => {
        cuda.manual_seed_all(17);
        const state = cuda.get_rng_state();
        const first = torch.randn([1000]);
        cuda.set_rng_state(state);
        const again = torch.randn([1000]);
        return { state, first, again, seed: cuda.initial_seed(), all: cuda.get_rng_state_all() };
      },
    },
  ]);

  it('mem_get_info: what is free shrinks', () => {
    cuda.empty_cache();
    const [free, total] = cuda.mem_get_info();
    const held = torch.ones([256 * MiB], { dtype: torch.uint8 });
    const [after] = cuda.mem_get_info();
    expect(free - after).toBeGreaterThanOrEqual(200 * MiB);
    expect([free < total, after > 0, held.numel()]).toEqual([true, true, 256 * MiB]);
  });

  it('empty_cache gives back what no tensor holds', () => {
    torch.scope(() => {
      torch.ones([64 * MiB], { dtype: torch.uint8 });
    });
    const before = cuda.memory_reserved();
    cuda.empty_cache();
    expect(before - cuda.memory_reserved()).toBeGreaterThanOrEqual(64 * MiB);
  });
});

describeGpu('out of memory', () => {
  it('is Python’s error, and the process goes on', () => {
    const error = errorOf(() => torch.empty([2 ** 41]));
    expect(error).toBeInstanceOf(torch.OutOfMemoryError);
    expect(error.message).toMatch(/^CUDA out of memory\. Tried to allocate 8\.00 TiB\. GPU 0 has a total capacity of/);
    expect(torch.ones([3]).sum().item()).toBe(3);
  });

  it('comes at the share that this process may take', () => {
    const error = limited(512 * MiB, () => errorOf(() => torch.empty([1024 * MiB], { dtype: torch.uint8 })));
    expect(error).toBeInstanceOf(torch.OutOfMemoryError);
    expect(torch.empty([1024 * MiB], { dtype: torch.uint8 }).numel()).toBe(1024 * MiB);
  });

  it('does not come where the collector holds what is needed', () => {
    cuda.empty_cache();
    const bytes = limited(cuda.memory_allocated() + 1024 * MiB, () => {
      let sum = 0;
      for (let i = 0; i < 40; i++) sum += torch.full([128 * MiB], 1, { dtype: torch.uint8 }).numel();
      return sum;
    });
    expect(bytes).toBe(40 * 128 * MiB);
  });
});

describeGpu('copies', () => {
  it('pinned memory is pinned, and comes and goes', () => {
    const x = torch.arange(1 << 20, { device: 'cpu', dtype: torch.float32 }).pin_memory();
    const fresh = torch.empty([16], { device: 'cpu', pin_memory: true });
    expect([x.is_pinned(), fresh.is_pinned(), torch.ones([2], { device: 'cpu' }).is_pinned()]).toEqual([
      true,
      true,
      false,
    ]);
    const there = x.to('cuda', { non_blocking: true });
    const back = torch.empty([1 << 20], { device: 'cpu', pin_memory: true });
    back.copy_(there.mul(2), { non_blocking: true });
    cuda.synchronize();
    expect(back.equal(x.mul(2))).toBe(true);
  });

  it('non-blocking ones keep their order with the stream', () => {
    const s = new cuda.Stream();
    const x = torch.ones([1 << 22], { device: 'cpu' }).pin_memory();
    const sum = cuda.stream(s, () => x.to('cuda', { non_blocking: true }).mul(3).sum());
    s.synchronize();
    expect(sum.item()).toBe(3 * (1 << 22));
  });
});
