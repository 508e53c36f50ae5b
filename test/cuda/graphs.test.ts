// CUDA graphs: what is captured, replayed, and left in the generator and in memory.
import * as torch from 'isotorch';
import { capturedStep } from 'isotorch/train';
import { expect, it } from 'vitest';
import type { Value } from '../support/bits';
import { errorOf } from '../support/errors';
import { capturable, capturableNames, describeGpu, MiB } from '../support/gpu';
import { parity } from '../support/parity';
import { state_of } from '../support/probes';

const { cuda, nn, optim } = torch;

/**
 * Runs `step` three times aside, then captures it there. What the first runs made is freed: the node that adds up a gradient
 * stays with the stream that it was made on.
 */
function captured<T>(step: () => T): [graph: InstanceType<typeof cuda.CUDAGraph>, result: T] {
  const aside = new cuda.Stream();
  aside.wait_stream(cuda.current_stream());
  cuda.stream(aside, () => {
    for (let i = 0; i < 3; i++) torch.scope(() => void step());
  });
  cuda.current_stream().wait_stream(aside);
  const graph = new cuda.CUDAGraph();
  return [graph, cuda.graph(graph, { stream: aside }, step)];
}

const CAPTURED = `
      def captured(step):
          aside = torch.cuda.Stream()
          aside.wait_stream(torch.cuda.current_stream())
          with torch.cuda.stream(aside):
              for _ in range(3):
                  step()
          torch.cuda.current_stream().wait_stream(aside)
          graph = torch.cuda.CUDAGraph()
          with torch.cuda.graph(graph, stream=aside):
              result = step()
          return graph, result
`;

describeGpu('graphs', () => {
  parity('replayed', [
    {
      name: 'on new inputs',
      python: `${CAPTURED}
      net = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 4))
      x = torch.randn(8, 16)
      graph, y = captured(lambda: net(x))
      out = []
      for _ in range(3):
          x.copy_(torch.randn(8, 16))
          graph.replay()
          out.append(y.clone())
      return out`,
      ours: () => {
        const net = new nn.Sequential(new nn.Linear(16, 32), new nn.ReLU(), new nn.Linear(32, 4));
        const x = torch.randn([8, 16]);
        const [graph, y] = captured(() => net(x) as torch.Tensor);
        return [0, 1, 2].map(() => {
          x.copy_(torch.randn([8, 16]));
          graph.replay();
          return y.clone();
        });
      },
    },
    {
      name: 'draw new random numbers, and leave the generator as Python does',
      python: `${CAPTURED}
      graph, y = captured(lambda: F.dropout(torch.ones(1000), 0.4) + torch.randn(1000))
      out = []
      for _ in range(3):
          graph.replay()
          out.append(y.clone())
      return {"drawn": out, "after": torch.randn(5)}`,
      ours: () => {
        const [graph, y] = captured(() => nn.functional.dropout(torch.ones([1000]), 0.4).add(torch.randn([1000])));
        const drawn = [0, 1, 2].map(() => {
          graph.replay();
          return y.clone();
        });
        return { drawn, after: torch.randn([5]) };
      },
    },
    ...capturableNames.map((name) => ({
      name: `a whole training step with ${name}, 20 times`,
      python: `${CAPTURED}
      net = nn.Sequential(nn.Linear(16, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 4))
      optimizer = optim.${name}(net.parameters(), lr=1e-2, capturable=True)
      x, target = torch.randn(8, 16), torch.randn(8, 4)
      def step():
          optimizer.zero_grad(set_to_none=True)
          loss = F.mse_loss(net(x), target)
          loss.backward()
          optimizer.step()
          return loss
      graph, loss = captured(step)
      losses = []
      for _ in range(20):
          x.copy_(torch.randn(8, 16))
          graph.replay()
          losses.append(loss.detach().clone())
      return {"losses": losses, "net": dict(net.state_dict()), "optimizer": optimizer.state_dict()}`,
      ours: (): Value => {
        const net = new nn.Sequential(
          new nn.Linear(16, 32),
          new nn.BatchNorm1d(32),
          new nn.ReLU(),
          new nn.Linear(32, 4),
        );
        const optimizer = capturable[name](net.parameters(), { lr: 1e-2, capturable: true });
        const [x, target] = [torch.randn([8, 16]), torch.randn([8, 4])];
        const [graph, loss] = captured(() => {
          optimizer.zero_grad({ set_to_none: true });
          const value = nn.functional.mse_loss(net(x), target);
          value.backward();
          optimizer.step();
          return value;
        });
        const losses = Array.from({ length: 20 }, () => {
          x.copy_(torch.randn([8, 16]));
          graph.replay();
          return loss.detach().clone();
        });
        return { losses, net: state_of(net), optimizer: optimizer.state_dict() as never };
      },
    })),
    {
      name: 'capturedStep: the numbers of the step itself',
      python: `
      net = nn.Sequential(nn.Linear(16, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 4))
      optimizer = optim.Adam(net.parameters(), lr=1e-2, capturable=True)
      losses = []
      for _ in range(20):
          x, target = torch.randn(8, 16), torch.randn(8, 4)
          optimizer.zero_grad()
          loss = F.mse_loss(net(x), target)
          loss.backward()
          optimizer.step()
          losses.append(loss.detach())
      return {"losses": losses, "net": dict(net.state_dict()), "optimizer": optimizer.state_dict()}`,
      ours: () => {
        const net = new nn.Sequential(
          new nn.Linear(16, 32),
          new nn.BatchNorm1d(32),
          new nn.ReLU(),
          new nn.Linear(32, 4),
        );
        const optimizer = new optim.Adam(net.parameters(), { lr: 1e-2, capturable: true });
        const step = capturedStep((x: torch.Tensor, target: torch.Tensor) => {
          optimizer.zero_grad();
          const loss = nn.functional.mse_loss(net(x), target);
          loss.backward();
          optimizer.step();
          return loss;
        });
        const losses = Array.from({ length: 20 }, () => step(torch.randn([8, 16]), torch.randn([8, 4])).clone());
        return { losses, net: state_of(net), optimizer: optimizer.state_dict() as never };
      },
    },
    {
      name: 'make_graphed_callables within a training loop',
      python: `
      net = nn.Sequential(nn.Linear(16, 32), nn.Tanh(), nn.Linear(32, 4))
      net = torch.cuda.make_graphed_callables(net, (torch.randn(8, 16, requires_grad=True),))
      optimizer = optim.SGD(net.parameters(), lr=0.1)
      losses = []
      for _ in range(10):
          optimizer.zero_grad()
          loss = net(torch.randn(8, 16, requires_grad=True)).square().mean()
          loss.backward()
          optimizer.step()
          losses.append(loss.detach())
      return {"losses": losses, "net": dict(net.state_dict())}`,
      ours: () => {
        const plain = new nn.Sequential(new nn.Linear(16, 32), new nn.Tanh(), new nn.Linear(32, 4));
        const sample = torch.randn([8, 16], { requires_grad: true });
        const net = cuda.make_graphed_callables(plain as never, [sample]) as unknown as typeof plain;
        const optimizer = new optim.SGD(net.parameters(), { lr: 0.1 });
        const losses = Array.from({ length: 10 }, () => {
          optimizer.zero_grad();
          const loss = (net(torch.randn([8, 16], { requires_grad: true })) as torch.Tensor).square().mean();
          loss.backward();
          optimizer.step();
          return loss.detach();
        });
        return { losses, net: state_of(net) };
      },
    },
    {
      name: 'two that share a pool',
      python: `
      x = torch.randn(64, 64)
      first, second = torch.cuda.CUDAGraph(), torch.cuda.CUDAGraph()
      torch.mm(x, x)
      with torch.cuda.graph(first):
          y = x.mm(x)
      with torch.cuda.graph(second, pool=first.pool()):
          z = y.mm(x)
      x.copy_(torch.randn(64, 64))
      first.replay()
      second.replay()
      return z.clone()`,
      ours: () => {
        const x = torch.randn([64, 64]);
        const [first, second] = [new cuda.CUDAGraph(), new cuda.CUDAGraph()];
        torch.mm(x, x);
        const y = cuda.graph(first, () => x.mm(x));
        const z = cuda.graph(second, { pool: first.pool() }, () => y.mm(x));
        x.copy_(torch.randn([64, 64]));
        first.replay();
        second.replay();
        return z.clone();
      },
    },
  ]);

  it('say whether they are being captured', () => {
    const graph = new cuda.CUDAGraph();
    const inside = cuda.graph(graph, () => cuda.is_current_stream_capturing());
    expect([cuda.is_current_stream_capturing(), inside]).toEqual([false, true]);
  });

  it('give their memory back', () => {
    const graph = new cuda.CUDAGraph();
    const x = torch.ones([1 << 20]);
    const y = cuda.graph(graph, () => torch.scope(() => x.add(1).mul(2)));
    graph.replay();
    expect(torch.scope(() => y.sum().item())).toBe(4 * (1 << 20));
    const [allocated, reserved] = [cuda.memory_allocated(), cuda.memory_reserved()];
    y.dispose();
    expect(allocated - cuda.memory_allocated()).toBe(4 * MiB);
    graph.reset();
    cuda.empty_cache();
    // Both results had their place.
    expect(reserved - cuda.memory_reserved()).toBeGreaterThanOrEqual(8 * MiB);
  });

  it('refuse to wait for the GPU inside, and the process goes on', () => {
    const x = torch.ones([4]);
    const graph = new cuda.CUDAGraph();
    expect(errorOf(() => cuda.graph(graph, () => x.sum().item())).message).toMatch(/captur/i);
    expect(cuda.is_current_stream_capturing()).toBe(false);
    expect(torch.ones([3]).sum().item()).toBe(3);
    expect(Number.isFinite(torch.randn([3]).sum().item())).toBe(true);
  });
});
