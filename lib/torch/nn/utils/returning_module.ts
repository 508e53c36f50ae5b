import type { Module } from '../module/module';

type WithoutFirst<Args> = Args extends readonly [unknown, ...infer Rest] ? Rest : never;

/** A function that returns the very module it was given, and so one of its class. */
type ReturningModule<F extends (...args: never[]) => unknown> = (<M extends Module>(
  module: M,
  ...rest: WithoutFirst<Parameters<F>>
) => M) &
  F;

/** Types a function that returns the module it was given. */
export function returningModule<F extends (...args: never[]) => unknown>(made: F): ReturningModule<F> {
  return made as unknown as ReturningModule<F>;
}
