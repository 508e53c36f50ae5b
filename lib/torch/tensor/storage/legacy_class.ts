/** Storages by their old names: `torch.FloatStorage` and its like are `torch.TypedStorage` with a dtype. */
import { TorchError } from '../../native';
import { type Dtype, OLD_NAMES, type Scalar } from '../../core';
import { isTensor } from '../../memory';
import { readOptions } from '../../call';
import { TypedStorage } from './typed';
import { UntypedStorage } from './untyped';

/** A class such as `torch.FloatStorage`: `new` makes a TypedStorage, and `instanceof` looks at the dtype. */
export interface LegacyStorageClass {
  new (source?: number | readonly Scalar[] | { wrap_storage: UntypedStorage }): TypedStorage;
  /** Element type of its storages. */
  readonly dtype: Dtype;
  /** False. */
  readonly is_cuda: boolean;
}

const classes = new Map<Dtype, LegacyStorageClass>();

/** Makes the class of a dtype. */
export function legacyStorage(dtype: Dtype): LegacyStorageClass {
  const name = `${OLD_NAMES.get(dtype)}Storage`;
  const wrong = (why: string): TorchError =>
    new TorchError(
      `<class 'torch.${name}'>.__new__ received an invalid combination of arguments. Expected one of:\n` +
        ` * no arguments\n * (int size)\n * (Sequence data)\n * (*, UntypedStorage wrap_storage)\n${why}`,
    );

  function LegacyStorage(...args: unknown[]): TypedStorage {
    if (args.length > 1) throw wrong('Too many positional arguments');
    const [source = 0] = args;
    if (Array.isArray(source) || Number.isInteger(source)) {
      return new TypedStorage(source as number | readonly Scalar[], { dtype });
    }
    if (typeof source !== 'object' || source === null || isTensor(source)) {
      throw wrong(`Argument type not recognized: ${typeof source}`);
    }
    const { wrap_storage } = readOptions(name, source as { wrap_storage?: unknown }, ['wrap_storage']);
    if (!(wrap_storage instanceof UntypedStorage)) {
      throw wrong('Argument type not recognized: wrap_storage must be a torch.UntypedStorage');
    }
    return new TypedStorage(0, { dtype, wrap_storage });
  }
  Object.defineProperties(LegacyStorage, {
    name: { value: name },
    dtype: { value: dtype, enumerable: true },
    is_cuda: { value: false, enumerable: true },
    [Symbol.hasInstance]: { value: (value: unknown) => value instanceof TypedStorage && value.dtype === dtype },
  });
  const made = LegacyStorage as unknown as LegacyStorageClass;
  classes.set(dtype, made);
  return made;
}

/** The class of storages of a dtype, for example `torch.FloatStorage`; null for dtypes that are younger than these. */
export function storageClass(dtype: Dtype): LegacyStorageClass | null {
  return classes.get(dtype) ?? null;
}
