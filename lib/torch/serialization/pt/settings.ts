/** Settings of `torch.serialization`, which hold for the process's thread. */
import { type MethodArguments, pythonFunction } from '../../call';
import { typeName } from '../../core';
import { ValueError } from '../../native';

/** Order of the bytes in files that do not say theirs (Python: an enumeration). */
export const LoadEndianness = Object.freeze({ NATIVE: 1, LITTLE: 2, BIG: 3 } as const);

/** One of `LoadEndianness`. */
export type LoadEndianness = (typeof LoadEndianness)[keyof typeof LoadEndianness];

let endianness: LoadEndianness | null = null;
let compute_crc32 = true;

/** Order of the bytes in files that do not say theirs; null for the default, little. */
export const get_default_load_endianness = pythonFunction(
  'get_default_load_endianness',
  [],
  (): LoadEndianness | null => endianness,
);

/** Sets the order of the bytes in files that do not say theirs. @throws TypeError for what is none */
export const set_default_load_endianness = pythonFunction(
  'set_default_load_endianness',
  ['endianness'],
  (value: LoadEndianness | null): void => {
    if (value !== null && !Object.values(LoadEndianness).includes(value)) {
      throw new TypeError('Invalid argument type in function set_default_load_endianness');
    }
    endianness = value;
  },
);

/** Whether `torch.save` computes checksums. */
export const get_crc32_options = pythonFunction('get_crc32_options', [], (): boolean => compute_crc32);

/**
 * Sets whether `torch.save` computes checksums. Files without them are written faster; what reads them, `torch.load` here included,
 * cannot tell that one was damaged.
 */
export const set_crc32_options = pythonFunction('set_crc32_options', ['compute_crc32'], (compute: boolean): void => {
  if (typeof compute !== 'boolean')
    throw new TypeError(`set_crc32_options(): expected a bool, not ${typeName(compute)}`);
  compute_crc32 = compute;
});

/** `mmap.MAP_PRIVATE` of Python: what is written to a mapped tensor stays in the process. */
const MAP_PRIVATE = 2;

/** How `torch.load({ mmap: true })` maps. */
export const get_default_mmap_options = pythonFunction('get_default_mmap_options', [], (): number => MAP_PRIVATE);

/** A class in Python, because it can be a with-block there: it counts `self`. */
const setMapping = pythonFunction(
  'set_default_mmap_options.__init__',
  ['self', 'flags'],
  (_self: null, flags: number): void => {
    if (flags !== MAP_PRIVATE)
      throw new ValueError(`set_default_mmap_options(): files are mapped with MAP_PRIVATE (2), not ${flags}`);
  },
);

/** Sets how files are mapped. @throws ValueError for all but MAP_PRIVATE, 2: through the other one, a slip in a script changes the file */
export function set_default_mmap_options(...args: MethodArguments<typeof setMapping>): void {
  setMapping(null, ...args);
}
