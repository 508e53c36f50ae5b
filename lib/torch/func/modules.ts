/** `torch.func.functional_call` and `stack_module_state`: modules as functions of their parameters. */
import { pythonFunction } from '../call';
import { entriesOf, stringRepr, typeName } from '../core';
import { stack } from '../generated/functions';
import type { Tensor } from '../memory';
import { TorchError, ValueError } from '../native';
import { type Module, type ModuleList, modules } from '../nn';
import { functionalCall, type NamedTensors } from '../nn/inside';

/** One object of tensors by name, of several that name none twice. */
function merged(dicts: NamedTensors | readonly NamedTensors[]): NamedTensors {
  if (!Array.isArray(dicts)) {
    if (entriesOf(dicts) !== undefined) return dicts as NamedTensors;
    throw new ValueError(
      `Expected parameter_and_buffer_dicts to be a dict, or a list/tuple of dicts, but got <class '${typeName(dicts)}'>`,
    );
  }
  const entries = (dicts as readonly unknown[]).map((dict) => entriesOf(dict) as [string, Tensor][] | undefined);
  if (entries.includes(undefined)) {
    throw new ValueError('Expected all elements of parameter_and_buffer_dicts to be dictionaries');
  }
  const all = (entries as [string, Tensor][][]).flat();
  const names = all.map(([name]) => name);
  const repeated = new Set(names.filter((name, i) => names.indexOf(name) !== i));
  if (repeated.size > 0) {
    throw new ValueError(
      `[${[...repeated].map(stringRepr).join(', ')}] appeared in multiple dictionaries; behavior of functional call is ambiguous`,
    );
  }
  return new Map(all);
}

/**
 * A call of a module with other parameters and buffers than its own; those that are not given are its own. `args` is the
 * input, or an array of inputs.
 *
 * @throws ValueError for names that are given twice; TorchError, with `strict`, unless the names are exactly the module's
 * @see https://docs.pytorch.org/docs/stable/generated/torch.func.functional_call.html
 * @example
 * const gradients = torch.func.grad((params, x) => torch.func.functional_call(net, params, x).sum())(params, x);
 */
export const functional_call = pythonFunction(
  'functional_call',
  ['module', 'parameter_and_buffer_dicts{}', 'args', 'kwargs{}', '*', 'tie_weights', 'strict'],
  (
    module: Module,
    parameter_and_buffer_dicts: NamedTensors | readonly NamedTensors[],
    args: unknown = null,
    kwargs: object | null = null,
    tie_weights: boolean = true,
    strict: boolean = false,
  ): Tensor =>
    functionalCall(module, merged(parameter_and_buffer_dicts), args, kwargs, { tie_weights, strict }) as Tensor,
);

function stacked(tensors: readonly Tensor[], name: string): Tensor {
  const training = tensors.filter(({ requires_grad }) => requires_grad).length;
  if (training !== 0 && training !== tensors.length) {
    throw new TorchError(`Expected ${name} from each model to have the same .requires_grad`);
  }
  const result = stack(tensors as Tensor[]);
  return training === 0 ? result : result.detach().requires_grad_();
}

function stackedByName(named: readonly (readonly (readonly [string, Tensor])[])[]): Record<string, Tensor> {
  const maps = named.map((entries) => new Map(entries));
  return Object.fromEntries(
    [...maps[0]!.keys()].map((name) => [
      name,
      stacked(
        maps.map((map) => map.get(name)!),
        name,
      ),
    ]),
  );
}

/**
 * The parameters and the buffers of several modules of one class, stacked by name: what `vmap` maps over to run an ensemble.
 *
 * @throws TorchError for no module, or ones of several classes or modes
 * @see https://docs.pytorch.org/docs/stable/generated/torch.func.stack_module_state.html
 */
export const stack_module_state = pythonFunction(
  'stack_module_state',
  ['models'],
  (models: readonly Module[] | ModuleList): [params: Record<string, Tensor>, buffers: Record<string, Tensor>] => {
    const list = [...models] as Module[];
    const [first] = list;
    if (first === undefined) throw new TorchError('stack_module_state: Expected at least one model, got 0.');
    if (list.some(({ training }) => training !== first.training)) {
      throw new TorchError('stack_module_state: Expected all models to have the same training/eval mode.');
    }
    if (list.some((model) => model.constructor !== first.constructor)) {
      throw new TorchError('stack_module_state: Expected all models to be of the same class.');
    }
    return [
      stackedByName(list.map((model) => model.named_parameters())),
      stackedByName(list.map((model) => model.named_buffers())),
    ];
  },
);

/**
 * Makes the batch norms in a module forget their running statistics, which `vmap` and `grad` cannot write to. Returns the module.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.func.replace_all_batch_norm_modules_.html
 */
export const replace_all_batch_norm_modules_ = pythonFunction(
  'replace_all_batch_norm_modules_',
  ['root'],
  (root: Module): Module => {
    for (const module of root.modules()) {
      if (!(module instanceof modules.batchnorm._BatchNorm) || !module.track_running_stats) continue;
      Object.assign(module, { running_mean: null, running_var: null, num_batches_tracked: null });
      module.track_running_stats = false;
    }
    return root;
  },
);
