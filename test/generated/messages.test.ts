import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { errorOf, itRefuses, type Misuse } from '../support/errors';

const t = torch.ones(2, 2);

/** Calls as JavaScript would, past the types: what no TypeScript program gets through the compiler. */
// biome-ignore lint/suspicious/noExplicitAny: the point of these calls
const loose = { t: t as any, torch: torch as any };

const row = (message: string, call: (t: typeof loose.t, torch: typeof loose.torch) => unknown): Misuse => [
  message.split('\n')[0] as string,
  () => call(loose.t, loose.torch),
  TypeError,
  message,
];

// Every message is what Python 2.13's argument parser says to the same call.
describe('one signature in question: function, argument, position, expected and given type', () => {
  itRefuses([
    row("add(): argument 'other' (position 1) must be Tensor, not str", (t) => t.add('a')),
    row("add(): argument 'other' (position 2) must be Tensor, not str", (t, torch) => torch.add(t, 'a')),
    row("add(): argument 'other' (position 1) must be Tensor, not list", (t) => t.add([1])),
    row("add(): argument 'other' (position 1) must be Tensor, not NoneType", (t) => t.add(null)),
    row("add(): argument 'other' (position 1) must be Tensor, not function", (t) => t.add(() => 1)),
    row("add(): argument 'other' (position 1) must be Tensor, not torch.dtype", (t, torch) => t.add(torch.float32)),
    row("add(): argument 'other' (position 1) must be Tensor, not torch.device", (t, torch) =>
      t.add(torch.device('cpu')),
    ),
    row("add(): argument 'other' (position 1) must be Tensor, not torch.layout", (t, torch) => t.add(torch.strided)),
    row("add(): argument 'alpha' must be Number, not str", (t) => t.add(t, { alpha: 'a' })),
    row("relu(): argument 'input' (position 1) must be Tensor, not int", (_, torch) => torch.relu(1)),
    row("softmax(): argument 'dtype' (position 2) must be torch.dtype, not int", (t) => t.softmax(1, 2)),
    row("softmax(): argument 'dim' (position 1) must be int, not str", (t) => t.softmax('a')),
    row("transpose(): argument 'dim1' (position 2) must be int, not float", (t) => t.transpose(0, 1.5)),
    row("transpose(): argument 'dim1' (position 2) must be int, not bool", (t) => t.transpose(0, true)),
    row("max(): argument 'keepdim' (position 2) must be bool, not int", (t) => t.max(0, 1)),
    row("sum(): argument 'keepdim' (position 3) must be bool, not Tensor", (t, torch) => torch.sum(t, 0, t)),
    row("dropout(): argument 'train' (position 3) must be bool, not int", (t, torch) => torch.dropout(t, 0.5, 1)),
    row("dropout(): argument 'p' (position 2) must be float, not str", (t, torch) => torch.dropout(t, 'a', true)),
    row("cat(): argument 'tensors' (position 1) must be tuple of Tensors, not Tensor", (t, torch) => torch.cat(t)),
    row("cat(): argument 'dim' (position 2) must be int, not str", (t, torch) => torch.cat([t, t], 'a')),
    row("stack(): argument 'dim' must be int, not bool", (t, torch) => torch.stack([t, t], { dim: true })),
    row("zeros(): argument 'size' (position 1) must be tuple of ints, not str", (_, torch) => torch.zeros('a')),
    row("zeros(): argument 'dtype' must be torch.dtype, not str", (_, torch) => torch.zeros(2, { dtype: 'a' })),
    row("full(): argument 'size' (position 1) must be tuple of ints, not int", (_, torch) => torch.full(2, 1)),
    row("full(): argument 'fill_value' (position 2) must be Number, not str", (_, torch) => torch.full([2], 'a')),
    row("arange(): argument 'end' (position 1) must be Number, not str", (_, torch) => torch.arange('a')),
    row("eye(): argument 'n' (position 1) must be int, not str", (_, torch) => torch.eye('a')),
    row("randint(): argument 'high' (position 1) must be int, not str", (_, torch) => torch.randint('a', [2])),
    row("normal_(): argument 'mean' (position 1) must be float, not str", (t) => t.normal_('a')),
    row("expand(): argument 'implicit' must be bool, not str", (t) => t.expand(2, 2, { implicit: 'a' })),
    row("fft_fft(): argument 'input' (position 1) must be Tensor, not int", (_, torch) => torch.fft.fft(1)),
    row("special_erf(): argument 'input' (position 1) must be Tensor, not int", (_, torch) => torch.special.erf(1)),
    row("topk(): argument 'k' (position 1) must be int, not float", (t) => t.topk(1.5)),
    row(
      'permute(): argument \'dims\' failed to unpack the object at pos 2 with error "type must be tuple of ints,but got str"',
      (t) => t.permute(0, 'a'),
    ),
    row(
      'view(): argument \'size\' failed to unpack the object at pos 2 with error "type must be tuple of ints,but got float"',
      (t) => t.view([2, 2.5]),
    ),
  ]);
});

describe('too few, too many, unknown and repeated arguments', () => {
  itRefuses([
    row('add() takes 1 positional argument but 2 were given', (t) => t.add(t, t)),
    row('sum() takes from 1 to 2 positional arguments but 3 were given', (t) => t.sum(1, true, 3)),
    row('relu() takes 1 positional argument but 2 were given', (t, torch) => torch.relu(t, 1)),
    row('cat() takes from 1 to 2 positional arguments but 3 were given', (t, torch) => torch.cat([t], 0, 1)),
    row('uniform_() takes from 0 to 2 positional arguments but 3 were given', (t) => t.uniform_(0, 1, 2)),
    row('relu() missing 1 required positional arguments: "input"', (_, torch) => torch.relu()),
    row('relu() missing 1 required positional arguments: "input"', (t, torch) => torch.relu({ foo: t })),
    row('zeros() missing 1 required positional arguments: "size"', (_, torch) => torch.zeros()),
    row('transpose() missing 1 required positional arguments: "dim1"', (t) => t.transpose(0)),
    row('topk() missing 1 required positional arguments: "k"', (t, torch) => torch.topk(t)),
    row('mul() missing 1 required positional arguments: "other"', (t, torch) => torch.mul(t, { alpha: 2 })),
    row(
      'batch_norm() missing 8 required positional argument: "weight", "bias", "running_mean", "running_var", ' +
        '"training", "momentum", "eps", "cudnn_enabled"',
      (t, torch) => torch.batch_norm(t),
    ),
    row("add() got an unexpected keyword argument 'foo'", (t) => t.add(t, { foo: 1 })),
    row("sum() got an unexpected keyword argument 'foo'", (t) => t.sum(1, { foo: 2 })),
    row("relu() got an unexpected keyword argument 'foo'", (t, torch) => torch.relu(t, { foo: t })),
    row("zeros() got an unexpected keyword argument 'foo'", (_, torch) => torch.zeros(2, 3, { foo: 1 })),
    row("relu() got multiple values for argument 'input'", (t, torch) => torch.relu(t, { input: t })),
    row("mul() got multiple values for argument 'other'", (t) => t.mul(2, { other: 3 })),
    row("permute() got multiple values for argument 'dims'", (t) => t.permute(1, 0, { dims: 1 })),
  ]);

  it('a method without parameters says so, counting what was given', () => {
    expect(errorOf(() => loose.t.relu(1, 2)).message).toBe('TensorBase.relu() takes no arguments (2 given)');
  });
});

describe('several signatures in question: all of them, and what does not fit', () => {
  itRefuses([
    row(
      'view() received an invalid combination of arguments - got (str), but expected one of:\n' +
        ' * (torch.dtype dtype)\n' +
        "      didn't match because some of the arguments have invalid types: (!str!)\n" +
        ' * (tuple of ints size)\n' +
        "      didn't match because some of the arguments have invalid types: (!str!)\n",
      (t) => t.view('a'),
    ),
    row(
      'where() received an invalid combination of arguments - got (Tensor, int, str), but expected one of:\n' +
        ' * (Tensor condition)\n' +
        ' * (Tensor condition, Tensor input, Tensor other, *, Tensor out = None)\n' +
        ' * (Tensor condition, Number self, Tensor other)\n' +
        "      didn't match because some of the arguments have invalid types: (Tensor, !int!, !str!)\n" +
        ' * (Tensor condition, Tensor input, Number other)\n' +
        "      didn't match because some of the arguments have invalid types: (Tensor, !int!, !str!)\n" +
        ' * (Tensor condition, Number self, Number other)\n' +
        "      didn't match because some of the arguments have invalid types: (Tensor, !int!, !str!)\n",
      (t, torch) => torch.where(t, 1, 'a'),
    ),
    row(
      'sum() received an invalid combination of arguments - got (float), but expected one of:\n' +
        ' * (*, torch.dtype dtype = None)\n' +
        ' * (tuple of ints dim, bool keepdim = False, *, torch.dtype dtype = None)\n',
      (t) => t.sum(1.5),
    ),
    row(
      'conv2d() received an invalid combination of arguments - got (Tensor), but expected one of:\n' +
        ' * (Tensor input, Tensor weight, Tensor bias = None, tuple of ints stride = 1, tuple of ints padding = 0, ' +
        'tuple of ints dilation = 1, int groups = 1)\n' +
        ' * (Tensor input, Tensor weight, Tensor bias = None, tuple of ints stride = 1, str padding = "valid", ' +
        'tuple of ints dilation = 1, int groups = 1)\n',
      (t, torch) => torch.conv2d(t),
    ),
    row(
      'add() received an invalid combination of arguments - got (), but expected (Tensor other, *, Number alpha = 1)',
      (t) => t.add(),
    ),
  ]);
});

describe('what JavaScript has and Python has not', () => {
  it('a disposed tensor is refused by name', () => {
    const gone = torch.ones(1);
    gone.dispose();
    expect(errorOf(() => t.add(gone)).message).toMatch(
      /^add\(\): argument 'other' \(position 2\) is a disposed tensor/,
    );
    expect(errorOf(() => gone.relu()).message).toMatch(
      /^relu\(\): argument 'self' \(position 1\) is a disposed tensor/,
    );
  });

  it('an object that only looks like a tensor is none', () => {
    const forged = Object.create(torch.Tensor.prototype) as torch.Tensor;
    expect(errorOf(() => t.add(forged)).message).toMatch(
      /^add\(\): argument 'other' \(position 1\) must be Tensor, not look-alike of a Tensor \(/,
    );
    expect(() => forged.relu()).toThrow(TypeError);
  });

  it('a dict is told from keyword arguments by nothing but its place', () => {
    expect(errorOf(() => loose.torch.add(t, { foo: 1 }, 2)).message).toMatch(/^add\(\)/);
  });

  it('several signatures of the wrong item in a list of tensors', () => {
    expect(errorOf(() => loose.torch.cat([t, 1])).message).toBe(
      'expected Tensor as element 1 in argument 0, but got int',
    );
    expect(errorOf(() => loose.torch.max(t, 0, { out: [t] })).message).toBe('expected tuple of 2 elements but got 1');
  });
});
