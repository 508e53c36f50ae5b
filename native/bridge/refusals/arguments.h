// What the rules ask of a call's arguments, and the words in which they refuse one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/refusals.h"

namespace isotorch::rules {

// Whether the elements are in memory, to be looked at.
bool readable(const at::Tensor& tensor);

bool flag(const Arguments& arguments, std::string_view name);  // false where it is absent

// Null for nested tensors, which have no sizes to compare; their kernels are others.
const at::Tensor* with_sizes(const Arguments& arguments, std::string_view name);

std::vector<at::Tensor> tensors_in(const Arguments& arguments,
                                   std::string_view name);  // of one, or of a list

std::string listed(const std::vector<std::string>& names);

template <typename... Parts>
void expect(bool holds, const Arguments& arguments, const Parts&... parts) {
  TORCH_CHECK(holds, arguments.function(), "(): argument ", parts...);
}

}  // namespace isotorch::rules
