#pragma once

#include <ATen/core/function_schema.h>

#include <string>

namespace isotorch {

// The alias set that an argument or result is written through; empty when it is not.
std::string written_to(const c10::Argument& argument);

}  // namespace isotorch
