// torch.accelerator, torch.cuda and their like, streams and events, on a machine that may have none of them.
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { itRefuses } from '../support/errors';
import { parity } from '../support/parity';

const available = torch.accelerator.is_available();

describe('the CPU', () => {
  parity(
    'as Python sees it',
    [
      {
        name: 'streams, events, questions',
        python: `
          stream, event = torch.Stream(device='cpu'), torch.Event(device='cpu')
          return [str(stream), stream.query(), stream.stream_id, stream.device_index, stream == torch.Stream(device='cpu'),
                  event.query(), str(event.device), torch.cpu.is_available(), torch.cpu.device_count(),
                  torch.cpu.current_device(), torch.has_mkl, torch.has_lapack, torch.has_openmp, torch.pi, torch.e,
                  torch.inf, torch.nan, torch.cuda.is_available(), torch.cuda.device_count(), torch.xpu.device_count(),
                  torch.mtia.is_available(), torch.accelerator.device_count(), torch.get_device(torch.ones(1)),
                  torch.numel(torch.ones(2, 3))]`,
        ours: () => {
          const [stream, event] = [new torch.Stream('cpu'), new torch.Event('cpu')];
          return [
            ...[String(stream), stream.query(), stream.stream_id, stream.device_index],
            ...[stream.equals(new torch.Stream({ device: 'cpu' })), event.query(), String(event.device)],
            ...[torch.cpu.is_available(), torch.cpu.device_count(), torch.cpu.current_device()],
            ...[torch.has_mkl, torch.has_lapack, torch.has_openmp, torch.pi, torch.e, torch.inf, torch.nan],
            ...[torch.cuda.is_available(), torch.cuda.device_count(), torch.xpu.device_count()],
            ...[torch.mtia.is_available(), torch.accelerator.device_count(), torch.get_device(torch.ones(1))],
            torch.numel(torch.ones(2, 3)),
          ];
        },
      },
    ],
    { threads: [1] },
  );

  it('has one stream, and its own module', () => {
    expect(torch.cpu.current_stream().equals(new torch.Stream('cpu'))).toBe(true);
    expect(torch.cpu.stream(new torch.Stream('cpu'), () => 3)).toBe(3);
    expect(torch.get_device_module('cpu')).toBe(torch.cpu);
    expect(torch.get_device_module('cuda:1')).toBe(torch.cuda);
  });

  itRefuses([
    ['events', () => new torch.Event('cpu').record(), torch.TorchError, "cpu backend doesn't support events."],
    [
      'kinds without a module',
      () => torch.get_device_module('meta'),
      torch.TorchError,
      /^Device 'meta' does not have a corresponding module/,
    ],
    [
      'a number for a tensor',
      () => torch.numel(3 as never),
      TypeError,
      "numel(): argument 'input' (position 1) must be Tensor, not int",
    ],
  ]);
});

describe.skipIf(available)('a machine without an accelerator', () => {
  it('answers questions', () => {
    expect([
      torch.accelerator.current_accelerator(),
      torch.cuda.memory_allocated(),
      torch.cuda.is_initialized(),
    ]).toEqual([null, 0, false]);
    expect([torch.accelerator.memory_stats(), torch.cuda.manual_seed(1), torch.cuda.set_device(-1)]).toEqual([
      {},
      undefined,
      undefined,
    ]);
  });

  const none = 'Cannot access accelerator device when none is available.';
  itRefuses([
    ['its device', () => torch.accelerator.current_device_index(), torch.TorchError, none],
    ['synchronize', () => torch.accelerator.synchronize(), torch.TorchError, none],
    ['CUDA', () => torch.cuda.current_device(), torch.AssertionError, 'Torch not compiled with CUDA enabled'],
    ['XPU', () => torch.xpu.synchronize(), torch.AssertionError, 'Torch not compiled with XPU enabled'],
    [
      'a stream of CUDA',
      () => new torch.Stream('cuda'),
      torch.TorchError,
      'PyTorch is not linked with support for cuda devices',
    ],
  ]);
});
