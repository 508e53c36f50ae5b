/** The fast path and the slow one must call the same operator with the same arguments. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Overloads as OverloadsClass } from '../../lib/torch/call/overloads';
import type { TensorBase } from '../../lib/torch/memory/handle';

process.env.ISOTORCH_ADDON = join(import.meta.dirname, 'recording_addon.cjs');
// The sources, not the package: the bundle does not show generated functions that others of the same name stand before.
const { native } = (await import('../../lib/torch/native')) as unknown as { native: { calls: unknown[][] } };
const { Overloads } = await import('../../lib/torch/call/overloads');
const { wrap } = await import('../../lib/torch/memory/wrap');
const { float32, strided, channels_last } = await import('../../lib/torch/core/dtype');
const { TensorMethods } = (await import('../../lib/torch/generated/tensor_methods')) as unknown as {
  TensorMethods: { prototype: Record<string, Run> };
};
const modules: Record<string, Record<string, Run>> = {
  functions: (await import('../../lib/torch/generated/functions')) as never,
  nn_functional: (await import('../../lib/torch/generated/nn_functional')) as never,
  linalg: (await import('../../lib/torch/generated/linalg')) as never,
  fft: (await import('../../lib/torch/generated/fft')) as never,
  special: (await import('../../lib/torch/generated/special')) as never,
};

type Run = (...args: unknown[]) => unknown;
interface Target {
  name: string;
  run: Run;
  overloads: OverloadsClass;
  self: TensorBase | undefined;
}

const tensor = wrap(11);
const values: Record<string, unknown> = {
  Tensor: wrap(12),
  int: 1,
  float: 1.5,
  Number: 2.5,
  bool: true,
  str: 'a',
  none: null,
  'tuple of ints': [1, 2],
  'tuple of floats': [1.5],
  'tuple of Tensors': [tensor, tensor],
  'torch.dtype': float32,
  'torch.layout': strided,
  'torch.device': 'cpu',
  'torch.memory_format': channels_last,
  nothing: [],
};

function collect(): Target[] {
  const targets: Target[] = [];
  const original = Overloads.prototype.call;
  const add = (name: string, run: Run, self?: TensorBase): void => {
    Overloads.prototype.call = function () {
      targets.push({ name, run, overloads: this, self });
    };
    run({ no_such_keyword: 1 });
  };
  for (const name of Object.getOwnPropertyNames(TensorMethods.prototype)) {
    const method = TensorMethods.prototype[name] as Run;
    if (name !== 'constructor') add(`Tensor.${name}`, (...args) => method.apply(tensor, args), tensor);
  }
  for (const [module, functions] of Object.entries(modules)) {
    for (const [name, run] of Object.entries(functions)) add(`${module}.${name}`, run);
  }
  Overloads.prototype.call = original;
  return targets;
}

let state = 1;
/** The same draws in every run, so that a failure can be repeated. */
function draw(n: number): number {
  state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
  return (state >> 8) % n;
}

const kindNames = Object.keys(values);

/** Arguments that mostly fit one of the signatures, in kind and number. */
function someArguments({ overloads }: Target): unknown[] {
  const signature = overloads.signatures[draw(overloads.signatures.length)];
  if (signature === undefined) return [];
  const count = draw(Math.min(signature.maxPositional, 6) + 2);
  return Array.from({ length: count }, (_, i) => {
    const fitting = signature.parameters[i]?.kind.display ?? 'none';
    const kind = draw(10) < 8 ? fitting : (kindNames[draw(kindNames.length)] as string);
    return values[kind] ?? null;
  });
}

/** The operator called and its arguments, in a form that does not depend on how defaults are left out. */
function outcome(run: () => unknown): string {
  native.calls.length = 0;
  try {
    run();
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
  const [name, ...args] = native.calls[0] ?? [];
  while (args.length > 0 && args[args.length - 1] === undefined) args.pop();
  // Native code takes one int for a list of fixed length; the slow way has spelled it out.
  const plain = args.map((arg) => (Array.isArray(arg) && arg.every((item) => item === 1) ? 1 : arg));
  return JSON.stringify([name, ...plain.map((arg) => (arg === undefined ? 'default' : arg))]);
}

it('for every function and method, over a few thousand calls that fit or nearly fit', () => {
  const different: string[] = [];
  let accepted = 0;
  for (const target of collect()) {
    for (let i = 0; i < 5; i++) {
      const args = someArguments(target);
      const fast = outcome(() => target.run(...args));
      const slow = outcome(() => target.overloads.call(args, target.self));
      if (fast.startsWith('[')) accepted++;
      if (fast !== slow) different.push(`${target.name}(${JSON.stringify(args)}): ${fast}, not ${slow}`);
    }
  }
  expect(accepted).toBeGreaterThan(2000);
  expect(different).toEqual([]);
});
