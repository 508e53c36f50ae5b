// Unboxed calls for the few C++ signatures that most small operators have. Boxing a call costs around
// 70 ns, and a list of ints twice that; everything else takes the boxed way.
#pragma once

#include <ATen/core/dispatch/Dispatcher.h>
#include <node_api.h>

#include <memory>

#include "environment.h"

namespace isotorch {

class FastPath {
 public:
  virtual ~FastPath() = default;
  // Calls the operator if the arguments are plain ones. False: nothing was done, take the boxed way,
  // which converts every kind of argument and knows every error.
  virtual bool call(const Environment& env, const napi_value* arguments, at::Tensor& result) const = 0;
};

// The fast path for an operator's signature, or null.
std::unique_ptr<FastPath> make_fast_path(const c10::OperatorHandle& op);

}  // namespace isotorch
