// torch.autocast and torch.GradScaler against Python, bit for bit.
import * as torch from 'isotorch';
import { afterEach, describe, expect, it } from 'vitest';
import { errorOf } from '../support/errors';
import { parity } from '../support/parity';
import { agree } from '../support/expressions';

const { nn, optim } = torch;
const F = torch.nn.functional;

parity('autocast on the CPU', [
  {
    name: 'linear, convolution and softmax in bfloat16, forward and backward',
    python: `
      conv = nn.Conv2d(3, 8, 3, padding=1)
      linear = nn.Linear(8 * 6 * 6, 5)
      x = torch.randn(4, 3, 6, 6, requires_grad=True)
      with torch.autocast('cpu', dtype=torch.bfloat16):
          hidden = conv(x).relu()
          logits = linear(hidden.flatten(1))
          probabilities = logits.softmax(1)
          loss = F.cross_entropy(logits, torch.arange(4))
          mixed = torch.mm(logits, torch.randn(5, 2)).exp() + 1
      loss.backward()
      grads = [p.grad for p in [*conv.parameters(), *linear.parameters()]]
      return [hidden, logits, probabilities, loss, mixed, x.grad, grads, torch.is_autocast_enabled('cpu')]`,
    ours: () => {
      const conv = new nn.Conv2d(3, 8, 3, { padding: 1 });
      const linear = new nn.Linear(8 * 6 * 6, 5);
      const x = torch.randn(4, 3, 6, 6, { requires_grad: true });
      const results = torch.autocast('cpu', { dtype: torch.bfloat16 }, () => {
        const hidden = conv.call(x).relu();
        const logits = linear.call(hidden.flatten(1));
        const loss = F.cross_entropy(logits, torch.arange(4));
        return [hidden, logits, logits.softmax(1), loss, torch.mm(logits, torch.randn(5, 2)).exp().add(1)];
      });
      results[3]!.backward();
      const grads = [...conv.parameters(), ...linear.parameters()].map((p) => p.grad!);
      return [...results, x.grad!, grads, torch.is_autocast_enabled('cpu')];
    },
  },
  {
    name: 'nesting, switching off inside, float16, without the cache',
    python: `
      w = torch.randn(4, 4, requires_grad=True)
      out = []
      with torch.autocast('cpu', dtype=torch.float16, cache_enabled=False):
          out.append(w @ w)
          with torch.autocast('cpu', enabled=False):
              out.append(w @ w)
              out.append(torch.is_autocast_enabled('cpu'))
          out.append(str(torch.get_autocast_dtype('cpu')))
          out.append(torch.is_autocast_cache_enabled())
      out.append(torch.is_autocast_cache_enabled())
      out.append(str(torch.get_autocast_dtype('cpu')))
      return out`,
    ours: () => {
      const w = torch.randn(4, 4, { requires_grad: true });
      const out: (torch.Tensor | boolean | string)[] = [];
      torch.autocast('cpu', { dtype: torch.float16, cache_enabled: false }, () => {
        out.push(w.matmul(w));
        torch.autocast('cpu', { enabled: false }, () => {
          out.push(w.matmul(w), torch.is_autocast_enabled('cpu'));
        });
        out.push(String(torch.get_autocast_dtype('cpu')), torch.is_autocast_cache_enabled());
      });
      return [...out, torch.is_autocast_cache_enabled(), String(torch.get_autocast_dtype('cpu'))];
    },
  },
  {
    name: 'GradScaler: steps, an overflow, growth, its state',
    python: `
      net = nn.Linear(4, 2)
      optimizer = optim.SGD(net.parameters(), lr=0.1)
      scaler = torch.GradScaler('cpu', init_scale=1024.0, growth_interval=2)
      scales = []
      for i in range(5):
          optimizer.zero_grad()
          loss = net(torch.randn(3, 4)).square().sum() * (float('inf') if i == 3 else 1.0)
          scaler.scale(loss).backward()
          if i == 1:
              scaler.unscale_(optimizer)
          scaler.step(optimizer)
          scaler.update()
          scales.append(scaler.get_scale())
      return {"params": list(net.parameters()), "scales": scales, "state": scaler.state_dict()}`,
    ours: () => {
      const net = new nn.Linear(4, 2);
      const optimizer = new optim.SGD(net.parameters(), { lr: 0.1 });
      const scaler = new torch.GradScaler('cpu', { init_scale: 1024, growth_interval: 2 });
      const scales: number[] = [];
      for (let i = 0; i < 5; i++) {
        optimizer.zero_grad();
        const loss = net.call(torch.randn(3, 4)).square().sum();
        scaler.scale(loss.mul(i === 3 ? Number.POSITIVE_INFINITY : torch.asFloat(1))).backward();
        if (i === 1) scaler.unscale_(optimizer);
        scaler.step(optimizer);
        scaler.update();
        scales.push(scaler.get_scale());
      }
      return { params: [...net.parameters()], scales, state: { ...scaler.state_dict() } };
    },
  },
]);

describe('autocast', () => {
  afterEach(() => expect(torch.is_autocast_enabled('cpu')).toBe(false));

  it('is off again after an error, and refuses asynchronous functions', () => {
    const failing = () =>
      torch.autocast('cpu', () => {
        throw new RangeError('inside');
      });
    expect(errorOf(failing).message).toBe('inside');
    expect(errorOf(() => torch.autocast('cpu', async () => 1)).message).toMatch(
      /^autocast\(\): the function returned a promise/,
    );
  });

  it('says what it cannot do, in words of Python', () => {
    const messages = [
      () => torch.autocast('meta', () => 1),
      () => torch.autocast(3 as never, () => 1),
      () => torch.set_autocast_dtype('cpu', 3 as never),
      () => torch.set_autocast_enabled('cpu' as never),
      () => torch.is_autocast_enabled('nothing'),
      () => torch.get_autocast_dtype(3 as never),
    ].map((call) => errorOf(call).message);
    expect(messages).toEqual([
      'unsupported scalarType',
      'Expected `device_type` of type `str`, got: `int`',
      "set_autocast_dtype(): argument 'dtype' (position 2) must be torch.dtype, not int",
      "set_autocast_enabled(): argument 'enabled' (position 1) must be bool, not str",
      expect.stringMatching(/^Expected one of cpu, cuda, .* device type at start of device string: nothing$/),
      "get_autocast_dtype(): argument 'device_type' (position 1) must be str, not int",
    ]);
  });

  it('has the old names for each kind of device', () => {
    torch.set_autocast_cpu_enabled(true);
    torch.set_autocast_cpu_dtype(torch.float16);
    expect([torch.is_autocast_cpu_enabled(), torch.get_autocast_cpu_dtype()]).toEqual([true, torch.float16]);
    torch.set_autocast_cpu_enabled(false);
    torch.set_autocast_cpu_dtype(torch.bfloat16);
    expect([torch.autocast_increment_nesting(), torch.autocast_decrement_nesting()]).toEqual([1, 0]);
  });
});

const scaler = `
s = torch.GradScaler("cpu", init_scale=8.0)
p = torch.ones(2, requires_grad=True)
o = torch.optim.SGD([p], lr=0.5)
s.scale(p)
def step(grad, *args):
    p.grad = grad
    return [s.step(o, *args), p.detach()]
def updated(scale):
    s.update(scale)
    return s.get_scale()
def inside(enabled):
    with torch.autocast("cpu", enabled=enabled):
        return p @ p`;

function scaled() {
  const s = new torch.GradScaler('cpu', { init_scale: 8 });
  const p = torch.ones([2], { requires_grad: true });
  const o = new optim.SGD([p], { lr: 0.5 });
  s.scale(p);
  const step = (grad: torch.Tensor | null, closure?: () => number) => {
    p.grad = grad;
    return [s.step(o, closure) as number | null, p.detach()];
  };
  const updated = (scale: number | torch.Float | null) => {
    s.update(scale);
    return s.get_scale();
  };
  return { s, o, step, updated };
}

agree('a scaler without gradients, with closures, with a scale', scaler, [
  ['step(None)', () => scaled().step(null)],
  [
    '[s.unscale_(o), s.step(o)]',
    () => {
      const { s, o } = scaled();
      s.unscale_(o);
      return s.step(o) as null;
    },
  ],
  ['updated(None)', () => scaled().updated(null)],
  ['step(torch.ones(2), lambda: 1)', () => scaled().step(torch.ones(2), () => 1)],
  ['updated(2.0)', () => scaled().updated(torch.asFloat(2))],
  ['inside(1)', () => torch.autocast('cpu', { enabled: 1 as never }, () => 1)],
  ['inside(None)', () => torch.autocast('cpu', { enabled: null as never }, () => 1)],
]);
