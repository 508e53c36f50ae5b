/** Options of an optimizer's groups, as schedulers read and write them. */
import { isTensor, type Tensor } from '../../memory';
import { KeyError, ValueError } from '../../native';
import { typeName, valueText } from '../../core';
import type { GroupOptions } from '../options';
import { Optimizer } from '../optimizer';
import { copied, type Rate } from './rate';

/** An optimizer of any class. */
export type AnyOptimizer = Optimizer<GroupOptions>;

/** A group's options by name: those of the optimizer, and what schedulers note beside them. */
export type Group = Record<string, unknown>;

/** One value for all groups, or one for each. */
export type PerGroup<T> = T | readonly T[];

/** Throws TypeError for what is no optimizer. */
export function checkOptimizer(optimizer: unknown): void {
  if (!(optimizer instanceof Optimizer)) throw new TypeError(`${typeName(optimizer)} is not an Optimizer`);
}

export const groupsOf = (optimizer: AnyOptimizer): Group[] => optimizer.param_groups as unknown as Group[];

/** Pairs of two lists. @throws ValueError, once the pairs are through, where one list is longer */
export function* zip<A, B>(first: readonly A[], second: readonly B[]): Generator<[A, B]> {
  const count = first.length < second.length ? first.length : second.length;
  for (let i = 0; i < count; i++) yield [first[i]!, second[i]!];
  if (first.length !== second.length) {
    throw new ValueError(`zip() argument 2 is ${second.length < first.length ? 'shorter' : 'longer'} than argument 1`);
  }
}

/** `f` of each pair. */
export function zipped<A, B, C>(first: readonly A[], second: readonly B[], f: (a: A, b: B) => C): C[] {
  return Array.from(zip(first, second), ([a, b]) => f(a, b));
}

/** The groups' values of an option, tensors copied. @throws KeyError where a group has none */
export function valuesOf(optimizer: AnyOptimizer, key: string): Rate[] {
  return groupsOf(optimizer).map((group) => copied(optionOf(group, key)));
}

/** A group's option. @throws KeyError where it has none */
export function optionOf(group: Group, key: string): Rate {
  if (!Object.hasOwn(group, key)) throw new KeyError(`'${key}'`);
  return group[key] as Rate;
}

/** Sets an option; a tensor there is filled, so that it stays the same tensor. */
export function setOption(group: Group, key: string, value: Rate): void {
  const old = optionOf(group, key);
  if (!isTensor(old)) group[key] = value;
  else if (isTensor(value)) (old as Tensor).fill_(value.dim() === 0 ? value : value.squeeze());
  else (old as Tensor).fill_(value);
}

/** Sets momentum, or the first of `betas`. */
export function setMomentum(group: Group, usesBeta1: boolean, value: Rate): void {
  if (usesBeta1) group.betas = [value, ...(group.betas as readonly Rate[]).slice(1)];
  else group.momentum = value;
}

/** Whether the momentum is the first of `betas`. @throws ValueError for an optimizer without momentum */
export function usesBeta1(optimizer: AnyOptimizer): boolean {
  const { defaults } = optimizer;
  if (!Object.hasOwn(defaults, 'momentum') && !Object.hasOwn(defaults, 'betas')) {
    throw new ValueError('optimizer must support momentum or beta1 with `cycle_momentum` option enabled');
  }
  return Object.hasOwn(defaults, 'betas');
}

/** One value for each group. @throws ValueError for a list of another length */
export function perGroup(name: string, optimizer: AnyOptimizer, value: PerGroup<Rate>): Rate[] {
  const { length } = optimizer.param_groups;
  if (!Array.isArray(value)) return Array.from({ length }, () => copied(value as Rate));
  if (value.length !== length) {
    throw new ValueError(
      `${name} must have the same length as optimizer.param_groups. ${name} has ${value.length} values, param_groups has ${length}.`,
    );
  }
  return (value as readonly Rate[]).map(copied);
}

/** Throws ValueError for what is no whole number of at least `least`. */
export function checkWhole(value: unknown, least: number, expected: string): void {
  if (!Number.isInteger(value) || (value as number) < least) {
    throw new ValueError(`Expected ${expected}, but got ${valueText(value)}`);
  }
}
