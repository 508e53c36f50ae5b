// Where one minor version of libtorch needs other lines than another. No other file asks which one it is.
#pragma once

#include <torch/csrc/autograd/custom_function.h>
#include <torch/headeronly/version.h>

#include <utility>

namespace isotorch::compat {

// From 2.14, libtorch also gives back the node as the outputs hold it, which nothing here needs.
template <typename NodePointer, typename... Arguments>
auto wrap_outputs(Arguments&&... arguments) {
#if TORCH_VERSION_MINOR >= 14
  NodePointer attached;
  return torch::autograd::_wrap_outputs(std::forward<Arguments>(arguments)..., attached);
#else
  return torch::autograd::_wrap_outputs(std::forward<Arguments>(arguments)...);
#endif
}

}  // namespace isotorch::compat
