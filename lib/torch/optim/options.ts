/** Options of parameter groups: their types, and what is checked of them. */
import { KeyError, TorchError, ValueError } from '../native';
import { isTensor, type Tensor } from '../memory';
import { typeName, valueText, ownOf } from '../core';

/** The options that the groups of every optimizer have. */
export interface GroupOptions {
  /** Learning rate. A tensor of one element may be assigned, too; reading it then gives the tensor. */
  get lr(): number;
  set lr(value: number | Tensor);
  weight_decay: number;
  /** Updates parameters many at a time. null lets the device decide, as in Python: not on the CPU. */
  foreach: boolean | null;
  maximize: boolean;
  /** Not supported: must be false. */
  differentiable: boolean;
}

/** Options as they are given: all optional, `undefined` and what is left out are the defaults. */
export type Given<O> = { [Name in keyof O as Name extends 'lr' ? never : Name]?: O[Name] | undefined } & {
  lr?: number | Tensor | undefined;
};

/** Throws ValueError, in Python's words, for an option that is negative or no number. */
export function checkNotNegative(label: string, given: unknown): void {
  const value = isTensor(given) ? (given as Tensor).item() : given;
  if (typeof value !== 'number') {
    throw new TypeError(`${label}: must be a number, but got ${typeName(value)}`);
  }
  if (!(value >= 0 && Number.isFinite(value))) {
    throw new ValueError(`Invalid ${label}: ${valueText(given)}`);
  }
}

/** Throws ValueError for a learning rate that is neither a number ≥ 0 nor a tensor of one such. */
export function checkLearningRate(lr: unknown, refusedBecause: string | null = null): void {
  if (isTensor(lr) && refusedBecause !== null)
    throw new ValueError(`lr as a Tensor is not supported for ${refusedBecause}`);
  if (isTensor(lr) && (lr as Tensor).numel() !== 1) throw new ValueError('Tensor lr must be 1-element');
  checkNotNegative('learning rate', lr);
}

/** Throws TypeError or ValueError for what is no pair of numbers in [0, 1). */
export function checkBetas(betas: unknown): void {
  if (!Array.isArray(betas) || betas.length !== 2) {
    throw new TypeError(`betas must be an array of two numbers, but got ${valueText(betas)}`);
  }
  betas.forEach((beta, i) => {
    if (!(typeof beta === 'number' && beta >= 0 && beta < 1)) {
      throw new ValueError(`Invalid beta parameter at index ${i}: ${valueText(beta)}`);
    }
  });
}

/** Throws for options that exclude each other, or that nothing here does. */
export function refuseUnsupported(name: string, options: object): void {
  const { fused, foreach, differentiable } = ownOf(options) as Readonly<Record<string, unknown>>;
  if (fused && differentiable) throw new TorchError('`fused` does not support `differentiable`');
  if (fused && foreach) throw new TorchError('`fused` and `foreach` cannot be `True` together.');
  refuseAbsent(name, differentiable);
}

function refuseAbsent(name: string, differentiable: unknown): void {
  if (differentiable) throw new ValueError(`${name}: differentiable=True is not supported; leave it out`);
}

/** Throws for what a group became after it was added: no list of parameters, or options that nothing here does. */
export function checkGroup(name: string, group: object): void {
  const own = (option: string) =>
    Object.hasOwn(group, option) ? (group as Readonly<Record<string, unknown>>)[option] : undefined;
  if (!Array.isArray(own('params'))) throw new KeyError(`'params': a param group of ${name} has no list of parameters`);
  refuseAbsent(name, own('differentiable'));
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
      if (Array.isArray(value) && value.length === expected.length && value.every(isUsable)) continue;
    } else continue;
    const what = Array.isArray(expected) ? `${expected.length} finite numbers` : 'a finite number';
    throw new ValueError(`${optimizer}: option ${name} must be ${what}, but is ${valueText(value)}`);
  }
}
