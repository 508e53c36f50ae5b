/** Numbers on the command line. */
import { InvalidArgumentError } from 'commander';

/** A reader of whole numbers for an option. */
export function wholeNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= from && value <= to) return value;
    throw new InvalidArgumentError(`It takes a whole number from ${from} to ${to}.`);
  };
}

/** A reader of numbers for an option. */
export function realNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = /^(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
    if (value >= from && value <= to) return value;
    throw new InvalidArgumentError(`It takes a number from ${from} to ${to}.`);
  };
}

/** Reads a step of a run for an option. */
export function stepNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It takes a whole number of steps.');
  return Number(text);
}
