/** Steps of an optimizer on other tensors than its own: what `torch.func` is to modules. */
import { type Arguments, bindBlock, isKeywords, signature } from '../call';
import { tupleText, typeName, within } from '../core';
import type { Tensor } from '../memory';
import { TorchError } from '../native';
import type { GroupOptions } from './options';
import type { Optimizer } from './optimizer';
import type { ParamGroup } from './param_groups';
import { OptimizerState, type ParamState } from './state';
import type { OptimizerStateDict, PackedGroup } from './state_dict';

const NAME = 'swap_in_optimizer_params_and_state';

type Group = ParamGroup<GroupOptions>;

const refuse = (words: string): never => {
  throw new TorchError(`${NAME} requires ${words}`);
};

/** Names as Python lists them. */
const listText = (names: readonly string[]): string => `[${names.map((name) => `'${name}'`).join(', ')}]`;

function checkState(state: unknown): Record<string, ParamState> {
  if (!isKeywords(state)) {
    refuse(
      "swapin_optim_state['state'] to be a dict mapping packed parameter ids to per-param state dicts, " +
        `got ${typeName(state)}.`,
    );
  }
  if (Object.values(state as object).some((value) => !isKeywords(value))) {
    refuse('per-parameter optimizer state entries to be dictionaries.');
  }
  return state as Record<string, ParamState>;
}

function checkGroup(index: number, group: Group, given: unknown): PackedGroup {
  if (!isKeywords(given)) refuse('each optimizer param group to be a dictionary.');
  const packed = given as PackedGroup;
  if (!Array.isArray(packed.params) || !packed.params.every(Number.isInteger)) {
    refuse("optimizer.state_dict()-style param_groups[*]['params'] entries keyed by packed parameter ids.");
  }
  if (packed.params.length !== group.params.length) {
    throw new TorchError(
      `swapin_optim_state param group ${index} has a different number of params than the live optimizer param group.`,
    );
  }
  const only = (a: object, b: object) => Object.keys(a).filter((key) => !Object.hasOwn(b, key));
  const [swapin_only, live_only] = [only(packed, group), only(group, packed)];
  if (swapin_only.length + live_only.length > 0) {
    refuse(
      `optimizer.state_dict()-style param group keys to exactly match the live optimizer group keys for group ${index}. ` +
        `Keys only in swap-in: ${listText(swapin_only)}. Keys only in live: ${listText(live_only)}.`,
    );
  }
  return packed;
}

/** The groups and the state that the optimizer has for a while. */
function swapped(
  optimizer: Optimizer,
  parameters: readonly Tensor[],
  given: OptimizerStateDict,
): { groups: Group[]; state: OptimizerState } {
  if (optimizer.state.size === 0) refuse('initialized optimizer state.');
  if (!isKeywords(given)) refuse('a DCP-style optimizer state_dict.');
  const states = checkState(given.state);
  if (!Array.isArray(given.param_groups)) {
    refuse(
      `swapin_optim_state['param_groups'] to be a list of param-group dicts, got ${typeName(given.param_groups)}.`,
    );
  }
  if (given.param_groups.length !== optimizer.param_groups.length) {
    throw new TorchError('swapin_optim_state has a different number of parameter groups than the live optimizer.');
  }
  const state = new OptimizerState();
  const seen = new Set<string>();
  let offset = 0;
  const groups = optimizer.param_groups.map((group, index) => {
    const packed = checkGroup(index, group, given.param_groups[index]);
    const params = parameters.slice(offset, offset + packed.params.length);
    offset += packed.params.length;
    if (params.length < packed.params.length) {
      refuse('the explicit parameter state to match optimizer.param_groups ordering.');
    }
    params.forEach((param, i) => {
      const id = String(packed.params[i]);
      seen.add(id);
      state.set(param, { ...states[id] });
    });
    return { ...packed, params } as unknown as Group;
  });
  const extra = Object.keys(states).filter((id) => !seen.has(id));
  if (extra.length > 0) {
    refuse(
      "swapin_optim_state['state'] to be keyed only by packed parameter ids from param_groups[*]['params']; " +
        `got extra keys [${tupleText(extra.map(Number)).replace(/^\(|,?\)$/g, '')}].`,
    );
  }
  return { groups, state };
}

const NAMES = ['optimizer', 'swapin_parameters{}', 'swapin_optim_state{}'] as const;

const parameters = signature(NAME, NAMES, NAMES.length);

type Given = [
  optimizer: Optimizer,
  swapin_parameters: Readonly<Record<string, Tensor>>,
  swapin_optim_state: OptimizerStateDict,
];

/**
 * Runs `body` while the optimizer has other parameters, options and state: tensors by name in the order of the groups, and
 * what `state_dict()` gives. Steps change those tensors, and the tensors of that state; afterwards the optimizer is as before.
 */
export function swap_in_optimizer_params_and_state<T>(...args: [...Arguments<typeof NAMES, Given>, body: () => T]): T {
  const [body, values] = bindBlock<T>(parameters, args);
  const [optimizer, swapin_parameters, swapin_optim_state] = values as Given;
  const { groups, state } = swapped(optimizer, Object.values(swapin_parameters), swapin_optim_state);
  const enter = () => {
    const before = { state: optimizer.state, groups: optimizer.param_groups.map((group) => ({ ...group })) };
    optimizer.param_groups.forEach((group, i) => void Object.assign(group, groups[i]));
    optimizer.state = state;
    return before;
  };
  const leave = (before: ReturnType<typeof enter>) => {
    optimizer.param_groups.forEach((group, i) => {
      for (const key of Object.keys(group)) if (!Object.hasOwn(before.groups[i]!, key)) delete group[key as never];
      Object.assign(group, before.groups[i]);
    });
    optimizer.state = before.state;
  };
  return within(NAME, enter, leave, body);
}
