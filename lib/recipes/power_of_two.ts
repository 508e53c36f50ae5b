/** Sizes that networks halve and double. */
import { OptionError } from '../train/options';

interface Limits {
  least: number;
  most?: number;
  /** The option that asks for it, as `network=dcgan`. */
  because?: string;
}

/** @throws OptionError where an option, or what the data give in its place, is no power of two from `least` to `most` */
export function checkPowerOfTwo(option: string, size: number, { least, most, because }: Limits): void {
  if (size === 2 ** (31 - Math.clz32(size)) && size >= least && size <= (most ?? size)) return;
  const limits = most === undefined ? `${least} on` : `${least} to ${most}`;
  const under = because === undefined ? '' : ` with ${because}`;
  throw new OptionError(`option ${option} takes a power of two from ${limits}${under}, but is ${size}.`);
}
