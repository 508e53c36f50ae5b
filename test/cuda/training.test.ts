// Training as it is done on a GPU. What needs none runs on the CPU, too.
import * as torch from 'isotorch';
import { expect, it } from 'vitest';
import type { Value } from '../support/bits';
import { capturable, capturableNames, describeGpu, where } from '../support/gpu';
import { parity, type ParityCase } from '../support/parity';
import { probe_optimizer, state_of } from '../support/probes';

const { cuda, nn, optim } = torch;

/** A hundred steps; the learning rate and the small interval make the scale grow and fall. */
const mixed = (name: string, dtype: torch.Dtype, steps: number): ParityCase => ({
  name: `autocast in ${name} with GradScaler, ${steps} steps`,
  python: `
      net = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.BatchNorm2d(8), nn.LeakyReLU(0.2), nn.Flatten(), nn.Linear(512, 10))
      optimizer = optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
      scaler = torch.amp.GradScaler("${where}", init_scale=2.0**15, growth_interval=7)
      losses, scales = [], []
      for step in range(${steps}):
          x, target = torch.randn(16, 1, 8, 8), torch.randint(0, 10, (16,))
          optimizer.zero_grad()
          with torch.autocast("${where}", dtype=torch.${name}):
              loss = F.cross_entropy(net(x), target)
          scaler.scale(loss).backward()
          if step % 10 == 3:
              scaler.unscale_(optimizer)
          scaler.step(optimizer)
          scaler.update()
          losses.append(loss.detach())
          scales.append(scaler.get_scale())
      return {"losses": losses, "scales": scales, "net": dict(net.state_dict()), "scaler": scaler.state_dict()}`,
  ours: () => {
    const net = new nn.Sequential(
      new nn.Conv2d(1, 8, 3, { padding: 1 }),
      new nn.BatchNorm2d(8),
      new nn.LeakyReLU(0.2),
      new nn.Flatten(),
      new nn.Linear(512, 10),
    );
    const optimizer = new optim.SGD(net.parameters(), { lr: 0.05, momentum: 0.9 });
    const scaler = new torch.amp.GradScaler(where, { init_scale: 2 ** 15, growth_interval: 7 });
    const losses: torch.Tensor[] = [];
    const scales: number[] = [];
    for (let step = 0; step < steps; step++) {
      const [x, target] = [torch.randn([16, 1, 8, 8]), torch.randint(0, 10, [16])];
      optimizer.zero_grad();
      const loss = torch.autocast(where, { dtype }, () => nn.functional.cross_entropy(net(x), target));
      scaler.scale(loss).backward();
      if (step % 10 === 3) scaler.unscale_(optimizer);
      scaler.step(optimizer);
      scaler.update();
      losses.push(loss.detach());
      scales.push(scaler.get_scale());
    }
    return { losses, scales, net: state_of(net), scaler: { ...scaler.state_dict() } };
  },
});

parity('training', [
  mixed('float16', torch.float16, 100),
  mixed('bfloat16', torch.bfloat16, 20),
  {
    name: 'networks in channels_last',
    python: `
      net = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.ConvTranspose2d(8, 3, 4, 2, 1))
      net = net.to(memory_format=torch.channels_last)
      x = torch.randn(4, 3, 8, 8).to(memory_format=torch.channels_last)
      y = net(x)
      y.square().mean().backward()
      return {"y": y, "stride": list(y.stride()), "grads": grads_of(net)}`,
    ours: () => {
      const net = new nn.Sequential(
        new nn.Conv2d(3, 8, 3, { padding: 1 }),
        new nn.BatchNorm2d(8),
        new nn.ReLU(),
        new nn.ConvTranspose2d(8, 3, 4, 2, 1),
      );
      net.to({ memory_format: torch.channels_last });
      const x = torch.randn([4, 3, 8, 8]).to({ memory_format: torch.channels_last });
      const y = net(x) as torch.Tensor;
      y.square().mean().backward();
      const grads = Object.fromEntries([...net.named_parameters()].map(([name, p]) => [name, p.grad]));
      return { y, stride: y.stride(), grads };
    },
  },
]);

const optimizers = capturableNames.map(
  (name): ParityCase => ({
    name: `${name}(capturable)`,
    python: `return probe_optimizer(lambda net: optim.${name}(net.parameters(), lr=0.01, weight_decay=0.1, capturable=True))`,
    ours: () =>
      probe_optimizer(({ net }) =>
        capturable[name](net.parameters(), { lr: 0.01, weight_decay: 0.1, capturable: true }),
      ),
  }),
);

describeGpu('on a GPU', () => {
  parity('optimizers that can be captured', optimizers);

  parity('precision', [
    {
      name: 'TF32 of products and of convolutions',
      python: `
      a, b = torch.randn(256, 256), torch.randn(256, 256)
      x, w = torch.randn(8, 16, 32, 32), torch.randn(16, 16, 3, 3)
      out = []
      for on in (True, False):
          torch.backends.cuda.matmul.allow_tf32 = on
          torch.backends.cudnn.allow_tf32 = on
          out += [a @ b, F.conv2d(x, w)]
      return out`,
      ours: () => {
        const [a, b] = [torch.randn([256, 256]), torch.randn([256, 256])];
        const [x, w] = [torch.randn([8, 16, 32, 32]), torch.randn([16, 16, 3, 3])];
        return [true, false].flatMap((on): Value[] => {
          torch.backends.cuda.matmul.allow_tf32 = on;
          torch.backends.cudnn.allow_tf32 = on;
          return [a.matmul(b), nn.functional.conv2d(x, w)];
        });
      },
    },
  ]);

  it('modules move there and back', () => {
    const net = new nn.Sequential(new nn.Linear(3, 4), new nn.BatchNorm1d(4)).to('cpu');
    const before = [...net.parameters()].map((p) => p.detach().clone());
    net.to('cuda');
    expect([...net.parameters()].map((p) => String(p.device))).toEqual(Array(4).fill('cuda:0'));
    net.to('cpu');
    expect([...net.parameters()].every((p, i) => p.equal(before[i]!))).toBe(true);
  });

  it('the current device, and blocks of it', () => {
    cuda.set_device(0);
    expect([cuda.current_device(), cuda.device(0, () => cuda.current_device())]).toEqual([0, 0]);
    expect(() => cuda.set_device(cuda.device_count())).toThrow();
    expect(torch.ones([2]).sum().item()).toBe(2);
  });

  it('ranges for profilers nest', () => {
    const inside = cuda.nvtx.range('outer', () => {
      const depth = cuda.nvtx.range_push('inner');
      return [depth, cuda.nvtx.range_pop()];
    });
    expect(inside.every(Number.isInteger)).toBe(true);
  });
});
