// Every function, class and method, called wrongly in each way that Python can say of it: the words are live Python's.
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { className } from '../../reference/errors.mjs';
import { ask, live, skipReason } from '../support/parity';

type Call = (...args: unknown[]) => unknown;
type Made = new (...args: unknown[]) => object;

const { nn, optim } = torch;

/** Callees of a room, by Python's name. */
type Callees = ReadonlyMap<string, Call>;

const isClass = (value: unknown): value is Made =>
  typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));

/** Functions, classes and static methods of a namespace and of those in it. */
function* functionsOf(space: object, prefix: string): Generator<[string, Call]> {
  for (const [key, value] of Object.entries(space)) {
    const name = `${prefix}.${key}`;
    if (isClass(value)) {
      yield [name, (...args) => new value(...args)];
      for (const [own, { value: method }] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
        if (typeof method === 'function') yield [`${name}.${own}`, (...args) => Reflect.apply(method, value, args)];
      }
    } else if (typeof value === 'function') yield [name, (...args) => value(...args)];
    else if (
      typeof value === 'object' &&
      value !== null &&
      [Object.prototype, null].includes(Object.getPrototypeOf(value))
    )
      yield* functionsOf(value, name);
  }
}

/** Methods of the object that `make` makes; `python` makes it in Python. */
function* methodsOf(python: string, make: () => object): Generator<[string, Call]> {
  const names = new Set<string>();
  for (let owner: object | null = make(); owner !== null; owner = Object.getPrototypeOf(owner)) {
    if (owner === Object.prototype || owner === Function.prototype) break;
    // The end of a tensor's chain is a Proxy for x[0].
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(owner))) {
      if (typeof value === 'function' && name !== 'constructor') names.add(name);
    }
  }
  for (const name of names) {
    yield [`${python}.${name}`, (...args) => (make() as Record<string, Call>)[name]?.(...args)];
  }
}

const leaf = () => torch.ones(2, { requires_grad: true });

const { lr_scheduler } = optim;

/** Schedulers: how Python makes them, but for the optimizer. */
const schedules: Record<string, (optimizer: torch.optim.SGD) => object> = {
  'lr_scheduler.LambdaLR(abs)': (o) => new lr_scheduler.LambdaLR(o, () => 1),
  'lr_scheduler.MultiplicativeLR(abs)': (o) => new lr_scheduler.MultiplicativeLR(o, () => 1),
  'lr_scheduler.StepLR(1)': (o) => new lr_scheduler.StepLR(o, 1),
  'lr_scheduler.MultiStepLR([1])': (o) => new lr_scheduler.MultiStepLR(o, [1]),
  'lr_scheduler.ConstantLR()': (o) => new lr_scheduler.ConstantLR(o),
  'lr_scheduler.LinearLR()': (o) => new lr_scheduler.LinearLR(o),
  'lr_scheduler.ExponentialLR(1)': (o) => new lr_scheduler.ExponentialLR(o, 1),
  'lr_scheduler.PolynomialLR()': (o) => new lr_scheduler.PolynomialLR(o),
  'lr_scheduler.CosineAnnealingLR(1)': (o) => new lr_scheduler.CosineAnnealingLR(o, 1),
  'lr_scheduler.CosineAnnealingWarmRestarts(1)': (o) => new lr_scheduler.CosineAnnealingWarmRestarts(o, 1),
  'lr_scheduler.CyclicLR(1, 2)': (o) => new lr_scheduler.CyclicLR(o, 1, 2),
  'lr_scheduler.OneCycleLR(1, 9)': (o) => new lr_scheduler.OneCycleLR(o, 1, 9),
  'lr_scheduler.ReduceLROnPlateau()': (o) => new lr_scheduler.ReduceLROnPlateau(o),
  'swa_utils.SWALR(1)': (o) => new optim.swa_utils.SWALR(o, 1),
};

const objects: Record<string, () => object> = {
  'nn.Module()': () => new (class extends nn.Module {})(),
  'nn.Linear(2, 2)': () => new nn.Linear(2, 2),
  'nn.Conv2d(1, 1, 1)': () => new nn.Conv2d(1, 1, 1),
  'nn.ConvTranspose2d(1, 1, 1)': () => new nn.ConvTranspose2d(1, 1, 1),
  'nn.BatchNorm1d(2)': () => new nn.BatchNorm1d(2),
  'nn.BatchNorm2d(2)': () => new nn.BatchNorm2d(2),
  'nn.Embedding(2, 2)': () => new nn.Embedding(2, 2),
  'nn.EmbeddingBag(2, 2)': () => new nn.EmbeddingBag(2, 2),
  'nn.InstanceNorm1d(2)': () => new nn.InstanceNorm1d(2),
  'nn.SyncBatchNorm(2)': () => new nn.SyncBatchNorm(2),
  'nn.AdaptiveLogSoftmaxWithLoss(2, 3, [1])': () => new nn.AdaptiveLogSoftmaxWithLoss(2, 3, [1]),
  'nn.Unflatten(1, (1, 2))': () => new nn.Unflatten(1, [1, 2]),
  ...Object.fromEntries(
    [
      ...([
        'Dropout',
        'Flatten',
        'ReLU',
        'LeakyReLU',
        'Sigmoid',
        'Tanh',
        'Sequential',
        'ModuleList',
        'ModuleDict',
      ] as const),
      ...(['ParameterList', 'ParameterDict'] as const),
      ...(['L1Loss', 'MSELoss', 'BCELoss', 'BCEWithLogitsLoss', 'CrossEntropyLoss'] as const),
    ].map((name) => [`nn.${name}()`, () => new (nn[name] as Made)()]),
  ),
  ...Object.fromEntries(
    (['Adam', 'AdamW', 'SGD', 'RMSprop'] as const).map((name) => [
      `optim.${name}([torch.ones(2, requires_grad=True)])`,
      () => new (optim[name] as Made)([leaf()]),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(schedules).map(([arguments_, make]) => [
      `optim.${arguments_.replace('(', '(optim.SGD([torch.ones(2, requires_grad=True)], momentum=0.9), ')}`,
      () => make(new optim.SGD([leaf()], { momentum: 0.9 })),
    ]),
  ),
  'optim.swa_utils.AveragedModel(nn.Linear(2, 2))': () => new optim.swa_utils.AveragedModel(new nn.Linear(2, 2)),
  'nn.utils.rnn.PackedSequence(torch.ones(2), torch.tensor([2]))': () =>
    new nn.utils.rnn.PackedSequence(torch.ones(2), torch.tensor([2n])),
  'torch.ones(2)': () => torch.ones(2),
  'nn.Parameter(torch.ones(2))': () => new nn.Parameter(torch.ones(2)),
  'torch.ones(2).untyped_storage()': () => torch.ones(2).untyped_storage(),
  'torch.ones(2).storage()': () => torch.ones(2).storage(),
  'torch.amp.GradScaler("cpu")': () => new torch.amp.GradScaler('cpu'),
  'torch.ones(2, requires_grad=True).register_hook(print)': () => leaf().register_hook(() => null),
};

const { default: _default, ops: _ops, ...names } = torch;
const rooms: Record<string, () => Callees> = {
  torch: () => new Map(functionsOf(names, 'torch')),
  ...Object.fromEntries(
    Object.entries(objects).map(([python, make]) => [python, () => new Map(methodsOf(python, make))]),
  ),
};

/** Why a callee says something else, for names that match. */
const REASONS: readonly [names: RegExp, reason: string][] = [
  [
    /^torch\.(autograd\.(grad_mode\.|anomaly_mode\.)?)?(autocast|enable_grad|inference_mode|no_grad|set_grad_enabled|detect_anomaly|set_detect_anomaly)\(/,
    'a with-block: it takes the block as a function, at the end or alone',
  ],
  [
    /^torch\.(amp\.autocast|random\.fork_rng|nn\.attention\.sdpa_kernel|autograd\.(grad_mode\.)?set_multithreading_enabled)\(/,
    'a with-block',
  ],
  [/^torch\.autograd\.forward_ad\.(_set_fwd_grad_enabled|dual_level)\(/, 'a with-block'],
  [/^torch\.autograd\.graph\.(disable_saved_tensors_hooks|save_on_cpu|saved_tensors_hooks)\(/, 'a with-block'],
  [/^torch\.backends\.\w+\.flags\(/, 'a with-block'],
  [/^torch\.nn\.utils\.parametrize\.cached\(/, 'a with-block'],
  [/^torch\.nn\.utils\.skip_init\(/, 'takes what the class takes'],
  [/^torch\.(accelerator\.device_index|sparse\.check_sparse_tensor_invariants)\(/, 'a with-block'],
  [/^torch\.(cpu|cuda|mtia|xpu)\.(device|device_of|stream)\(/, 'a with-block'],
  [/^torch\.cuda\.(graph|nvtx\.range)\(/, 'a with-block'],
  [/^torch\.cuda\.ExternalStream\(.*no_such_name/, 'Python takes any keyword there, and does nothing with it'],
  [/^torch\.(cpu|cuda|mps|xpu)\.(Event|Stream)\(/, 'torch.Stream and torch.Event, which C writes, stand for each kind'],
  [/^torch\.backends\.mkldnn\.is_available\(/, 'a function here, a method of the module in Python'],
  [/^torch\.random\.Generator\(/, 'torch.Generator; in Python that of the module typing'],
  [/^torch\.autograd\.graph\.Node\(/, 'is made by operations only, and says so'],
  [
    /^torch\.(export\.(ExportGraphSignature|ExportedProgram)|jit\.RecursiveScriptModule)\(/,
    'is made by load only, and says so',
  ],
  [/^torch\.(func\.(linearize|vjp)|utils\.checkpoint\.checkpoint|jit\.save)\(.*\{/, 'an object may be what is given'],
  [/^torch\.(serialization\.)?load\(1,1,1,1,\{"no_such_name/, 'Python takes any keyword there, for its unpickler'],
  [/^torch\.autograd\.Function\.(backward|jvp|vmap)\(/, 'only say that a custom function has to write them'],
  [
    /^nn\.\w+\(\)\.forward\([\s\S]*(is missing the required "forward" function|should not be called)/,
    'only says that a module has to write it',
  ],
  [/^torch\.(is_storage|is_tensor|typename)\(/, 'are handed to every, filter and map, with an index and a list'],
  [/^torch\.nn\.(modules\.container\.)?(Sequential|ModuleDict|ParameterDict)\(/, 'an object is a dict of modules'],
  [
    /^torch\.((cuda\.)?(AcceleratorError|OutOfMemoryError)|linalg\.LinAlgError|utils\.checkpoint\.CheckpointError)\(/,
    'classes of JavaScript errors',
  ],
  [/^torch\.(Generator|Event|Stream|mtia\.Event|mtia\.Stream)\(1,/, 'the device is looked at before the keyword'],
  [/\.(is_pinned|pin_memory)\(1,/, 'the device is looked at before the keyword'],
  [/^torch\.(as_tensor|tensor|device)\(\{/, 'an object may be what is given'],
  [/^torch\.(asarray|range)\(/, 'written by hand: names what is wrong in other words'],
  [/^torch\.\w*Tensor\(|\.new\(/, 'old constructors, which take keywords in no form but one'],
  [/\.__(abs|neg|pos)__\(/, 'other names of abs, neg and positive'],
  [
    /\.(copy_|cuda|ipu|mtia|nonzero|record_stream|set_|type|xpu)\(/,
    'written by hand: names what is wrong in other words',
  ],
  [/^optim\.(lr_scheduler|swa_utils)\..*\)\._\w+\(/, "a private step of the class's own"],
  [/^torch\.Size\(/, 'tuple in Python, which C writes'],
  [/\.__(del|get|set)item__\(/, 'C writes them; keywords are refused in other words'],
];

/** What is said of names and numbers of arguments. The rest, about types and values, is for other tests. */
const OF_CALLING = /positional argument|keyword|multiple values|takes no |exactly one argument/;

/** Calls each callee that Python can describe in all wrong ways; answers with what Python says. */
const SWEEP = `
import inspect, json, re
import torch.nn.utils.prune
def signature(name):
  try:
    return inspect.signature(eval(name))
  except Exception:
    return None
def say(name, args, keywords):
  try:
    eval(name)(*args, **keywords)
  except BaseException as error:
    return [type(error).__name__, str(error)]
def wrong(found):
  every = list(found.parameters.values())
  of = lambda *kinds: [p for p in every if p.kind in kinds]
  P = inspect.Parameter
  positional = of(P.POSITIONAL_ONLY, P.POSITIONAL_OR_KEYWORD)
  named = [p.name for p in of(P.POSITIONAL_OR_KEYWORD)]
  needed = [p for p in positional if p.default is P.empty]
  keys = {p.name: 1 for p in of(P.KEYWORD_ONLY) if p.default is P.empty}
  ones = lambda count: [1] * count
  unknown = {'no_such_name': 1}
  if not of(P.VAR_POSITIONAL):
    yield ones(len(positional) + 1), {}
    yield ones(len(positional) + 1), unknown
    for p in of(P.KEYWORD_ONLY)[:1]: yield ones(len(positional) + 1), {p.name: 1}
  if not of(P.VAR_KEYWORD):
    yield ones(len(needed)), {**keys, **unknown}
    yield [], {**{name: 1 for name in [*named, *(p.name for p in of(P.KEYWORD_ONLY))] if name != '_internal'}, **unknown}
  for name in {named[0], named[-1]} if named else []: yield ones(len(positional)), {name: 1}
  for given in range(len(needed)): yield ones(given), {}
  if len(needed) > 1: yield [], {needed[-1].name: 1}
  if keys: yield ones(len(needed)), {}
many, unknown = [1] * 14, {'no_such_name': 1}
of_c = [([], unknown), ([1], unknown), (many, {}), (many, unknown)]
def is_callable(name):
  try:
    return callable(eval(name))
  except Exception:
    return False
answer = {}
for name in json.loads(names):
  found = signature(name)
  calls = wrong(found) if found is not None else of_c if is_callable(name) else []
  answer[name] = [(args, keys, say(name, args, keys)) for args, keys in calls]
return json.dumps(answer)`;

type Wrong = readonly [args: unknown[], keywords: Record<string, unknown>, said: [string, string] | null];

function outcome(call: () => unknown): string {
  try {
    call();
    return 'takes it';
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

/** A method that C writes names its class, or that of the object: it depends on how Python's interpreter came to call it. */
const withoutClass = (words: string): string => words.replace(/: \w+\.(\w+\(\) takes (no|exactly) )/, ': $1');

/** What is said otherwise here, as lines. */
function differences(callees: Callees, wrong: Readonly<Record<string, readonly Wrong[]>>): string[] {
  const found: string[] = [];
  for (const [name, calls] of Object.entries(wrong)) {
    for (const [args, keywords, said] of calls) {
      if (said === null || !OF_CALLING.test(said[1])) continue;
      const theirs = withoutClass(`${className(said[0])}: ${said[1]}`);
      const given = Object.keys(keywords).length === 0 ? args : [...args, keywords];
      const ours = withoutClass(outcome(() => callees.get(name)?.(...given)));
      if (ours !== theirs) found.push(`${name}(${JSON.stringify(given).slice(1, -1)})\n  ${theirs}\n  ${ours}`);
    }
  }
  return found;
}

const used = new Set<RegExp>();

describe.skipIf(!live)(`wrong calls in every way${skipReason}`, () => {
  it.each(Object.keys(rooms))(
    '%s',
    async (room) => {
      const callees = (rooms[room] as () => Callees)();
      const { out, error } = await ask({
        code: SWEEP.replace('names', JSON.stringify(JSON.stringify([...callees.keys()]))),
      });
      expect(error?.trace).toBeUndefined();
      const wrong = JSON.parse((out as { value: string }).value) as Record<string, Wrong[]>;
      expect(Object.keys(wrong).length).toBeGreaterThan(0);
      const unexplained = differences(callees, wrong).filter((line) => {
        const reason = REASONS.find(([names]) => names.test(line));
        if (reason !== undefined) used.add(reason[0]);
        return reason === undefined;
      });
      expect(unexplained.join('\n')).toBe('');
    },
    60_000,
  );

  it('has no reason too many', () => {
    expect(REASONS.filter(([names]) => !used.has(names)).map(([, reason]) => reason)).toEqual([]);
  });
});
