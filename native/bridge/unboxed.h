// Calls of operators without boxing: the C++ signature says how every argument is read.
#pragma once

#include <ATen/core/LegacyTypeDispatch.h>
#include <ATen/core/dispatch/Dispatcher.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "bridge/fast_path.h"
#include "bridge/guard.h"
#include "bridge/plain_lists.h"
#include "bridge/plain_tensors.h"
#include "bridge/results.h"

namespace isotorch {

template <typename Signature>
class Unboxed;

template <typename Result, typename... Args>
class Unboxed<Result(Args...)> : public FastPath {
 public:
  // Null when the schema is another one. Throws c10::Error when only the C++ signature is.
  static std::unique_ptr<FastPath> make(const c10::OperatorHandle& op, bool factory) {
    const auto& arguments = op.schema().arguments();
    if (arguments.size() != sizeof...(Args) || !fits(arguments, std::index_sequence_for<Args...>()))
      return nullptr;
    return std::unique_ptr<FastPath>(new Unboxed(op, factory));
  }

  bool call(Environment& env, const napi_value* arguments, napi_value& result) const override {
    return call(env, arguments, result, std::index_sequence_for<Args...>());
  }

 private:
  using Readers = std::tuple<Reader<Args>...>;

  Unboxed(const c10::OperatorHandle& op, bool factory)
      : op_(op.typed<Result(Args...)>()),
        factory_(factory),
        composite_(op.hasKernelForDispatchKey(c10::DispatchKey::CompositeImplicitAutograd)),
        makes_its_own_(makes_its_own(op)) {
    take_defaults(op.schema().arguments(), std::index_sequence_for<Args...>());
  }

  // Whether autograd's kernel of the operator runs the computation below the bookkeeping of views and changes in place,
  // as it does where no argument is changed and no result shares memory with one.
  static bool makes_its_own(const c10::OperatorHandle& op) {
    if (!op.hasKernelForDispatchKey(c10::DispatchKey::Autograd)) return false;
    const auto shares = [](const c10::Argument& argument) { return argument.alias_info() != nullptr; };
    const auto& [arguments, returns] = std::tie(op.schema().arguments(), op.schema().returns());
    return std::none_of(arguments.begin(), arguments.end(), shares) &&
           std::none_of(returns.begin(), returns.end(), shares);
  }

  template <size_t... i>
  static bool fits(const std::vector<c10::Argument>& arguments, std::index_sequence<i...>) {
    return (Reader<Args>::fits(*arguments[i].real_type()) && ...);
  }

  template <size_t... i>
  void take_defaults(const std::vector<c10::Argument>& arguments, std::index_sequence<i...>) {
    ((has_default_[i] = arguments[i].default_value().has_value(),
      has_default_[i] ? std::get<i>(start_).set_default(*arguments[i].default_value()) : void(),
      expands_to_[i] = arguments[i].N().value_or(0)),
     ...);
  }

  template <size_t i>
  bool read(const Environment& env, Readers& readers, napi_value value) const {
    if (has_default_[i] && is_absent(env, value, napi_undefined)) return true;
    return std::get<i>(readers).read(env, value, expands_to_[i]);
  }

  template <size_t... i>
  bool call(Environment& env, const napi_value* arguments, napi_value& result,
            std::index_sequence<i...>) const {
    Readers readers = start_;
    if (!(read<i>(env, readers, arguments[i]) && ...) || !(std::get<i>(readers).resolve(env) && ...))
      return false;
    const auto run = [&] { write(env, op_.call(std::get<i>(readers).get()...), result); };
    const bool grad_mode = at::GradMode::is_enabled();
    const bool recorded = composite_ || (std::get<i>(readers).recorded(grad_mode) || ...);
    if (factory_ || (makes_its_own_ && !recorded)) {
      // As torch::zeros and its like do; otherwise the fill would count as a change in place.
      const at::AutoDispatchBelowADInplaceOrView below;
      run();
    } else if (recorded) {
      run();
    } else {
      const at::AutoDispatchBelowAutograd below;
      run();
    }
    return true;
  }

  static void write(Environment& env, at::Tensor tensor, napi_value& result) {
    result = write_result(env, std::move(tensor));
  }

  template <typename... Tensors>
  static void write(Environment& env, std::tuple<Tensors...> tensors, napi_value& result) {
    write(env,
          std::apply(
              [](auto&... each) { return std::array<at::Tensor, sizeof...(Tensors)>{std::move(each)...}; },
              tensors),
          result);
  }

  template <typename List>
  static void write(Environment& env, List tensors, napi_value& result) {
    double* memory = env.room_for_results(tensors.size());
    const auto defined = [](const at::Tensor& tensor) { return tensor.defined(); };
    if (memory != nullptr && std::all_of(tensors.begin(), tensors.end(), defined)) {
      for (auto& tensor : tensors) *memory++ = env.slots.insert(std::move(tensor));
      check(env.napi, napi_create_uint32(env.napi, tensors.size(), &result));
      return;
    }
    check(env.napi, napi_create_array_with_length(env.napi, tensors.size(), &result));
    for (uint32_t index = 0; index < tensors.size(); ++index) {
      check(env.napi,
            napi_set_element(env.napi, result, index, write_result(env, std::move(tensors[index]))));
    }
  }

  c10::TypedOperatorHandle<Result(Args...)> op_;
  bool factory_;
  bool composite_;
  bool makes_its_own_;
  Readers start_;
  std::array<bool, sizeof...(Args)> has_default_{};
  std::array<int64_t, sizeof...(Args)> expands_to_{};
};

}  // namespace isotorch
