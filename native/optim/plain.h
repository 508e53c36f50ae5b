// Lines of element-wise operators in place, done in one pass over the numbers of a parameter.
#pragma once

#include <ATen/core/Tensor.h>

#include <span>
#include <string>

#include "optim/plain_kernels.h"
#include "optim/program.h"

namespace isotorch {

// What an operator of this name does, kNone where it is not one of these.
Plain plain_of(const std::string& name);

// How many lines from the first on are element-wise calls in place.
size_t plain_length(std::span<const Line> lines);

// Does such lines to a parameter, whose registers `row` holds: dispatch and seven walks through memory cost a small parameter more
// than the arithmetic. False, and nothing done, unless these are ordinary tensors of floats in the CPU's memory.
bool run_plain(std::span<const Line> lines, const at::Tensor* row);

}  // namespace isotorch
