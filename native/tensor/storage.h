#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Storage.h>

namespace isotorch {

// Whether kernels would write to address 0: zero tensors and functional ones have a storage that says how many bytes
// it holds, and holds none.
bool lacks_memory(const c10::Storage& storage);
bool lacks_memory(const at::Tensor& tensor);

// Whether the memory is an array's of JavaScript, which may go with its environment.
bool lies_in_javascript(const at::Tensor& tensor);

}  // namespace isotorch
