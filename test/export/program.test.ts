/** Programs of torch.export: what they say of themselves, how they are called, and Python's words where a call is wrong. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'isotorch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build, entriesOf } from '../../parity/nn/export/archive.mjs';
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

/** The file with some bytes of its program changed, and the checksum left as it is. */
function changed(change: (text: string) => string): Uint8Array {
  return Buffer.from(change(readFileSync(file, 'latin1')), 'latin1');
}

/** The file with another program, and right checksums. */
function rebuilt(change: (text: string) => string, name = 'models/model.json'): Uint8Array {
  const entries = entriesOf(readFileSync(file));
  return build(
    entries.map((entry: { name: string; data: Buffer }) =>
      entry.name.endsWith(name) ? { ...entry, data: Buffer.from(change(entry.data.toString())) } : entry,
    ),
  );
}

function saved(): Uint8Array {
  const path = join(folder, 'saved.pt');
  torch.save({ a: 1 }, path);
  return readFileSync(path);
}

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

  it.each([
    [
      'a size',
      'torch.ones(9, 3), (x, x), scale=2.0, options=options',
      [torch.ones(9, 3), [x, x], { scale: 2, options }],
    ],
    [
      'two sizes',
      'x, (torch.ones(5, 3), x), scale=2.0, options=options',
      [x, [torch.ones(5, 3), x], { scale: 2, options }],
    ],
    ['a fixed size', 'x, (x, x), scale=2.0, options={"bias": x}', [x, [x, x], { scale: 2, options: { bias: x } }]],
    [
      'another fixed size',
      'x, (x, x), scale=2.0, options={"bias": torch.ones(2)}',
      [x, [x, x], { scale: 2, options: { bias: torch.ones(2) } }],
    ],
    ['a constant', 'x, (x, x), scale=3.0, options=options', [x, [x, x], { scale: 3, options }]],
    ['no tensor', 'x, (x, 1), scale=2.0, options=options', [x, [x, 1], { scale: 2, options }]],
  ] as [string, string, unknown[]][])('without guards, refuses %s in Python’s words', async (_, theirs, ours) => {
    const [, message] = (await python(`words(lambda: program.module(check_guards=False)(${theirs}))`)) as [
      string,
      string,
    ];
    const plain = (text: string) => text.replace(/got 3\.0$/, 'got 3');
    const module = load().module({ check_guards: false });
    expect(() => module(...ours)).toThrow(plain(message));
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

  it.each([
    ['no archive', () => Buffer.from('this is no archive'), /no end of a zip archive/],
    ['a part of an archive', () => readFileSync(file).subarray(0, 5000), /cut short/],
    ['a changed byte', () => changed((text) => text.replace('"aten"', '"bten"')), /is damaged: its CRC-32/],
    ['a file of torch.save', () => saved(), /it is an archive of torch.save: torch.load reads those/],
  ] as [string, () => Uint8Array, RegExp][])('names the fault of %s', (_, bytes, words) => {
    const path = join(folder, 'bad.pt2');
    writeFileSync(path, bytes());
    expect(() => torch.export.load(path)).toThrow(words);
    expect(() => torch.export.load(path)).toThrow(`torch.export.load: ${path}: `);
  });

  it('names every node that cannot run', () => {
    const bytes = rebuilt((text) =>
      text
        .replace('torch.ops.aten.linear.default', 'torch.ops.mine.linear.default')
        .replace('torch.ops.aten.batch_norm.default', 'torch.ops.higher_order.scan'),
    );
    expect(() => torch.export.load(bytes)).toThrow(
      /isotorch cannot run these nodes: linear \(torch\.ops\.mine\.linear\.default\): operator mine::linear does not exist .*; batch_norm \(torch\.ops\.higher_order\.scan\): this higher-order operator is not supported/s,
    );
  });

  it.each([
    [
      'another schema',
      (text: string) => text.replace('"major": 8', '"major": 7'),
      /schema version 7\.\d+, and isotorch reads version 8/,
    ],
    [
      'a value that is none',
      (text: string) => text.replace('"as_name": "sym_size_int_1"', '"as_name": 3'),
      /model\.json: graph\.outputs\[2\]\.as_sym_int\.as_name: expected a text, found 3/,
    ],
    [
      'a name that nobody made',
      (text: string) => text.replace('"name": "p_a_weight"', '"name": "q"'),
      /input 0 of the graph is not 'p_a_weight', which the signature has/,
    ],
    ['no JSON', (text: string) => `${text}}`, /models\/model\.json: it is not JSON/],
  ] as [string, (text: string) => string, RegExp][])('names the place of %s', (_, change, words) => {
    expect(() => torch.export.load(rebuilt(change))).toThrow(words);
  });

  it.each([
    [
      'an offset beyond the file',
      '"storage_offset": {"as_int": 0}',
      '"storage_offset": {"as_int": 9000}',
      /it reaches \d+ elements of torch\.float32 into data\/weights\/weight_0, which has 9/,
    ],
    [
      'a huge size',
      '"sizes": [{"as_int": 3}',
      '"sizes": [{"as_int": 9007199254740991}',
      /it reaches \d+ elements|expected a size/,
    ],
    ['a negative stride', '"strides": [{"as_int": 3}', '"strides": [{"as_int": -3}', /expected a size, found -3/],
    ['a pickle', '"use_pickle": false', '"use_pickle": true', /is a pickle of a tensor subclass/],
  ] as [string, string, string, RegExp][])('names the fault of weights with %s', (_, old, other, words) => {
    expect(() => torch.export.load(rebuilt((text) => text.replace(old, other), 'model_weights_config.json'))).toThrow(
      words,
    );
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
