// Unboxed calls for the C++ signatures of common operators. Boxing a call costs around 70 ns, and a list of ints twice
// that; what has no row takes the boxed way.
#pragma once

#include <ATen/core/dispatch/Dispatcher.h>
#include <node_api.h>

#include <memory>

namespace isotorch {

class Environment;

class FastPath {
 public:
  virtual ~FastPath() = default;
  // Calls the operator if the arguments are plain ones. False: nothing was done, take the boxed way. There are as many
  // arguments as the schema has; those left out are undefined.
  virtual bool call(Environment& env, const napi_value* arguments, napi_value& result) const = 0;
};

// The fast path for an operator's signature, or null. `factory`: the operator makes a tensor from nothing.
std::unique_ptr<FastPath> make_fast_path(const c10::OperatorHandle& op, bool factory);

}  // namespace isotorch
