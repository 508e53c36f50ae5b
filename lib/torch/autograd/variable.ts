/** `Variable`, which was a tensor's class once, and is one no longer. */
import { type Arguments, bind, isKeywords, signature } from '../call';
import { empty } from '../generated/functions';
import { isTensor, type Tensor } from '../memory';
import { TorchError } from '../native';
import { typeName } from '../core';

const NAMES = ['data', 'requires_grad'] as const;

const parameters = signature('Variable', NAMES, 0);

/** Python's constructor is written in C: unknown keywords are refused in words of its own. */
function read(args: readonly unknown[]): readonly unknown[] {
  const last = args[args.length - 1];
  const unknown = isKeywords(last) ? Object.keys(last).find((key) => !parameters.places.has(key)) : undefined;
  if (unknown !== undefined) throw new TypeError(`'${unknown}' is an invalid keyword argument for this function`);
  return bind(parameters, args);
}

/** What Python's old name for tensors makes: the tensor's data, as a leaf of its own. */
class VariableClass {
  constructor(...args: unknown[]) {
    const [data = null, requires_grad = false] = read(args);
    if (data !== null && !isTensor(data)) {
      throw new TypeError(`Variable data has to be a tensor, but got ${typeName(data)}`);
    }
    // biome-ignore lint/correctness/noConstructorReturn: as in Python, a tensor comes of it.
    return ((data as Tensor | null) ?? empty([0])).detach().requires_grad_(requires_grad as boolean);
  }

  /** Every tensor is a Variable. */
  static [Symbol.hasInstance](value: unknown): boolean {
    return isTensor(value);
  }
}

/** Old name for tensors: `new Variable(x, true)` is `x.detach().requires_grad_(true)`, and every tensor is an instance. */
export const Variable = VariableClass as unknown as new (
  ...args: Arguments<typeof NAMES, [data?: Tensor | null, requires_grad?: boolean]>
) => Tensor;

/** @throws TorchError, as Python does: it was removed for `torch.tensor` */
export function variable(..._args: unknown[]): never {
  throw new TorchError('torch.autograd.variable(...) is deprecated, use torch.tensor(...) instead');
}
