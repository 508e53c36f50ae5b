// How results go back to JavaScript.
#pragma once

#include <ATen/core/ivalue.h>
#include <node_api.h>

#include "memory/environment.h"

namespace isotorch {

// Writes any result: tensors become handles, tuples and lists become arrays.
napi_value write_result(Environment& env, c10::IValue value);

// A libtorch object that JavaScript can only pass on (custom class, storage, stream).
struct ObjectBox : Owned {
  explicit ObjectBox(c10::IValue object) : value(std::move(object)) {}
  c10::IValue value;
};

}  // namespace isotorch
