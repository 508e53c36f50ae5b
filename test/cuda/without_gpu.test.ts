// torch.cuda on a machine without a GPU: the answers and the errors that Python gives there, both asked live.
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { errorOf } from '../support/errors';
import { ask, live, skipReason } from '../support/parity';

const { cuda } = torch;
const one = () => torch.ones([1]);

/** [Python's expression, ours]. */
const same: [python: string, ours: () => unknown][] = [
  ['cuda.is_available()', () => cuda.is_available()],
  ['cuda.is_initialized()', () => cuda.is_initialized()],
  ['cuda.device_count()', () => cuda.device_count()],
  ['cuda.current_device()', () => cuda.current_device()],
  ['cuda.set_device(-1)', () => cuda.set_device(-1)],
  ['cuda.init()', () => cuda.init()],
  ['cuda.synchronize()', () => cuda.synchronize()],
  ['cuda.get_device_name()', () => cuda.get_device_name()],
  ['cuda.get_device_capability()', () => cuda.get_device_capability()],
  ['cuda.get_device_properties()', () => cuda.get_device_properties()],
  ['cuda.can_device_access_peer(0, 1)', () => cuda.can_device_access_peer(0, 1)],
  ['cuda.memory_allocated()', () => cuda.memory_allocated()],
  ['cuda.max_memory_allocated()', () => cuda.max_memory_allocated()],
  ['cuda.memory_reserved()', () => cuda.memory_reserved()],
  ['cuda.max_memory_reserved()', () => cuda.max_memory_reserved()],
  ['dict(cuda.memory_stats())', () => cuda.memory_stats()],
  ['cuda.memory_stats_as_nested_dict()', () => cuda.memory_stats_as_nested_dict()],
  ['dict(cuda.host_memory_stats())', () => cuda.host_memory_stats()],
  ['cuda.empty_cache()', () => cuda.empty_cache()],
  ['cuda.mem_get_info()', () => cuda.mem_get_info()],
  ['cuda.set_per_process_memory_fraction(0.5)', () => cuda.set_per_process_memory_fraction(0.5)],
  ['cuda.get_per_process_memory_fraction()', () => cuda.get_per_process_memory_fraction()],
  ['cuda.manual_seed(1)', () => cuda.manual_seed(1)],
  ['cuda.manual_seed_all(1)', () => cuda.manual_seed_all(1)],
  ['cuda.seed()', () => cuda.seed()],
  ['cuda.seed_all()', () => cuda.seed_all()],
  ['cuda.initial_seed()', () => cuda.initial_seed()],
  ['cuda.get_rng_state()', () => cuda.get_rng_state()],
  ['cuda.get_rng_state_all()', () => cuda.get_rng_state_all()],
  ['cuda.set_rng_state(torch.get_rng_state())', () => cuda.set_rng_state(torch.get_rng_state())],
  ['cuda.set_rng_state_all([])', () => cuda.set_rng_state_all([])],
  ['cuda.current_stream()', () => cuda.current_stream()],
  ['cuda.default_stream()', () => cuda.default_stream()],
  ['cuda.set_stream(None)', () => cuda.set_stream(null)],
  ['cuda.Stream()', () => new cuda.Stream()],
  ['cuda.Event()', () => new cuda.Event()],
  ['cuda.CUDAGraph()', () => new cuda.CUDAGraph()],
  ['cuda.graph(None)', () => cuda.graph(null as never, () => 1)],
  ['cuda.graph_pool_handle()', () => cuda.graph_pool_handle()],
  ['cuda.make_graphed_callables(torch.neg, (torch.ones(1),))', () => cuda.make_graphed_callables(torch.neg, [one()])],
  ["cuda.nvtx.range_push('a')", () => cuda.nvtx.range_push('a')],
  ['cuda.nvtx.range_pop()', () => cuda.nvtx.range_pop()],
  ["cuda.nvtx.mark('a')", () => cuda.nvtx.mark('a')],
  ["cuda.nvtx.range('a').__enter__()", () => cuda.nvtx.range('a', () => 1)],
  ['cuda.get_arch_list()', () => cuda.get_arch_list()],
  ['cuda.get_gencode_flags()', () => cuda.get_gencode_flags()],
  ['cuda.is_bf16_supported()', () => cuda.is_bf16_supported()],
  ['cuda.is_tf32_supported()', () => cuda.is_tf32_supported()],
  ['cuda.get_sync_debug_mode()', () => cuda.get_sync_debug_mode()],
  ['cuda.set_sync_debug_mode(1)', () => cuda.set_sync_debug_mode(1)],
  ["torch.ones(1, device='cuda')", () => torch.ones([1], { device: 'cuda' })],
  ['torch.ones(1).cuda()', () => one().cuda()],
  ["torch.ones(1).to('cuda:0')", () => one().to('cuda:0')],
  ["torch.Stream('cuda')", () => new torch.Stream('cuda')],
  ["torch.Event('cuda')", () => new torch.Event('cuda')],
  ['torch.accelerator.Graph()', () => new torch.accelerator.Graph()],
  ['torch.accelerator.get_memory_info()', () => torch.accelerator.get_memory_info()],
  ['torch.accelerator.empty_host_cache()', () => torch.accelerator.empty_host_cache()],
  ['torch.accelerator.get_device_capability()', () => torch.accelerator.get_device_capability()],
];

/**
 * What Python gives by accident, and what is given here.
 * `_C` has no such functions without CUDA, which Python finds out as an AttributeError.
 */
const otherwise: [python: string, pythons: RegExp, ours: () => unknown, mine: unknown][] = [
  ['cuda.reset_peak_memory_stats()', /no attribute/, () => cuda.reset_peak_memory_stats(), 'not compiled'],
  [
    'cuda.reset_accumulated_memory_stats()',
    /no attribute/,
    () => cuda.reset_accumulated_memory_stats(),
    'not compiled',
  ],
  ['cuda.reset_peak_host_memory_stats()', /no attribute/, () => cuda.reset_peak_host_memory_stats(), 'not compiled'],
  ['cuda.get_allocator_backend()', /no attribute/, () => cuda.get_allocator_backend(), 'not compiled'],
  ['cuda.set_device(0)', /no attribute/, () => cuda.set_device(0), 'not compiled'],
  ['cuda.memory_summary()', /allocated_bytes/, () => cuda.memory_summary(), 'not compiled'],
  ['cuda.is_current_stream_capturing()', /dummy/, () => cuda.is_current_stream_capturing(), false],
  ["cuda.nvtx.range_start('a')", /no attribute/, () => cuda.nvtx.range_start('a'), 'NVTX functions not installed'],
];

const prelude = 'cuda = torch.cuda\n';
const message = (call: () => unknown): string => errorOf(call).message;

describe.skipIf(!live || cuda.is_available())(`torch.cuda without a GPU${skipReason}`, () => {
  it.each(same)('%s', async (python, ours) => {
    const theirs = await ask({ code: `${prelude}return repr(${python})` });
    if (theirs.error === undefined) {
      const plain = await ask({ code: `import json\n${prelude}return json.dumps(${python})` });
      expect(plain.error?.trace).toBeUndefined();
      expect(ours() ?? null).toEqual(JSON.parse((plain.out as unknown as { value: string }).value));
      return;
    }
    const error = errorOf(ours);
    expect(error.message).toBe(theirs.error.message);
    expect(error instanceof torch.AssertionError).toBe(theirs.error.type === 'AssertionError');
  });

  it.each(otherwise)('%s', async (python, pythons, ours, mine) => {
    const theirs = await ask({ code: `${prelude}return repr(${python})` });
    expect(theirs.error?.message).toMatch(pythons);
    if (typeof mine === 'string') expect(message(ours)).toContain(mine);
    else expect(ours()).toBe(mine);
  });
});

describe('blocks without a GPU', () => {
  it('run where there is nothing to change', () => {
    expect(cuda.stream(null, () => 3)).toBe(3);
    expect(cuda.device_of(one(), () => 4)).toBe(4);
  });

  it.skipIf(cuda.is_available())('refuse a device', () => {
    expect(message(() => cuda.device(0, () => 1))).toBe('Torch not compiled with CUDA enabled');
  });
});
