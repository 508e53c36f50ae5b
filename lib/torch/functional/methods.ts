/** The methods that Python writes in Python, each over the function of its name (`torch/_tensor.py`). */
import { type Tensor, TensorBase } from '../memory';
import { TorchError } from '../native';
import { type LuArguments, type LuResult, luMethod } from './lu';
import { normMethod } from './norm';
import { type NonzeroResult, nonzeroMethod } from './nonzero';
import { splitMethod } from './shape';
import { istftMethod, stftMethod } from './spectral';
import {
  type UniqueArguments,
  type UniqueConsecutiveOptions,
  type UniqueResult,
  uniqueConsecutiveMethod,
  uniqueMethod,
} from './unique';
import * as raw from '../generated/functions';
import { type MethodArguments, pythonFunction } from '../call';

const unflattenMethod = pythonFunction(
  'Tensor.unflatten',
  ['self', 'dim', 'sizes'],
  (self: Tensor, dim: number, sizes: readonly number[]): Tensor => {
    if (sizes.length === 0) throw new TorchError('unflatten: sizes must be non-empty');
    return raw.unflatten(self, dim, sizes);
  },
);

/** `norm`, `split`, `stft`, `unique` and others. */
export class TensorFunctions extends TensorBase {
  /** `torch.norm`; deprecated in favour of `linalg.vector_norm` and `linalg.matrix_norm`. */
  norm(...args: MethodArguments<typeof normMethod>): Tensor {
    return normMethod(this as unknown as Tensor, ...args);
  }

  /** Views of slices along `dim`: of `split_size` each (the last may be shorter), or of the listed lengths. */
  split(...args: MethodArguments<typeof splitMethod>): Tensor[] {
    return splitMethod(this as unknown as Tensor, ...args);
  }

  /** Views this tensor with dimension `dim` as dimensions of `sizes`, one of which may be −1. */
  unflatten(...args: MethodArguments<typeof unflattenMethod>): Tensor {
    return unflattenMethod(this as unknown as Tensor, ...args);
  }

  /** `torch.stft` of this signal [L] or batch [B, L]. */
  stft(...args: MethodArguments<typeof stftMethod>): Tensor {
    return stftMethod(this as unknown as Tensor, ...args);
  }

  /** `torch.istft` of this spectrum: the signal that it is of. */
  istft(...args: MethodArguments<typeof istftMethod>): Tensor {
    return istftMethod(this as unknown as Tensor, ...args);
  }

  /** `torch.unique`: the distinct elements, or slices along `dim`. */
  unique<Inverse extends boolean = false, Counts extends boolean = false>(
    ...args: UniqueArguments<Inverse, Counts>
  ): UniqueResult<Inverse, Counts> {
    return uniqueMethod(this as unknown as Tensor, ...(args as [])) as UniqueResult<Inverse, Counts>;
  }

  /** `torch.unique_consecutive`: the elements, or slices along `dim`, that differ from the one before. */
  unique_consecutive<Inverse extends boolean = false, Counts extends boolean = false>(
    options?: UniqueConsecutiveOptions<Inverse, Counts>,
  ): UniqueResult<Inverse, Counts>;
  unique_consecutive(...args: []): unknown {
    return uniqueConsecutiveMethod(this as unknown as Tensor, ...args);
  }

  /** `torch.nonzero`: the coordinates of the elements that are not zero. */
  nonzero<AsTuple extends boolean = false>(options?: { as_tuple?: AsTuple }): NonzeroResult<AsTuple>;
  nonzero(...args: unknown[]): unknown {
    return nonzeroMethod(this as unknown as Tensor, args);
  }

  /** `torch.lu`; deprecated in favour of `linalg.lu_factor`. */
  lu<Infos extends boolean = false>(...args: LuArguments<Infos>): LuResult<Infos> {
    return luMethod(this as unknown as Tensor, ...(args as [])) as LuResult<Infos>;
  }
}
