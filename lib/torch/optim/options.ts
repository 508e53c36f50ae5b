/** Options of parameter groups: their types, and what is checked of them. */
import { AssertionError, KeyError, TorchError, ValueError } from '../native';
import { isTensor, type Tensor } from '../memory';
import { typeName, valueText, ownOf } from '../core';

/** The options that the groups of every optimizer have. */
export interface GroupOptions {
  /** Learning rate. A tensor of one element may be assigned, too; reading it then gives the tensor. */
  get lr(): number;
  set lr(value: number | Tensor);
}

/** Options that say how a step is done. */
export interface SwitchOptions extends GroupOptions {
  /** Updates parameters many at a time. null lets the device decide, as in Python: not on the CPU. */
  foreach: boolean | null;
  /** Goes up the gradient. Default false. */
  maximize: boolean;
  /** Lets autograd record the steps, one parameter after the other. Default false. */
  differentiable: boolean;
}

/** The options that the groups of nearly every optimizer have. */
export interface CommonOptions extends SwitchOptions {
  /** Share of a parameter that joins its gradient. Default 0. */
  weight_decay: number;
}

/** Options as they are given: all optional, `undefined` and what is left out are the defaults. */
export type Given<O> = { [Name in keyof O as Name extends 'lr' ? never : Name]?: O[Name] | undefined } & {
  lr?: number | Tensor | undefined;
};

/** Throws ValueError, in Python's words, for an option that is no number for which `holds`. */
export function checkNumber(words: string, given: unknown, holds: (value: number) => boolean): void {
  const value = isTensor(given) ? (given as Tensor).item() : given;
  if (typeof value !== 'number') throw new TypeError(`${words}: must be a number, but got ${typeName(value)}`);
  if (!(holds(value) && Number.isFinite(value))) throw new ValueError(`${words}: ${valueText(given)}`);
}

/** Throws ValueError, in Python's words, for an option that is negative or no number. */
export function checkNotNegative(label: string, given: unknown): void {
  if (typeof given !== 'number' && !isTensor(given)) {
    throw new TypeError(`${label}: must be a number, but got ${typeName(given)}`);
  }
  checkNumber(`Invalid ${label}`, given, (value) => value >= 0);
}

/** Throws ValueError for a tensor of several elements for a learning rate. */
export function checkOneElement(lr: unknown): void {
  if (isTensor(lr) && (lr as Tensor).numel() !== 1) throw new ValueError('Tensor lr must be 1-element');
}

/** Throws ValueError for a learning rate that is neither a number ≥ 0 nor a tensor of one such. */
export function checkLearningRate(lr: unknown): void {
  checkOneElement(lr);
  checkNotNegative('learning rate', lr);
}

/** Throws TypeError or ValueError for what is no pair of numbers in [0, 1), or tensors of such. */
export function checkBetas(betas: unknown): void {
  if (!Array.isArray(betas) || betas.length !== 2) {
    throw new TypeError(`betas must be an array of two numbers, but got ${valueText(betas)}`);
  }
  betas.forEach((given: unknown, i) => {
    const beta = isTensor(given) && (given as Tensor).numel() === 1 ? (given as Tensor).item() : given;
    if (isTensor(beta)) throw new ValueError(`Tensor betas[${i}] must be 1-element`);
    if (!(typeof beta === 'number' && beta >= 0 && beta < 1)) {
      throw new ValueError(`Invalid beta parameter at index ${i}: ${valueText(given)}`);
    }
  });
}

/** Throws for options that exclude each other. */
export function refuseTogether(options: object): void {
  const { fused, foreach, differentiable } = ownOf(options) as Readonly<Record<string, unknown>>;
  if (fused && differentiable) throw new TorchError('`fused` does not support `differentiable`');
  if (fused && foreach) throw new TorchError('`fused` and `foreach` cannot be `True` together.');
}

/** Throws for what a group became after it was added: no list of parameters, or options that exclude each other. */
export function checkGroup(name: string, group: object): void {
  const own = (option: string) =>
    Object.hasOwn(group, option) ? (group as Readonly<Record<string, unknown>>)[option] : undefined;
  if (!Array.isArray(own('params'))) throw new KeyError(`'params': a param group of ${name} has no list of parameters`);
  if (own('differentiable') && own('foreach')) throw new AssertionError("_foreach ops don't support autograd");
  refuseTogether(group);
}

function isUsable(value: unknown): boolean {
  return Number.isFinite(value) || (isTensor(value) && (value as Tensor).numel() === 1);
}

/** Throws ValueError for an option that is a number, or numbers, by default and became something else. */
export function checkNumbers(optimizer: string, defaults: object, group: object): void {
  const values = group as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(defaults)) {
    const value = values[name];
    const expected: unknown = defaults[name as keyof typeof defaults];
    if (typeof expected === 'number') {
      if (isUsable(value)) continue;
    } else if (Array.isArray(expected)) {
      const fits = (item: unknown) => isUsable(item) || (item === null && expected.includes(null));
      if (Array.isArray(value) && value.length === expected.length && value.every(fits)) continue;
    } else continue;
    const what = Array.isArray(expected) ? `${expected.length} finite numbers` : 'a finite number';
    throw new ValueError(`${optimizer}: option ${name} must be ${what}, but is ${valueText(value)}`);
  }
}
