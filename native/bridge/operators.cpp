#include "bridge/operators.h"

#include <ATen/core/LegacyTypeDispatch.h>
#include <torch/headeronly/version.h>

#include "bridge/call.h"
#include "bridge/results.h"
#include "bridge/schema.h"
#include "exports.h"
#include "memory/collection.h"

namespace isotorch {
namespace {

// Reading more argument slots than an operator has costs a store each, so few sizes serve all.
template <size_t capacity>
napi_value call_operator(napi_env napi, napi_callback_info info) {
  return guarded(napi, [&] {
    napi_value arguments[capacity];
    size_t count = capacity;
    void* plan = nullptr;
    check(napi, napi_get_cb_info(napi, info, &count, arguments, nullptr, &plan));
    return static_cast<OperatorPlan*>(plan)->call(arguments, count);
  });
}

napi_callback entry_for(size_t arity) {
  if (arity < 4) return call_operator<4>;
  if (arity < 12) return call_operator<12>;
  return call_operator<40>;
}

// The operator whose number is the first argument, called with the others. V8 calls a native function faster where it is
// always the same one.
napi_value call_numbered(napi_env napi, napi_callback_info info) {
  return guarded(napi, [&] {
    constexpr size_t small = 10;
    constexpr size_t large = 41;
    napi_value arguments[large];
    size_t count = small;
    check(napi, napi_get_cb_info(napi, info, &count, arguments, nullptr, nullptr));
    Environment& env = Environment::of(napi);
    uint32_t number = 0;
    if (count == 0 || napi_get_value_uint32(napi, arguments[0], &number) != napi_ok ||
        number >= env.numbered.size()) {
      throw ArgumentError("no operator has this number");
    }
    OperatorPlan& plan = *env.numbered[number];
    if (std::max(count, plan.arity() + 1) > small) {
      count = large;
      check(napi, napi_get_cb_info(napi, info, &count, arguments, nullptr, nullptr));
    }
    return plan.call(arguments + 1, count - 1);
  });
}

bool is_factory(const c10::FunctionSchema& schema) {
  bool has_options = false;
  bool has_tensor = false;
  for (const auto& argument : schema.arguments()) {
    has_options |= argument.name() == "pin_memory";
    // Also in a list: a nested tensor of others is part of their graph.
    has_tensor |= argument.type()->str().find("Tensor") != std::string::npos;
  }
  const std::string& name = schema.name();
  const bool like = name.size() > 5 && name.compare(name.size() - 5, 5, "_like") == 0;
  return has_options && (like || !has_tensor);
}

}  // namespace

c10::OperatorHandle find_operator(const std::string& full_name) {
  const size_t dot = full_name.find('.');
  const c10::OperatorName name(full_name.substr(0, dot),
                               dot == std::string::npos ? "" : full_name.substr(dot + 1));
  const auto handle = c10::Dispatcher::singleton().findSchema(name);
  TORCH_CHECK_NOT_IMPLEMENTED(handle.has_value(), "operator ", full_name,
                              " does not exist in the loaded libtorch ", TORCH_VERSION,
                              ". Check its name and overload, or use a libtorch that has it");
  return *handle;
}

OperatorPlan::OperatorPlan(Environment& env, c10::OperatorHandle op) : env_(env), op_(op) {
  const c10::FunctionSchema& schema = op.schema();
  function_ = schema.name().substr(schema.name().rfind(':') + 1);
  for (const auto& argument : schema.arguments()) arguments_.push_back(plan_argument(argument));
  for (const auto& result : schema.returns()) written_.push_back(!written_to(result).empty());
  TORCH_CHECK_NOT_IMPLEMENTED(arguments_.size() < 40, function_, "() has too many arguments");
  factory_ = is_factory(schema);
  refusals_ = refusals_of(schema);
  resized_ = resized_arguments(schema);
  if (refusals_ == nullptr && resized_.empty()) fast_path_ = make_fast_path(op, factory_);
}

napi_value OperatorPlan::call(const napi_value* arguments, size_t count) {
  try {
    return call_once(arguments, count);
  } catch (const c10::Error& error) {
    if (!is_out_of_memory(error) || !collect_garbage(env_)) throw;
  }
  return call_once(arguments, count);
}

napi_value OperatorPlan::call_once(const napi_value* arguments, size_t count) {
  const NumberMemory::Lists lists(env_.numbers);
  if (count > arguments_.size()) {
    throw ArgumentError(function_ + "() takes " + std::to_string(arguments_.size()) + " arguments but " +
                        std::to_string(count) + " were given");
  }
  if (fast_path_ != nullptr) {
    napi_value result = nullptr;
    if (fast_path_->call(env_, arguments, result)) return finish(result);
  }
  // Taken, not borrowed: a hook may call another operator while this one runs.
  torch::jit::Stack stack = std::move(env_.stack);
  stack.clear();
  stack.reserve(arguments_.size());
  for (size_t i = 0; i < arguments_.size(); ++i) {
    stack.push_back(read_argument({env_, function_, arguments_[i], i}, arguments[i]));
  }
  if (refusals_ != nullptr) refuse(*refusals_, {op_.schema(), stack});
  if (resized_.empty()) {
    run(stack);
  } else {
    const FormerSizes former(stack, resized_);
    try {
      run(stack);
    } catch (...) {
      former.restore();
      throw;
    }
  }

  napi_value result = nullptr;
  if (written_.size() == 1) {
    if (!written_[0]) result = write_result(env_, std::move(stack[0]));
  } else if (!written_.empty()) {
    check(env_.napi, napi_create_array_with_length(env_.napi, written_.size(), &result));
    for (uint32_t i = 0; i < written_.size(); ++i) {
      if (written_[i]) continue;
      napi_value item = write_result(env_, std::move(stack[i]));
      check(env_.napi, napi_set_element(env_.napi, result, i, item));
    }
  }
  stack.clear();
  env_.stack = std::move(stack);
  return finish(result);
}

void OperatorPlan::run(torch::jit::Stack& stack) const {
  if (factory_) {
    // As torch::zeros and its like do; otherwise the fill would count as a change in place.
    const at::AutoDispatchBelowADInplaceOrView below;
    op_.callBoxed(stack);
  } else {
    op_.callBoxed(stack);
  }
}

napi_value OperatorPlan::finish(napi_value result) {
  if (!env_.warnings.empty()) emit_warnings(env_);
  return result;
}

namespace {

std::shared_ptr<OperatorPlan> plan_of(Environment& env, const std::string& name) {
  auto& plan = env.operators[name];
  if (plan == nullptr) plan = std::make_shared<OperatorPlan>(env, find_operator(name));
  return plan;
}

uint32_t number_of_op(Call& call) {
  call.env.numbered.push_back(plan_of(call.env, call.text(0, "name")));
  return static_cast<uint32_t>(call.env.numbered.size() - 1);
}

Napi::Value op(Call& call) {
  const std::string name = call.text(0, "name");
  const auto plan = plan_of(call.env, name);
  napi_value function;
  check(call.Env(), napi_create_function(call.Env(), name.data(), name.size(), entry_for(plan->arity()),
                                         plan.get(), &function));
  return {call.Env(), function};
}

Napi::Value operator_names(Call& call) {
  std::vector<napi_value> names;
  for (const auto& name : c10::Dispatcher::singleton().getAllOpNames()) {
    if (!c10::Dispatcher::singleton().findSchema(name)) continue;
    names.push_back(call.text(c10::toString(name)));
  }
  return call.array(names);
}

// What is asked before every call of the operator.
Napi::Value refusals(Call& call) {
  const Rules* rules = refusals_of(find_operator(call.text(0, "name")).schema());
  std::vector<napi_value> texts;
  if (rules != nullptr) {
    for (const Rule& rule : *rules) texts.push_back(call.text(rule.text));
  }
  return call.array(texts);
}

}  // namespace

void define_operators(Napi::Object exports) {
  define(exports, {ISOTORCH_FUNCTION(op),
                   ISOTORCH_FUNCTION(number_of_op),
                   {"call_numbered", call_numbered},
                   ISOTORCH_FUNCTION(operator_names),
                   ISOTORCH_FUNCTION(refusals)});
}

}  // namespace isotorch
