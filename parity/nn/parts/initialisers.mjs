// Every function of torch.nn.init: the tensor's bytes, and the generator's state afterwards.
import { className } from '../../../reference/index.mjs';
import { handleOf, native, torch } from '../../ops/isotorch.mjs';

const SHAPES = [[4, 3], [3, 4], [16, 16], [5, 4, 3], [2, 6, 3, 3], [8, 8, 1, 2, 2], [7], [], [0, 3], [40, 33]];
const DTYPES = ['float32', 'float64', 'bfloat16', 'float16'];

const call = (shape, args = [], kwargs = {}) => ({ shape, args, kwargs });
const onAll = (...calls) => SHAPES.flatMap((shape) => calls.map(([args, kwargs]) => call(shape, args, kwargs)));

const kaiming = onAll(
  [],
  [[0.2]],
  [[0, 'fan_out', 'relu']],
  [[], { mode: 'fan_out', nonlinearity: 'tanh' }],
  [[], { mode: 'fan' }],
  [[], { nonlinearity: 'sine' }],
);
const xavier = onAll([], [[1.7]], [[], { gain: 0.5 }]);

/** Calls by function; what is deprecated is called as what it stands for. */
const CALLS = {
  uniform_: onAll([], [[-2, 3]], [[], { b: 0.25 }]),
  normal_: onAll([], [[2, 0.5]], [[], { std: 3 }]),
  trunc_normal_: onAll([], [[1, 2]], [[], { std: 0.02 }], [[0, 1, -0.5, 3]], [[5, 1]]),
  constant_: onAll([[0.3]], [[2]], []),
  ones_: onAll([]),
  zeros_: onAll([]),
  eye_: onAll([]),
  dirac_: onAll([], [[2]], [[], { groups: 3 }]),
  xavier_uniform_: xavier,
  xavier_normal_: xavier,
  kaiming_uniform_: kaiming,
  kaiming_normal_: kaiming,
  orthogonal_: onAll([], [[1.5]], [[], { gain: 0 }]),
  sparse_: onAll([[0.5]], [[0.1, 2]], [[], { sparsity: 0.9, std: 1 }]),
  calculate_gain: [
    ...['linear', 'conv1d', 'conv2d', 'conv3d', 'conv_transpose2d', 'sigmoid', 'tanh', 'relu', 'selu', 'leaky_relu'],
    'other',
  ].flatMap((name) => [[name], [name, 0.3], [name, null], [name, true]].map((args) => call(null, args))),
};

const base64 = (tensor) => {
  const bytes = Buffer.alloc(tensor.numel() * tensor.itemsize);
  if (bytes.length > 0) native.to_bytes(handleOf(tensor), bytes);
  return bytes.toString('base64');
};

function hex(text) {
  // What Python's float.hex writes: a sign, 0x1.f or 0x0.f, p and the exponent.
  const [, sign, whole, fraction = '', exponent] = /^(-?)0x([01])\.?([0-9a-f]*)p([+-]\d+)$/.exec(text);
  const mantissa = Number(whole) + Number.parseInt(fraction || '0', 16) / 16 ** fraction.length;
  return (sign === '-' ? -1 : 1) * mantissa * 2 ** Number(exponent);
}

function runHere({ name, shape, dtype, args, kwargs, generator: own }) {
  torch.manual_seed(11);
  const generator = own ? new torch.Generator().manual_seed(5) : undefined;
  const options = own ? { ...kwargs, generator } : kwargs;
  const rest = Object.keys(options).length > 0 ? [...args, options] : args;
  try {
    const found = torch.nn.init[name];
    if (found === undefined) return { error: ['missing', `torch.nn.init.${name}`] };
    if (shape === null) return { value: found(...rest) };
    const tensor = torch.zeros(shape, { dtype: torch[dtype] });
    const result = found(tensor, ...rest);
    const state = own ? generator.get_state() : torch.get_rng_state();
    return { bytes: base64(tensor), same: result === tensor, state: base64(state) };
  } catch (error) {
    return { error: [error?.name, error?.message] };
  }
}

function differs(ours, theirs) {
  if (theirs.error !== undefined) {
    const wanted = [className(theirs.error[0]), theirs.error[1]];
    return ours.error?.join() === wanted.join()
      ? undefined
      : `${ours.error?.join(': ') ?? 'no error'}, Python: ${theirs.error.join(': ')}`;
  }
  if (ours.error !== undefined) return ours.error.join(': ');
  if (theirs.value !== undefined) {
    return Object.is(ours.value, hex(theirs.value)) ? undefined : `${ours.value}, Python ${hex(theirs.value)}`;
  }
  if (ours.bytes !== theirs.bytes) return 'the elements differ';
  if (ours.state !== theirs.state) return 'the generator stands elsewhere';
  return ours.same === theirs.same ? undefined : 'the result is another tensor';
}

const label = ({ name, shape, dtype, args, kwargs, generator }) =>
  `${name}(${JSON.stringify(shape)}, ${JSON.stringify(args)}, ${JSON.stringify(kwargs)}) ${dtype}${generator ? ' generator' : ''}`;

export async function run(context) {
  const python = context.startPython('initialisers.py');
  const { names, generator } = await python.facts;
  const wanted = names.filter(context.isWanted);
  const failures = [];
  let done = 0;
  for (const name of wanted) {
    context.begin(name);
    const calls = CALLS[name] ?? CALLS[`${name}_`];
    const found = calls === undefined ? [`${name}: parts/initialisers.mjs has no calls`] : [];
    const dtypes = name === 'calculate_gain' ? [''] : context.quick ? ['float32'] : DTYPES;
    for (const [number, given] of (calls ?? []).entries()) {
      if (context.quick && number % 3 > 0) continue;
      for (const dtype of dtypes) {
        for (const own of generator[name] ? [false, true] : [false]) {
          const request = { name, dtype, generator: own, ...given };
          const text = differs(runHere(request), await python.ask(request));
          if (text !== undefined) found.push(`${label(request)}: ${text}`);
        }
      }
    }
    if (found.length === 0) done++;
    failures.push(...(context.verbose ? found : found.slice(0, 1)));
  }
  python.stop();
  return { done, all: wanted.length, failures };
}
