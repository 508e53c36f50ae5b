// JavaScript's half of streams and graphs, with native code's half imitated: what is asked for, in which order.
import * as torch from 'isotorch';
import { capturedStep } from 'isotorch/train';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { imitateGpu } from '../support/imitated_gpu';

const { cuda, nn } = torch;

// A real GPU has tests of its own.
describe.skipIf(cuda.is_available())('an imitated GPU', () => {
  let told: string[];
  beforeEach(() => {
    told = imitateGpu();
  });
  afterEach(() => void vi.restoreAllMocks());

  it('streams are current within their block only', () => {
    const s = new cuda.Stream({ priority: -1 });
    expect(String(s)).toBe(`<torch.cuda.Stream device=cuda:0 cuda_stream=0x${s.stream_id.toString(16)}>`);
    expect(cuda.stream(s, () => cuda.current_stream().equals(s))).toBe(true);
    expect(cuda.current_stream().equals(cuda.default_stream())).toBe(true);
    s.wait_stream(cuda.current_stream());
    expect(told.slice(-2)).toEqual(['record 0', `block ${s.stream_id}`]);
  });

  it('a capture waits, makes room, and is ended after an error, too', () => {
    const s = new cuda.Stream();
    const graph = new cuda.CUDAGraph();
    const pool = cuda.graph_pool_handle();
    expect(cuda.graph(graph, { pool, stream: s }, () => cuda.is_current_stream_capturing())).toBe(true);
    const around = ['synchronize', 'empty_cache', `stream ${s.stream_id}`];
    expect(told.slice(0, 5)).toEqual([...around, 'begin 0,7 global', 'end']);
    expect(told.at(-1)).toBe('stream 0');
    told.length = 0;
    const failing = () => {
      throw new RangeError('inside');
    };
    expect(() => cuda.graph(graph, { stream: s, capture_error_mode: 'relaxed' }, failing)).toThrow('inside');
    expect(told.slice(0, 5)).toEqual([...around, 'begin 0,0 relaxed', 'end']);
    expect(told.at(-1)).toBe('stream 0');
  });

  it('a graphed module replays in the mode that it was captured in, forward and backward', () => {
    const net = new nn.Sequential(new nn.Linear(4, 3), new nn.Tanh());
    const x = torch.ones([2, 4], { requires_grad: true });
    const expected = net(x).tolist();
    const graphed = cuda.make_graphed_callables(net as never, [x.detach().requires_grad_()]) as unknown as typeof net;
    expect(graphed).toBe(net);
    expect(told.filter((call) => /^(begin|end)/.test(call))).toEqual([
      'begin 0,7 global',
      'end',
      'begin 0,7 global',
      'end',
    ]);
    told.length = 0;
    const y = graphed(x) as torch.Tensor;
    expect([y.tolist(), y.requires_grad]).toEqual([expected, true]);
    y.sum().backward();
    expect([x.grad!.shape, net.parameters().map((p) => p.grad!.shape)]).toEqual([
      [2, 4],
      [[3, 4], [3]],
    ]);
    expect(told).toEqual(['replay', 'replay']);
    net.eval();
    expect((graphed(x) as torch.Tensor).tolist()).toEqual(expected);
    expect(told).toEqual(['replay', 'replay']);
  });

  it('a captured step warms up and is recorded on one stream, which all of them share', () => {
    vi.spyOn(torch.Tensor.prototype, 'is_cuda', 'get').mockReturnValue(true);
    const streams = [0, 1].map(() => {
      told.length = 0;
      const step = capturedStep((x: torch.Tensor) => x.sum(), { warmup: 1 });
      for (let i = 0; i < 3; i++) step(torch.ones([3]));
      expect(told.filter((call) => /^(begin|end|replay)/.test(call))).toEqual([
        'begin 0,0 global',
        'end',
        'replay',
        'replay',
      ]);
      return told.filter((call) => /^stream [^0]/.test(call));
    });
    const [warm] = streams[0]!;
    expect(streams).toEqual([
      [warm, warm],
      [warm, warm],
    ]);
  });
});
