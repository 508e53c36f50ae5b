// Values of TorchScript from JavaScript and back. What has no form of its own in JavaScript is [tag, …]:
// lib/torch/jit/values.ts writes and reads the same.
#pragma once

#include <ATen/core/ivalue.h>
#include <ATen/core/jit_type.h>
#include <node_api.h>

#include "memory/environment.h"

namespace isotorch::jit {

enum Tag : uint32_t { kTensor, kList, kTuple, kDict, kDevice, kComplex, kObject, kFloat };

// `hint` says what a number, a list or a text is to be; libtorch checks the result against the method's schema.
c10::IValue read_value(Environment& env, napi_value value, const c10::TypePtr& hint, int depth = 0);

napi_value write_value(Environment& env, const c10::IValue& value, int depth = 0);

}  // namespace isotorch::jit
