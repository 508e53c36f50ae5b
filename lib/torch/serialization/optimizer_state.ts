/** An optimizer's state dict as flat tensors and one text, so that it fits into a safetensors file. */
import { ValueError } from '../native';
import type { OptimizerStateDict, PackedGroup, ParamState } from '../optim';
import type { Tensor } from '../memory';

/** A state dict taken apart. */
export interface FlatOptimizerState {
  /** `<parameter number>.<name of the state>`, for example `3.exp_avg`. */
  tensors: Record<string, Tensor>;
  /** The parameter groups as JSON. */
  param_groups: string;
}

/**
 * Takes an optimizer's state dict apart.
 *
 * @throws ValueError for an option that JSON cannot hold
 */
export function flattenOptimizerState(state_dict: OptimizerStateDict): FlatOptimizerState {
  const tensors: Record<string, Tensor> = Object.create(null);
  for (const [number, state] of Object.entries(state_dict.state)) {
    for (const [name, tensor] of Object.entries(state)) tensors[`${number}.${name}`] = tensor;
  }
  const param_groups = JSON.stringify(state_dict.param_groups, (option, value: unknown) => {
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw new ValueError(`flattenOptimizerState(): option ${option} is not a finite number`);
    }
    return value;
  });
  return { tensors, param_groups };
}

/**
 * Puts a state dict together again.
 *
 * @throws ValueError for names or text that `flattenOptimizerState` did not make
 */
export function unflattenOptimizerState(flat: FlatOptimizerState): OptimizerStateDict {
  const state: Record<number, ParamState> = {};
  for (const [key, tensor] of Object.entries(flat.tensors)) {
    const match = /^(\d+)\.(.+)$/.exec(key);
    if (match === null) {
      throw new ValueError(`unflattenOptimizerState(): '${key}' is not '<number>.<state>'`);
    }
    const number = Number(match[1]);
    state[number] ??= {};
    state[number][match[2]!] = tensor;
  }
  const groups: unknown = JSON.parse(flat.param_groups);
  const valid = Array.isArray(groups) && groups.every((group) => Array.isArray((group as PackedGroup)?.params));
  if (!valid) {
    throw new ValueError('unflattenOptimizerState(): param_groups must be a list of groups');
  }
  return { state, param_groups: groups as PackedGroup[] };
}
