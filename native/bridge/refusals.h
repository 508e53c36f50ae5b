// Calls that would end the process inside libtorch, or read and write outside of a tensor, refused before they are made.
#pragma once

#include <ATen/core/function_schema.h>
#include <ATen/core/stack.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace isotorch {

// The arguments of one call, by name.
class Arguments {
 public:
  Arguments(const c10::FunctionSchema& schema, const torch::jit::Stack& stack)
      : schema_(schema), stack_(stack) {}

  const std::string& function() const { return schema_.name(); }
  const torch::jit::Stack& stack() const { return stack_; }
  const c10::IValue* find(std::string_view name) const;     // null where the overload has no such argument
  const at::Tensor* tensor(std::string_view name) const;    // null, too, where it is None
  const at::Tensor& required(std::string_view name) const;  // throws where it is absent
  std::vector<int64_t> integers(std::string_view name) const;

 private:
  const c10::FunctionSchema& schema_;
  const torch::jit::Stack& stack_;
};

// One condition on a call; throws where it does not hold.
struct Rule {
  std::string text;  // as docs/refusals.md shows it
  std::function<void(const Arguments&)> check;
};

using Rules = std::vector<Rule>;

// What to ask before every call of an operator; null for nearly all.
const Rules* refusals_of(const c10::FunctionSchema& schema);

// Throws where libtorch would crash on these arguments.
void refuse(const Rules& rules, const Arguments& arguments);

}  // namespace isotorch
