// The bridge: any operator of the dispatcher, called by its schema.
#pragma once

#include <ATen/core/dispatch/Dispatcher.h>

#include <string>
#include <vector>

#include "bridge/fast_path.h"
#include "bridge/kinds.h"
#include "bridge/refusals.h"
#include "bridge/resized.h"

namespace isotorch {

// One operator overload, compiled at its first use; nothing about the schema is looked at per call.
class OperatorPlan {
 public:
  OperatorPlan(Environment& env, c10::OperatorHandle op);

  napi_value call(const napi_value* arguments, size_t count);
  size_t arity() const { return arguments_.size(); }

 private:
  napi_value call_once(const napi_value* arguments, size_t count);
  void run(torch::jit::Stack& stack) const;
  napi_value finish(napi_value result);

  Environment& env_;
  c10::OperatorHandle op_;
  bool factory_ = false;                 // makes tensors from nothing: nothing for autograd to record
  const Rules* refusals_ = nullptr;      // null for nearly all
  std::vector<size_t> resized_;          // arguments that may get other sizes
  std::unique_ptr<FastPath> fast_path_;  // null for most
  std::string function_;                 // the name in error messages, as Python shows it
  std::vector<ArgumentPlan> arguments_;
  std::vector<bool> written_;  // per result: it is one of the arguments, which the caller holds already
};

// The operator of a full name such as aten::add.Tensor; throws when libtorch has none.
c10::OperatorHandle find_operator(const std::string& full_name);

}  // namespace isotorch
