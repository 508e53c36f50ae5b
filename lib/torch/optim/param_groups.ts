/** Parameter groups: the tensors an optimizer updates together, and with which options. */
import { ValueError } from '../native';
import { isTensor, keepAll, type Tensor } from '../memory';
import { typename } from '../tensor';
import { isSet, warn } from '../core';
import type { Given } from './options';

/** A parameter group as the optimizer keeps it: the options and the tensors. */
export type ParamGroup<O> = O & {
  /** A plain array: what is pushed is optimized from the next step on. */
  params: Tensor[];
  param_names?: string[];
};

/** Tensors to optimize; or pairs of name and tensor, as `named_parameters()` gives. */
export type Params = Iterable<Tensor> | Iterable<readonly [string, Tensor]>;

/** A parameter group as the user writes it: what it leaves out comes from the optimizer's defaults. */
export type ParamGroupInput<O> = Given<O> & { params: Tensor | Params };

/** First argument of an optimizer: tensors, or groups of them. */
export type OptimizerParams<O> = Params | Iterable<ParamGroupInput<O>>;

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof (value as Iterable<unknown> | null)?.[Symbol.iterator] === 'function';
}

/**
 * The items of an optimizer's first argument.
 *
 * @throws TypeError when it is not a list, ValueError when empty
 */
export function readParams(params: unknown): unknown[] {
  if (isTensor(params) || !isIterable(params) || typeof params === 'string') {
    throw new TypeError(
      `params argument given to the optimizer should be an iterable of Tensors or dicts, but got ${typename(params)}`,
    );
  }
  const items = [...params];
  if (items.length === 0) throw new ValueError('optimizer got an empty parameter list');
  return items;
}

/**
 * The tensors of one group, and their names when they have any.
 *
 * @throws as Python does
 */
function readTensors(params: unknown, differentiable: boolean): { params: Tensor[]; param_names?: string[] } {
  if (isSet(params)) {
    throw new TypeError(
      'optimizer parameters need to be organized in ordered collections, but the ordering of tensors in sets will change between runs. Please use a list instead.',
    );
  }
  if (!isTensor(params) && !isIterable(params)) {
    throw new TypeError(
      `parameter group: 'params' must be a Tensor or an iterable of them, but got ${typename(params)}`,
    );
  }
  const tensors: Tensor[] = [];
  const names: string[] = [];
  for (const item of isTensor(params) ? [params] : params) {
    if (Array.isArray(item)) names.push(String(item[0]));
    const param = Array.isArray(item) ? item[1] : item;
    if (!isTensor(param)) {
      throw new TypeError(`optimizer can only optimize Tensors, but one of the params is ${typename(param)}`);
    }
    tensors.push(param as Tensor);
  }
  if (names.length > 0 && names.length !== tensors.length) {
    throw new ValueError('all optimizer params should be with/without names. Some param names are missing');
  }
  for (const param of tensors) {
    if (!differentiable && !param.is_leaf && !param.retains_grad) {
      throw new ValueError("can't optimize a non-leaf Tensor");
    }
  }
  return names.length > 0 ? { params: tensors, param_names: names } : { params: tensors };
}

/** Checks a group against the defaults and the groups there are, and completes it. */
export function makeGroup<O extends object>(
  group: ParamGroupInput<O>,
  defaults: O,
  present: readonly ParamGroup<O>[],
): ParamGroup<O> {
  const { params, ...options } = group;
  const read = readTensors(params, (defaults as { differentiable?: boolean }).differentiable === true);
  if (new Set(read.params).size !== read.params.length) {
    warn(
      'optimizer contains a parameter group with duplicate parameters; in future, this will cause an error; see github.com/pytorch/pytorch/issues/40967 for more information',
    );
  }
  for (const other of present) {
    if ((other.param_names === undefined) !== (read.param_names === undefined)) {
      const text = read.param_names === undefined ? 'without names' : 'with names';
      throw new ValueError(
        `all optimizer param groups should be with/without names. cannot add param group ${text} to the optimizer`,
      );
    }
    if (other.params.some((param) => read.params.includes(param))) {
      throw new ValueError('some parameters appear in more than one parameter group');
    }
  }
  // undefined is what is left out.
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  keepAll(given);
  keepAll(defaults);
  // What is given comes first, as in Python, and keeps its values: files have the options in this order.
  return { ...given, ...read, ...defaults, ...given, ...read } as unknown as ParamGroup<O>;
}
