/** Checks of sparse tensors' indices, on or off for the process. */
import { native } from '../../native';

const FLAG = 'sparse.check_invariants';

function check<T>(body: () => T, enable = true): T {
  const before = native.get_backend_flag(FLAG);
  native.set_backend_flag(FLAG, enable);
  try {
    const result = body();
    if (typeof (result as { then?: unknown } | null | undefined)?.then === 'function') {
      throw new TypeError('check_sparse_tensor_invariants(): the body must not be asynchronous');
    }
    return result;
  } finally {
    native.set_backend_flag(FLAG, before);
  }
}

/**
 * Runs `body` with the checks on (or off); `enable`, `disable` and `is_enabled` are for the whole process.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse.check_sparse_tensor_invariants.html
 */
export const check_sparse_tensor_invariants = Object.assign(check, {
  /** Whether sparse constructors check their indices. */
  is_enabled: (): boolean => native.get_backend_flag(FLAG),
  /** Makes sparse constructors check their indices. */
  enable: (): void => native.set_backend_flag(FLAG, true),
  /** Leaves the indices unchecked: what is wrong with them may show anywhere. */
  disable: (): void => native.set_backend_flag(FLAG, false),
});
