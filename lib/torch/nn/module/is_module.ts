import { isModule as isOne } from './members';
import type { Module } from './module';

/** Whether a value is a module. */
export const isModule: (value: unknown) => value is Module = isOne as (value: unknown) => value is Module;
