/** Every generated signature, against the schemas of the libtorch that is loaded. */
import { expect, it } from 'vitest';
import type { Overloads as OverloadsClass } from '../../lib/torch/call/overloads';

type Functions = Record<string, (options: object) => unknown>;

// The sources, not the package: the bundle does not show generated functions that others of the same name stand before.
const torch = await import('../../lib/torch');
const { native } = await import('../../lib/torch/native');
const { Overloads } = await import('../../lib/torch/call/overloads');
const { TensorMethods } = (await import('../../lib/torch/generated/tensor_methods')) as unknown as {
  TensorMethods: { prototype: Record<string, (...args: unknown[]) => unknown> };
};
const modules: Record<string, Functions> = {
  functions: (await import('../../lib/torch/generated/functions')) as never,
  nn_functional: (await import('../../lib/torch/generated/nn_functional')) as never,
  linalg: (await import('../../lib/torch/generated/linalg')) as never,
  fft: (await import('../../lib/torch/generated/fft')) as never,
  special: (await import('../../lib/torch/generated/special')) as never,
  sparse: (await import('../../lib/torch/generated/sparse')) as never,
  nested: (await import('../../lib/torch/generated/nested')) as never,
};

/** The overloads behind every function and method: a call with an unknown keyword goes to them. */
function collect(): Map<string, OverloadsClass> {
  const found = new Map<string, OverloadsClass>();
  const original = Overloads.prototype.call;
  let name = '';
  Overloads.prototype.call = function () {
    found.set(name, this);
  };
  try {
    const tensor = torch.ones(1);
    const unknown = { no_such_keyword: 1 };
    for (const method of Object.getOwnPropertyNames(TensorMethods.prototype)) {
      if (method === 'constructor') continue;
      name = `Tensor.${method}`;
      TensorMethods.prototype[method]?.call(tensor, unknown);
    }
    for (const [module, functions] of Object.entries(modules)) {
      for (const [key, run] of Object.entries(functions)) {
        name = `${module}.${key}`;
        run(unknown);
      }
    }
  } finally {
    Overloads.prototype.call = original;
  }
  return found;
}

const all = collect();

it('reaches the whole of torch, torch.Tensor and torch.nn.functional that Python generates', () => {
  const count = (prefix: string) => [...all.keys()].filter((key) => key.startsWith(prefix)).length;
  expect(count('Tensor.')).toBeGreaterThan(530);
  expect(count('functions.')).toBeGreaterThan(930);
  expect(count('nn_functional.')).toBeGreaterThan(90);
});

it('passes every operator its arguments in the order of its schema', () => {
  const wrong: string[] = [];
  for (const [key, overloads] of all) {
    for (const signature of overloads.signatures) {
      const plans = [
        { op: signature.op, order: signature.order },
        { op: signature.outOp, order: signature.outOrder },
      ];
      for (const { op, order } of plans.filter((plan) => plan.op !== '')) {
        const schema = native.schema(`aten::${op}`);
        const rest = schema.args.slice(order.length);
        if (order.length > schema.args.length || rest.some((argument) => !argument.hasDefault)) {
          wrong.push(`${key}: ${op} gets ${order.length} arguments, ${schema.text}`);
        }
        order.forEach((source, i) => {
          const argument = schema.args[i];
          if (typeof source !== 'number' || argument === undefined || signature.deprecated) return;
          const parameter = signature.parameters[source]?.name.replace(/^input$/, 'self');
          const name = argument.name.replace(/^input$/, 'self');
          const renamed = op === 'copy_' && name === 'src';
          const isTarget = argument.writes !== undefined || argument.type === 'List[Tensor]';
          if (source >= 0 && parameter !== name && !renamed)
            wrong.push(`${key}: ${op} takes ${name}, gets ${parameter}`);
          if (source === -1 && name !== 'self') wrong.push(`${key}: ${op} takes ${name}, gets self`);
          if (source < -1 && !isTarget) wrong.push(`${key}: ${op} takes ${name}, gets an item of out`);
        });
      }
    }
  }
  expect(wrong).toEqual([]);
});
