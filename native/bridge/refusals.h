// Calls that would end the process inside libtorch, refused before they are made.
#pragma once

#include <ATen/core/function_schema.h>
#include <ATen/core/stack.h>

namespace isotorch {

// Throws where libtorch would crash on these arguments.
using Refusal = void (*)(const torch::jit::Stack& arguments);

// What to ask before every call of an operator; null for nearly all.
Refusal refusal_of(const c10::FunctionSchema& schema);

}  // namespace isotorch
