/** An optimizer's state dict, in Python's format: parameters are numbered in the order of the groups. */
import { native, ValueError } from '../native';
import { isKeywords } from '../call';
import { handleOf, isTensor, keep, type Tensor, wrap } from '../memory';
import { float32, isMap } from '../core';
import type { ParamGroup } from './param_groups';
import type { ParamState } from './state';

/** A group in a state dict: the options, those of the user's own included, and the numbers of the parameters. */
export interface PackedGroup {
  params: number[];
  [option: string]: unknown;
}

/** Result of `optimizer.state_dict()`. */
export interface OptimizerStateDict {
  /** State by parameter number. */
  state: Record<number, ParamState>;
  param_groups: PackedGroup[];
}

/** A copy of an option: of arrays and plain objects through and through, of tensors where `copyTensor` makes one. */
function copied(value: unknown, copyTensor: (tensor: Tensor) => Tensor): unknown {
  if (isTensor(value)) return copyTensor(value as Tensor);
  if (Array.isArray(value)) return value.map((item) => copied(item, copyTensor));
  if (!isKeywords(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, copied(item, copyTensor)]));
}

/** Options of several numbers, such as betas, are tuples in Python: frozen lists, which `torch.save` writes as such. */
function asTuples(options: Record<string, unknown>): Record<string, unknown> {
  for (const [name, value] of Object.entries(options)) {
    if (Array.isArray(value) && name !== 'param_names') Object.freeze(value);
  }
  return options;
}

/** Packs groups and state, whose tensors are the optimizer's own, as in Python. A parameter met twice keeps its first number. */
export function saveStateDict(
  groups: readonly ParamGroup<object>[],
  state: Iterable<[Tensor, ParamState]>,
): OptimizerStateDict {
  const numbers = new Map<Tensor, number>();
  let start = 0;
  const packed = groups.map((group) => {
    group.params.forEach((param, i) => {
      if (!numbers.has(param)) numbers.set(param, start + i);
    });
    start += group.params.length;
    const { params: _params, ...options } = group;
    const params = group.params.map((param) => numbers.get(param)!);
    return { ...asTuples(copied(options, (tensor) => tensor) as Record<string, unknown>), params };
  });
  const states: Record<number, ParamState> = {};
  for (const [param, values] of state) {
    const number = numbers.get(param);
    if (number !== undefined) states[number] = { ...values };
  }
  return { state: states, param_groups: packed };
}

const to = native.op('aten::to.dtype_layout');

/** A copy of a state's value as its parameter needs it: steps stay as they are, unless it is the device that counts them. */
function cast(param: Tensor, name: string | null, value: unknown, group: PackedGroup): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => cast(param, null, item, group));
  if (isKeywords(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, cast(param, key, item, group)]));
  }
  if (!isTensor(value)) return value;
  const isStep = name === 'step';
  const counted = group.fused === true || group.capturable === true;
  const follow = !isStep || counted;
  const floating = param.dtype.is_floating_point;
  const dtype = isStep ? (counted ? float32 : undefined) : floating ? param.dtype : undefined;
  const device = follow ? String(param.device) : undefined;
  return wrap(to(handleOf(value), dtype?.code, undefined, device, undefined, false, true));
}

/** The state of a parameter. A Map is what `torch.load` makes of numbers that do not ascend: parameters without a gradient come later. */
function stateOf(states: unknown, number: number): ParamState | undefined {
  if (isMap(states)) return states.get(number) as ParamState | undefined;
  return (states as OptimizerStateDict['state'])[number];
}

/** Checks a state dict against the groups there are; returns the new groups and states. */
export function loadStateDict<O>(
  state_dict: OptimizerStateDict,
  groups: readonly ParamGroup<O>[],
): { groups: ParamGroup<O>[]; states: Map<Tensor, ParamState> } {
  const saved = state_dict.param_groups;
  if (groups.length !== saved.length) {
    throw new ValueError('loaded state dict has a different number of parameter groups');
  }
  if (groups.some((group, i) => group.params.length !== saved[i]!.params.length)) {
    throw new ValueError(
      "loaded state dict contains a parameter group that doesn't match the size of optimizer's group",
    );
  }
  const states = new Map<Tensor, ParamState>();
  groups.forEach((group, i) => {
    const packed = saved[i]!;
    group.params.forEach((param, j) => {
      const state = stateOf(state_dict.state, packed.params[j]!);
      if (state === undefined) return;
      const entries = Object.entries(state);
      states.set(
        param,
        Object.fromEntries(entries.map(([name, value]) => [name, cast(param, name, value, packed) as Tensor])),
      );
    });
  });
  const loaded = groups.map((group, i) => {
    const names = group.param_names === undefined ? {} : { param_names: group.param_names };
    const options = copied(saved[i], (tensor) => keep(tensor.detach().clone())) as object;
    return { ...names, ...options, params: group.params };
  });
  return { groups: loaded as unknown as ParamGroup<O>[], states };
}
