/** Storages by their old names: `torch.FloatStorage` and its like are `torch.TypedStorage` with a dtype. */
import type { TorchError } from '../../native';
import { type Dtype, OLD_NAMES, type Scalar, typeName } from '../../core';
import { isTensor } from '../../memory';
import { readOptions } from '../../call';
import { OPTIONS, TypedStorage, type TypedStorageOptions, wrong as noForm } from './typed';
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

/** Keywords as given. */
type Named = { readonly [Name in keyof TypedStorageOptions]?: unknown };

const FORMS = ['no arguments', '(int size)', '(Sequence data)', '(*, UntypedStorage wrap_storage)'];

/** Makes the class of a dtype. */
export function legacyStorage(dtype: Dtype): LegacyStorageClass {
  const name = `${OLD_NAMES.get(dtype)}Storage`;
  const wrong = (why: string): TorchError => noForm(`<class 'torch.${name}'>.__new__`, FORMS, why);

  function LegacyStorage(...args: unknown[]): TypedStorage {
    if (args.length > 1) throw wrong('Too many positional arguments');
    const [source = 0] = args;
    if (Array.isArray(source) || Number.isInteger(source)) {
      return new TypedStorage(source as number | readonly Scalar[], { dtype });
    }
    if (typeof source !== 'object' || source === null || isTensor(source)) {
      throw wrong(`Argument type not recognized: ${typeof source}`);
    }
    const { wrap_storage, ...others } = readOptions('TypedStorage.__new__', source as Named, OPTIONS);
    const [other] = Object.keys(others);
    if (other !== undefined) throw wrong(`Keyword argument '${other}' cannot be specified`);
    if (!(wrap_storage instanceof UntypedStorage)) {
      const why = `Argument 'wrap_storage' must be UntypedStorage, but got <class '${typeName(wrap_storage)}'>`;
      throw new TypeError(wrong(why).message);
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
