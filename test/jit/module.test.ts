/** Modules of TorchScript: the same numbers, gradients, states and words as in Python, from the same file. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'isotorch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, live, skipReason } from '../support/parity';

const folder = mkdtempSync(join(tmpdir(), 'jit-'));
const file = join(folder, 'net.pt');
afterAll(() => rmSync(folder, { recursive: true }));

// TorchScript reads its functions' source from a file.
const SOURCE = `
import torch
from torch import nn
from typing import Dict, List, Optional, Tuple

class Counted(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 4)
        self.norm = nn.BatchNorm1d(4)
        self.drop = nn.Dropout(0.3)
        self.register_buffer("count", torch.zeros(1))

    def forward(self, x):
        self.count = self.count + 1
        return self.drop(self.norm(self.linear(x)).relu())

class Net(nn.Module):
    scale: float

    def __init__(self):
        super().__init__()
        self.a = Counted()
        self.b = nn.Linear(4, 4)
        self.b.weight = self.a.linear.weight
        self.scale = 2.0
        self.words = ["x", "y"]

    def forward(self, x, y: int = 2, options: Optional[Dict[str, torch.Tensor]] = None, pair: Tuple[int, float] = (1, 0.5)):
        if options is not None:
            x = x + options["k"]
        return self.b(self.a(x)) * y * self.scale, {"p": pair[1]}, [x, x * 2]

    @torch.jit.export
    def lists(self, a: List[int], f: List[float], t: List[torch.Tensor]) -> Tuple[int, float, str]:
        return sum(a), sum(f), "n" + str(len(t))

    @torch.jit.export
    def numbers(self, a: Dict[int, float], b: complex, c: Optional[int]) -> Tuple[Dict[int, float], complex, Optional[int]]:
        return a, b * 1j, c

    @torch.jit.export
    def fail(self, x: int):
        if x > 1:
            raise ValueError("too large: " + str(x))
        return x

    @torch.jit.export
    def made(self, device: torch.device, dtype: torch.dtype):
        return torch.zeros(2, device=device, dtype=dtype), device
`;

/** A value that Python computes of \`m\`, the loaded module, as JSON. */
async function python(lines: string): Promise<unknown> {
  const code = `import json, torch\nm = torch.jit.load(${JSON.stringify(file)})\n${lines}`;
  const answer = await ask({ code });
  if (answer.error !== undefined) throw new Error(answer.error.message);
  return JSON.parse((answer.out as unknown as { value: string }).value);
}

describe.skipIf(!live)(`a module of TorchScript${skipReason}`, () => {
  beforeAll(async () => {
    writeFileSync(join(folder, 'scripted_net.py'), SOURCE);
    const code = `
import sys, torch
sys.path.insert(0, ${JSON.stringify(folder)})
import scripted_net
torch.manual_seed(0)
torch.jit.script(scripted_net.Net()).save(${JSON.stringify(file)}, _extra_files={"note.txt": "a note"})
return None`;
    expect((await ask({ code })).error).toBeUndefined();
  });

  // As Python's snippets have it.
  beforeAll(() => torch.set_num_threads(1));

  const load = () => torch.jit.load(file);

  it('gives Python’s numbers, gradients and states over training steps', async () => {
    const theirs = await python(`
torch.manual_seed(1)
lines = [list(m.state_dict()), [n for n, _ in m.named_parameters()]]
optimizer = torch.optim.SGD(m.parameters(), lr=0.1)
for step in range(4):
    x = torch.randn(5, 4)
    y, p, (a, b) = m(x, y=3, options={"k": torch.ones(4)})
    optimizer.zero_grad()
    y.square().mean().backward()
    lines.append([y.tolist(), p, b.tolist(), [p.grad.tolist() for p in m.parameters()]])
    optimizer.step()
m.eval()
return json.dumps([*lines, m(torch.ones(2, 4))[0].tolist(), {k: v.tolist() for k, v in m.state_dict().items()}])`);
    const m = load();
    torch.manual_seed(1);
    const lines: unknown[] = [Object.keys(m.state_dict()), m.named_parameters().map(([name]) => name)];
    const optimizer = new torch.optim.SGD(m.parameters(), { lr: 0.1 });
    for (let step = 0; step < 4; step++) {
      const x = torch.randn(5, 4);
      const [y, p, [, b]] = m(x, { y: 3, options: { k: torch.ones(4) } }) as [torch.Tensor, object, torch.Tensor[]];
      optimizer.zero_grad();
      y.square().mean().backward();
      lines.push([y.tolist(), p, b?.tolist(), m.parameters().map((each) => each.grad?.tolist())]);
      optimizer.step();
    }
    m.eval();
    const [last] = m(torch.ones(2, 4)) as [torch.Tensor];
    const state = Object.entries(m.state_dict()).map(([name, tensor]) => [name, tensor.tolist()]);
    expect([...lines, last.tolist(), Object.fromEntries(state)]).toEqual(theirs);
  });

  it('passes lists, dictionaries, complex numbers, devices and dtypes', () => {
    const m = load() as unknown as Record<string, (...args: unknown[]) => unknown> & { words: string[]; scale: number };
    expect(m.lists!([1, 2], [0.5, 1], [torch.ones(1)])).toEqual([3, 1.5, 'n1']);
    expect(m.numbers!(new Map([[1, 2]]), { re: 1, im: 2 }, null)).toEqual([new Map([[1, 2]]), { re: -2, im: 1 }, null]);
    const [zeros, device] = m.made!(torch.device('cpu'), torch.float64) as [torch.Tensor, torch.Device];
    expect([zeros.dtype, String(device)]).toEqual([torch.float64, 'cpu']);
    expect([m.words, m.scale]).toEqual([['x', 'y'], 2]);
  });

  it('has shared weights once, and sees what is loaded into them', () => {
    const m = load();
    expect(m.get_parameter('b.weight')).toBe(m.get_parameter('a.linear.weight'));
    const zeros = Object.fromEntries(
      Object.entries(m.state_dict()).map(([name, value]) => [name, torch.zeros_like(value)]),
    );
    m.load_state_dict(zeros);
    const [y] = m(torch.ones(2, 4)) as [torch.Tensor];
    expect(y.abs().sum().item()).toBe(0);
    expect(() => m.load_state_dict({})).toThrow(/Missing key\(s\) in state_dict: "a.count"/);
  });

  it('goes to another dtype, is saved, and is read by Python', async () => {
    const m = load();
    m.to(torch.float64).eval();
    const [y] = m(torch.ones([2, 4], { dtype: torch.float64 })) as [torch.Tensor];
    const copy = join(folder, 'copy.pt');
    torch.jit.save(m, copy, { _extra_files: { 'a.txt': 'b' } });
    const theirs = await python(`
extra = {"a.txt": ""}
c = torch.jit.load(${JSON.stringify(copy)}, _extra_files=extra)
c(torch.ones(2, 4, dtype=torch.float64))
return json.dumps([extra["a.txt"].decode() if isinstance(extra["a.txt"], bytes) else extra["a.txt"], c(torch.ones(2, 4, dtype=torch.float64))[0].tolist(), c.training])`);
    expect(theirs).toEqual(['b', y.tolist(), false]);
  });

  it('is read from bytes, with the texts beside it', () => {
    const extra: Record<string, string> = { 'note.txt': '' };
    const m = torch.jit.load(readFileSync(file), { map_location: 'cpu', _extra_files: extra });
    expect(extra).toEqual({ 'note.txt': 'a note' });
    expect(m.original_name).toBe('Net');
    expect(String(m)).toContain('(a): RecursiveScriptModule(\n    original_name=Counted');
  });

  it.each([
    ['another type', 'm(3)', [3]],
    ['too few', 'm()', []],
    ['a float for an int', 'm(torch.ones(1, 4), 1.5)', [torch.ones(1, 4), 1.5]],
  ] as [string, string, unknown[]][])('refuses %s in Python’s words', async (_, theirs, ours) => {
    const message = (await python(`
try:
    ${theirs}
except Exception as error:
    return json.dumps(str(error))`)) as string;
    // Python's also show its own object.
    const plain = message.split('\n').filter((line) => !/^(Value|Cast error details):/.test(line));
    const m = load();
    expect(() => m(...ours)).toThrow(plain.join('\n'));
  });

  it('carries what a script raises', () => {
    const m = load() as unknown as { fail(x: number): number };
    expect(m.fail(1)).toBe(1);
    expect(() => m.fail(3)).toThrow(/too large: 3/);
  });

  it('refuses values that TorchScript has not, and nests without end', () => {
    const m = load();
    expect(() => m(() => 1)).toThrow('a value of type function cannot be passed to TorchScript');
    const circle: unknown[] = [];
    circle.push(circle);
    expect(() => m(circle)).toThrow(/at most 200 levels deep/);
  });

  it('names files that hold no TorchScript', () => {
    const text = join(folder, 'text.pt');
    writeFileSync(text, 'this is no archive');
    expect(() => torch.jit.load(text)).toThrow(`torch.jit.load: ${text}: `);
    expect(() => torch.jit.load(join(folder, 'none.pt'))).toThrow(/no such file|No such file/);
    const bytes = readFileSync(file);
    expect(() => torch.jit.load(bytes.subarray(0, bytes.length / 2))).toThrow('torch.jit.load: the given bytes: ');
    expect(() => torch.jit.load(3 as never)).toThrow(/expected the path of a file or a Uint8Array, not int/);
  });
});
