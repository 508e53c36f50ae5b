// Wrong calls of functions, methods and constructors: word for word what live Python says, class names included.
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { ask, live, skipReason } from '../support/parity';

type Call = (...args: never[]) => unknown;
type Constructor = new (...args: never[]) => unknown;
const { nn, autograd, optim } = torch;
const layers = nn as unknown as Record<string, Constructor>;

const tensor = () => torch.ones(2, { requires_grad: true });
const method =
  (name: string) =>
  (...args: never[]) =>
    (tensor() as unknown as Record<string, Call>)[name]?.(...args);

const optimizers = optim as unknown as Record<string, new (params: torch.Tensor[]) => object>;
const moduleMethods = [
  ...['zero_grad', 'load_state_dict', 'register_forward_hook', 'register_forward_pre_hook', 'register_buffer'],
  ...['register_parameter', 'add_module', 'parameters', 'named_parameters', 'buffers', 'named_buffers', 'modules'],
];
const optimizerMethods = ['zero_grad', 'step', 'state_dict', 'load_state_dict', 'add_param_group'];
const made = (optimizer: string) => new optimizers[optimizer]!([tensor()]);

/** What can be called wrongly, in Python and here. */
const callees: Record<string, Call> = {
  ...Object.fromEntries(
    [
      ...['Linear', 'Conv2d', 'ConvTranspose2d', 'BatchNorm1d', 'BatchNorm2d', 'Dropout', 'Embedding', 'Flatten'],
      ...['Unflatten', 'ReLU', 'LeakyReLU', 'Tanh', 'Sigmoid'],
      ...['L1Loss', 'MSELoss', 'BCELoss', 'BCEWithLogitsLoss', 'CrossEntropyLoss'],
    ].map((name) => [`torch.nn.${name}`, (...args: never[]) => new (layers[name] as Constructor)(...args)]),
  ),
  ...Object.fromEntries(
    ['Adam', 'AdamW', 'SGD', 'RMSprop'].flatMap((name): [string, Call][] => [
      [`torch.optim.${name}`, (...args: never[]) => new (optimizers[name] as Constructor)(...args)],
      ...optimizerMethods.map((method): [string, Call] => [
        `torch.optim.${name}([torch.ones(2, requires_grad=True)]).${method}`,
        (...args) => (made(name) as Record<string, Call>)[method]?.(...args),
      ]),
    ]),
  ),
  ...Object.fromEntries(
    moduleMethods.map((name): [string, Call] => [
      `torch.nn.ReLU().${name}`,
      (...args) => (new nn.ReLU() as unknown as Record<string, Call>)[name]?.(...args),
    ]),
  ),
  'torch.nn.Parameter': (...args: never[]) => new (nn.Parameter as Constructor)(...args),
  'torch.nn.LinearCrossEntropyOptions': (...args: never[]) =>
    new (nn.LinearCrossEntropyOptions as Constructor)(...args),
  'torch.nn.Embedding.from_pretrained': nn.Embedding.from_pretrained as Call,
  'torch.autograd.grad': autograd.grad as Call,
  'torch.autograd.backward': autograd.backward as Call,
  ...Object.fromEntries(
    ['backward', 'register_hook', 'register_post_accumulate_grad_hook', 'requires_grad_', 'size', 'stride', 'norm']
      .concat(['split', 'unflatten', 'numel', 'dim', 'item', 'retain_grad', 'is_shared', 'is_contiguous'])
      .map((name) => [`torch.ones(2, requires_grad=True).${name}`, method(name)]),
  ),
  ...Object.fromEntries(
    ['relu', 'dropout', 'cross_entropy', 'mse_loss', 'batch_norm', 'pad', 'interpolate', 'softmax', 'layer_norm'].map(
      (name) => [`torch.nn.functional.${name}`, (nn.functional as unknown as Record<string, Call>)[name] as Call],
    ),
  ),
  'torch.nn.init.normal_': nn.init.normal_ as Call,
  'torch.nn.init.kaiming_uniform_': nn.init.kaiming_uniform_ as Call,
  'torch.tensordot': torch.tensordot as Call,
  'torch.einsum': torch.einsum as Call,
};

/** Python's arguments, and the same here. Ones are no tensors: what fits in number is refused later, for its type. */
const many = Array.from({ length: 14 }, () => 1);
const argumentLists: [python: string, ours: unknown[]][] = [
  ['', []],
  ['1', [1]],
  [many.join(', '), many],
  ['no_such_name=1', [{ no_such_name: 1 }]],
  ['1, no_such_name=1', [1, { no_such_name: 1 }]],
  [`${many.join(', ')}, no_such_name=1`, [...many, { no_such_name: 1 }]],
];

/** Arguments that are keywords in Python and an object here: the parameter in that place takes one. */
const withObject: Readonly<Record<string, string>> = {
  grad: '1, no_such_name=1',
  load_state_dict: 'no_such_name=1',
  add_param_group: 'no_such_name=1',
};

/** What is said of names and numbers of arguments. The rest, about types and values, is for other tests. */
const OF_CALLING = /positional argument|keyword|multiple values|takes no /;

function outcome(call: () => unknown): string {
  try {
    call();
    return 'fits in number';
  } catch (error) {
    const { name, message } = error as Error;
    return OF_CALLING.test(message) ? `${name}: ${message}` : 'fits in number';
  }
}

describe.skipIf(!live)(`wrong calls${skipReason}`, () => {
  for (const [callee, ours] of Object.entries(callees)) {
    it(callee, async () => {
      // Python tells an object of tensors from keywords by its syntax; here a key that is no parameter's makes it an object.
      const lists = argumentLists.filter(([text]) => text !== (withObject[callee.replace(/^.*\./, '')] ?? 'none'));
      const calls = lists.map(([text]) => `lambda: ${callee}(${text})`);
      const { out, error } = await ask({
        code: `
import json, re
def outcome(call):
  try:
    call()
    return 'fits in number'
  except Exception as error:
    of_calling = re.search(r'${OF_CALLING.source}', str(error))
    return f'{type(error).__name__}: {error}' if of_calling else 'fits in number'
return json.dumps([outcome(call) for call in [${calls.join(', ')}]])`,
      });
      expect(error?.trace).toBeUndefined();
      const theirs = JSON.parse((out as { value: string }).value) as string[];
      const here = lists.map(([, args]) => outcome(() => ours(...(args as never[]))));
      const table = (all: readonly string[]) => all.map((text, i) => `(${lists[i]?.[0]}) ${text}`);
      expect(table(here)).toEqual(table(theirs));
    });
  }
});
