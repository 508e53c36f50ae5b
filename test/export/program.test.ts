/** Programs of torch.export: what they say of themselves, how they are called, and Python's words where a call is wrong. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'isotorch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, live, skipReason } from '../support/parity';

const folder = mkdtempSync(join(tmpdir(), 'export-'));
const file = join(folder, 'net.pt2');
afterAll(() => rmSync(folder, { recursive: true }));

const SAVE = `
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(3, 3)
        self.b = nn.Linear(3, 3)
        self.b.weight = self.a.weight
        self.norm = nn.BatchNorm1d(3)
        self.register_buffer("mask", torch.ones(3), persistent=False)
        self.k = torch.tensor([1., 2., 3.])
    def forward(self, x, pair, *, scale=1.0, options):
        y = self.norm(self.b(self.a(x))) * self.mask * self.k * scale
        return {"y": y, "rest": (pair[0] + options["bias"], [x.shape[0], None])}
torch.manual_seed(3)
batch = torch.export.Dim("batch", min=2, max=8)
x = torch.randn(4, 3)
program = torch.export.export(
    Net(), (x, (x, x)), {"scale": 2.0, "options": {"bias": torch.ones(3)}},
    dynamic_shapes={"x": {0: batch}, "pair": ({0: batch}, {0: batch}), "scale": None, "options": {"bias": None}})
torch.export.save(program, path, extra_files={"note.txt": "a note"})
`;

/** What Python says of the same file: an expression of `program`, `module` and `call`. */
async function python(expression: string): Promise<unknown> {
  const code = `
import json, torch
program = torch.export.load(${JSON.stringify(file)})
module = program.module()
x = torch.randn(4, 3)
options = {"bias": torch.ones(3)}
def words(call):
    try:
        call()
    except Exception as error:
        return [type(error).__name__, str(error)]
return json.dumps(${expression})`;
  const answer = await ask({ code });
  if (answer.error !== undefined) throw new Error(answer.error.message);
  return JSON.parse((answer.out as unknown as { value: string }).value);
}

describe.skipIf(!live)(`a program${skipReason}`, () => {
  beforeAll(async () => {
    const answer = await ask({ code: `import torch\npath = ${JSON.stringify(file)}\n${SAVE}\nreturn None` });
    expect(answer.error).toBeUndefined();
  });

  const load = () => torch.export.load(file);
  const x = torch.randn(4, 3);
  const options = { bias: torch.ones(3) };

  it('has the state of Python’s', async () => {
    const module = load().module();
    const keys =
      'list(module.state_dict()), [n for n, _ in module.named_parameters()], [n for n, _ in module.named_buffers()]';
    expect(await python(`[${keys}]`)).toEqual([
      Object.keys(module.state_dict()),
      module.named_parameters().map(([name]) => name),
      module.named_buffers().map(([name]) => name),
    ]);
  });

  it('keeps tied weights on one memory', () => {
    const module = load().module();
    const [a, b] = [module.get_parameter('a.weight'), module.get_parameter('b.weight')];
    torch.no_grad(() => a.fill_(7));
    expect(b.tolist()).toEqual(a.tolist());
  });

  it('is called with nested inputs and keywords, and writes buffers back', () => {
    const module = load().module();
    const result = module(x, [x, x], { scale: 2, options }) as {
      y: torch.Tensor;
      rest: [torch.Tensor, [number, null]];
    };
    expect(result.y.shape).toEqual([4, 3]);
    expect(result.rest[1]).toEqual([4, null]);
    expect(module.get_buffer('norm.num_batches_tracked').item()).toBe(1);
    result.y.sum().backward();
    expect(module.get_parameter('norm.bias').grad?.tolist()).toEqual([8, 16, 24]);
  });

  it.each([
    [
      'a batch that is too large',
      'module(torch.ones(9, 3), (x, x), scale=2.0, options=options)',
      [torch.ones(9, 3), [x, x], { scale: 2, options }],
    ],
    [
      'two batches',
      'module(x, (torch.ones(5, 3), x), scale=2.0, options=options)',
      [x, [torch.ones(5, 3), x], { scale: 2, options }],
    ],
    [
      'a fixed size',
      'module(torch.ones(4, 2), (x, x), scale=2.0, options=options)',
      [torch.ones(4, 2), [x, x], { scale: 2, options }],
    ],
    ['a constant', 'module(x, (x, x), scale=3.0, options=options)', [x, [x, x], { scale: 3, options }]],
    ['no keywords', 'module(x, (x, x))', [x, [x, x]]],
    ['another structure', 'module(x, (x, x), scale=2.0, options=(x,))', [x, [x, x], { scale: 2, options: [x] }]],
    ['too few in a tuple', 'module(x, (x,), scale=2.0, options=options)', [x, [x], { scale: 2, options }]],
    [
      'a rank',
      'module(torch.ones(4), (x, x), scale=2.0, options=options)',
      [torch.ones(4), [x, x], { scale: 2, options }],
    ],
  ] as [string, string, unknown[]][])('refuses %s in Python’s words', async (_, theirs, ours) => {
    const [type, message] = (await python(`words(lambda: ${theirs})`)) as [string, string];
    const module = load().module();
    let error: Error | undefined;
    try {
      module(...ours);
    } catch (thrown) {
      error = thrown as Error;
    }
    // A JavaScript array may be a tuple or a list: the structure that is shown is the nearest.
    const plain = (text: string) => text.replaceAll('list, None', 'tuple, None');
    expect(plain(error?.message ?? 'no error')).toBe(plain(message));
    expect(error?.name).toBe({ IndexError: 'RangeError' }[type] ?? type);
  });

  it('refuses train() and eval() as Python does', () => {
    const module = load().module();
    expect(() => module.train()).toThrow('Calling train() is not supported yet.');
    expect(() => module.eval()).toThrow('Calling eval() is not supported yet.');
  });

  it('says what it is', async () => {
    const program = load();
    const { graph_signature: signature } = program;
    const theirs =
      'list(s.parameters), list(s.buffers), list(s.non_persistent_buffers), list(s.lifted_tensor_constants), list(s.user_inputs), list(s.user_outputs)';
    expect(await python(`(lambda s: [${theirs}])(program.graph_signature)`)).toEqual([
      signature.parameters,
      signature.buffers,
      signature.non_persistent_buffers,
      signature.lifted_tensor_constants,
      signature.user_inputs,
      signature.user_outputs,
    ]);
    expect(program.range_constraints).toEqual({
      [Object.keys(program.range_constraints)[0] as string]: { min: 2, max: 8 },
    });
    expect(program.dialect).toBe('TRAINING');
    expect(String(program)).toContain("p_a_bias: PARAMETER target='a.bias'");
  });

  it('is read from bytes, with the texts beside it', () => {
    const extra_files: Record<string, string> = {};
    const program = torch.export.load(readFileSync(file), { extra_files });
    expect(extra_files['note.txt']).toBe('a note');
    expect(program.named_parameters()).toHaveLength(6);
  });

  it('frees what a call made, also where it fails', () => {
    const module = load().module();
    const call = () => torch.scope(() => void module(x, [x, x], { scale: 2, options }));
    call();
    const before = torch.memory_stats().live_tensors;
    for (let i = 0; i < 5; i++) call();
    expect(torch.memory_stats().live_tensors).toBe(before);
  });
});
