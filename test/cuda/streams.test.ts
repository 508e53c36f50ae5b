// Streams and events of a GPU: their order, and what passes between them.
import * as torch from 'isotorch';
import { expect, it } from 'vitest';
import { errorOf } from '../support/errors';
import { describeGpu } from '../support/gpu';
import { parity } from '../support/parity';

const { cuda } = torch;

/** Work that lasts long enough for somebody who does not wait to be seen. */
function work(x: torch.Tensor, times = 60): torch.Tensor {
  let y = x;
  for (let i = 0; i < times; i++) y = y.matmul(x).div(y.abs().max());
  return y;
}

const WORK = `
      def work(x, times=60):
          y = x
          for _ in range(times):
              y = y.matmul(x).div(y.abs().max())
          return y
`;

describeGpu('streams', () => {
  parity('work on another stream', [
    {
      name: 'gives Python’s bytes',
      python: `${WORK}
      s = torch.cuda.Stream()
      x = torch.randn(512, 512)
      s.wait_stream(torch.cuda.current_stream())
      with torch.cuda.stream(s):
          y = work(x)
      torch.cuda.current_stream().wait_stream(s)
      return {"y": y, "sum": y.sum(), "current": torch.cuda.current_stream() == torch.cuda.default_stream()}`,
      ours: () => {
        const s = new cuda.Stream();
        const x = torch.randn([512, 512]);
        s.wait_stream(cuda.current_stream());
        const y = cuda.stream(s, () => work(x));
        cuda.current_stream().wait_stream(s);
        return { y, sum: y.sum(), current: cuda.current_stream().equals(cuda.default_stream()) };
      },
    },
  ]);

  it('are current within their block only, after an error, too', () => {
    const s = new cuda.Stream();
    expect(cuda.stream(s, () => cuda.current_stream().equals(s))).toBe(true);
    const failing = () =>
      cuda.stream(s, () => {
        throw new RangeError('inside');
      });
    expect(errorOf(failing).message).toBe('inside');
    expect(cuda.current_stream().equals(cuda.default_stream())).toBe(true);
    expect(cuda.current_stream().equals(s)).toBe(false);
  });

  it('wait for the host, and say when they are done', () => {
    const s = new cuda.Stream({ priority: -1 });
    cuda.synchronize();
    const y = cuda.stream(s, () => work(torch.ones([2048, 2048])));
    s.synchronize();
    expect(s.query()).toBe(true);
    expect(Number.isFinite(y.sum().item())).toBe(true);
  });

  it('let tensors be used on another stream (record_stream)', () => {
    const s = new cuda.Stream();
    const x = torch.ones([1 << 20]);
    s.wait_stream(cuda.current_stream());
    const sum = cuda.stream(s, () => x.mul(3).sum());
    x.record_stream(s as never);
    x.dispose();
    cuda.current_stream().wait_stream(s);
    expect(sum.item()).toBe(3 * (1 << 20));
  });
});

describeGpu('events', () => {
  it('let a stream wait for another one', () => {
    const [first, second] = [new cuda.Stream(), new cuda.Stream()];
    const x = torch.zeros([2048, 2048]);
    const big = torch.randn([2048, 2048]);
    cuda.synchronize();
    const event = new cuda.Event();
    cuda.stream(first, () => {
      work(big);
      x.add_(7);
      event.record();
    });
    const seen = cuda.stream(second, () => {
      event.wait();
      return x.clone();
    });
    second.synchronize();
    expect([seen.min().item(), seen.max().item()]).toEqual([7, 7]);
  });

  it('measure time between two of them', () => {
    const [from, to] = [new cuda.Event({ enable_timing: true }), new cuda.Event({ enable_timing: true })];
    const x = torch.randn([2048, 2048]);
    work(x, 5);
    cuda.synchronize();
    const started = performance.now();
    from.record();
    work(x);
    to.record();
    to.synchronize();
    const wall = performance.now() - started;
    const elapsed = from.elapsed_time(to);
    expect([from.query(), to.query()]).toEqual([true, true]);
    expect(elapsed).toBeGreaterThan(0.5);
    expect(elapsed).toBeLessThan(wall + 1);
    expect(to.elapsed_time(from)).toBeLessThan(0);
  });

  it('without timing do not tell it', () => {
    const [from, to] = [new cuda.Event(), new cuda.Event()];
    from.record();
    to.record();
    to.synchronize();
    expect(errorOf(() => from.elapsed_time(to)).name).toMatch(/Error$/);
  });
});
