import type { Module } from '../module/module';
import * as convolutions from '../modules/conv';

/** Dimension of a module's weight that is the output's channels. */
export function outputDim(module: Module): number {
  const classes = convolutions as unknown as Readonly<Record<string, unknown>>;
  const transposed = ['ConvTranspose1d', 'ConvTranspose2d', 'ConvTranspose3d'].map((name) => classes[name]);
  return transposed.some((each) => typeof each === 'function' && module instanceof each) ? 1 : 0;
}
