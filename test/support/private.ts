/** Functions that PyTorch keeps to itself: there at run time, but not among the types of `torch`. */
import * as torch from 'isotorch';

type Tensor = torch.Tensor;

export const { _efficientzerotensor, _foreach_add, _foreach_add_ } = torch as unknown as {
  _efficientzerotensor(size: readonly number[]): Tensor;
  _foreach_add(self: readonly Tensor[], scalar: number): Tensor[];
  _foreach_add_(self: readonly Tensor[], scalar: number): readonly Tensor[];
};
