// Sparse and nested tensors say in tensors of their own where their elements are. Kernels believe them: what is wrong there
// makes them read and write beyond their memory, in Python as well.
#pragma once

#include <ATen/core/Tensor.h>

namespace isotorch {

inline bool is_sparse(const at::Tensor& tensor) {
  constexpr c10::DispatchKeySet sparse =
      c10::DispatchKeySet(c10::DispatchKey::Sparse) | c10::DispatchKeySet(c10::DispatchKey::SparseCsr);
  return tensor.key_set().has_any(sparse);
}

// Throws, in libtorch's words, where indices on the CPU lie outside of the tensor: they were changed in place, or never
// checked. What was right when the tensor was made says nothing, because indices() shares memory.
void refuse_stray_indices(const at::Tensor& sparse);

void settle_unusual(const at::Tensor& result);

// A result that the next operation can believe. Throws where a nested tensor claims more elements than it has memory for.
inline void settle(const at::Tensor& result) {
  if (result.is_nested() || is_sparse(result)) settle_unusual(result);
}

}  // namespace isotorch
