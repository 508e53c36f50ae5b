/** libtorch's checks of sparse tensors' indices, on or off for the process. The constructors here check by themselves. */
import { native } from '../native';
import { within } from '../core';

const FLAG = 'sparse.check_invariants';

function check<T>(body: () => T, enable = true): T {
  return within(
    'check_sparse_tensor_invariants',
    () => {
      const before = native.get_backend_flag(FLAG);
      native.set_backend_flag(FLAG, enable);
      return before;
    },
    (before) => native.set_backend_flag(FLAG, before),
    body,
  );
}

/**
 * Runs `body` with the checks on (or off); `enable`, `disable` and `is_enabled` are for the whole process.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse.check_sparse_tensor_invariants.html
 */
export const check_sparse_tensor_invariants = Object.assign(check, {
  /** Whether operators that make sparse tensors check their indices. */
  is_enabled: (): boolean => native.get_backend_flag(FLAG),
  /** Makes operators check the indices of the sparse tensors that they make. */
  enable: (): void => native.set_backend_flag(FLAG, true),
  /** Makes operators trust the indices of the sparse tensors that they make, as they do at first. */
  disable: (): void => native.set_backend_flag(FLAG, false),
});
