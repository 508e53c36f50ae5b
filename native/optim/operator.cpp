#include "optim/operator.h"

#include <ATen/core/stack.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "bridge/guard.h"
#include "bridge/operators.h"
#include "optim/plain.h"

namespace isotorch {
namespace {

using at::Tensor;
using c10::Scalar;

// How an argument is read. `Type` is the parameter's in the kernel's C++ signature.
template <typename Type>
struct Operand;

template <>
struct Operand<const Tensor&> {
  static constexpr c10::TypeKind kind = c10::TypeKind::TensorType;
  static const Tensor& read(double number, Tensor* row) { return row[static_cast<size_t>(number)]; }
};

template <>
struct Operand<Tensor&> {
  static constexpr c10::TypeKind kind = c10::TypeKind::TensorType;
  static Tensor& read(double number, Tensor* row) { return row[static_cast<size_t>(number)]; }
};

template <>
struct Operand<const Scalar&> {
  static constexpr c10::TypeKind kind = c10::TypeKind::NumberType;
  static Scalar read(double number, Tensor*) { return number; }
};

template <>
struct Operand<bool> {
  static constexpr c10::TypeKind kind = c10::TypeKind::BoolType;
  static bool read(double number, Tensor*) { return number != 0; }
};

template <>
struct Operand<std::optional<c10::MemoryFormat>> {
  static constexpr c10::TypeKind kind = c10::TypeKind::OptionalType;
  static std::optional<c10::MemoryFormat> read(double, Tensor*) { return std::nullopt; }
};

template <typename Signature>
class Call;

template <typename Result, typename... Args>
class Call<Result(Args...)> : public RowCall {
 public:
  static std::unique_ptr<RowCall> make(const c10::OperatorHandle& op) {
    const auto& arguments = op.schema().arguments();
    if (arguments.size() != sizeof...(Args) || !fits(arguments, std::index_sequence_for<Args...>()))
      return nullptr;
    try {
      return std::unique_ptr<RowCall>(new Call(op.typed<Result(Args...)>()));
    } catch (const c10::Error&) {
      return nullptr;  // the schema fits, but not the kernels' C++ signature
    }
  }

  void call(const double* arguments, Tensor* row, size_t out) const override {
    call(arguments, row, out, std::index_sequence_for<Args...>());
  }

 private:
  explicit Call(c10::TypedOperatorHandle<Result(Args...)> op) : op_(op) {}

  template <size_t... i>
  static bool fits(const std::vector<c10::Argument>& arguments, std::index_sequence<i...>) {
    return ((arguments[i].real_type()->kind() == Operand<Args>::kind) && ...);
  }

  template <size_t... i>
  void call(const double* arguments, Tensor* row, size_t out, std::index_sequence<i...>) const {
    if constexpr (std::is_same_v<Result, Tensor>) {
      row[out] = op_.call(Operand<Args>::read(arguments[i], row)...);
    } else {
      op_.call(Operand<Args>::read(arguments[i], row)...);
    }
  }

  c10::TypedOperatorHandle<Result(Args...)> op_;
};

using Make = std::unique_ptr<RowCall> (*)(const c10::OperatorHandle&);

// A number of a tape as an argument of a type.
c10::IValue boxed(const c10::Type& type, double number, const Tensor* row) {
  switch (type.kind()) {
    case c10::TypeKind::TensorType:
      return row[static_cast<size_t>(number)];
    case c10::TypeKind::NumberType:
      return Scalar(number);
    case c10::TypeKind::FloatType:
      return number;
    case c10::TypeKind::IntType:
      return static_cast<int64_t>(number);
    case c10::TypeKind::BoolType:
      return number != 0;
    case c10::TypeKind::ListType:
      return std::vector<int64_t>{static_cast<int64_t>(number)};
    default:
      return {};
  }
}

// Any signature, through the boxed kernel: costs a stack, which the larger operators do not notice.
class BoxedCall : public RowCall {
 public:
  explicit BoxedCall(c10::OperatorHandle op) : op_(std::move(op)) {}

  void call(const double* arguments, Tensor* row, size_t out) const override {
    torch::jit::Stack stack;
    for (const c10::Argument& argument : op_.schema().arguments()) {
      const double number = *arguments++;
      const auto* optional = argument.type()->castRaw<c10::OptionalType>();
      if (optional == nullptr) {
        stack.push_back(boxed(*argument.type(), number, row));
      } else if (std::isnan(number)) {
        stack.emplace_back();
      } else {
        stack.push_back(boxed(*optional->getElementType(), number, row));
      }
    }
    op_.callBoxed(&stack);
    row[out] = stack.back().toTensor();
  }

 private:
  c10::OperatorHandle op_;
};

// One row per C++ signature; operators that have it. The others are called boxed.
constexpr Make kSignatures[] = {
    Call<Tensor(const Tensor&)>::make,                                // sqrt, neg, view_as_real
    Call<Tensor&(Tensor&)>::make,                                     // sqrt_
    Call<Tensor(const Tensor&, const Tensor&)>::make,                 // mul, maximum
    Call<Tensor(const Scalar&, const Tensor&)>::make,                 // pow
    Call<Tensor&(Tensor&, const Tensor&)>::make,                      // mul_
    Call<Tensor&(const Tensor&, const Tensor&, Tensor&)>::make,       // maximum.out
    Call<Tensor(const Tensor&, const Scalar&)>::make,                 // gt
    Call<Tensor&(Tensor&, const Scalar&)>::make,                      // clamp_min_
    Call<Tensor(const Tensor&, const Tensor&, const Scalar&)>::make,  // add
    Call<Tensor&(Tensor&, const Tensor&, const Scalar&)>::make,       // add_, lerp_, masked_fill_
    Call<Tensor(const Tensor&, const Tensor&, const Tensor&, const Scalar&)>::make,  // addcmul
    Call<Tensor&(Tensor&, const Tensor&, const Tensor&, const Scalar&)>::make,       // addcmul_
    Call<Tensor(const Tensor&, std::optional<c10::MemoryFormat>)>::make,             // clone
    Call<Tensor&(Tensor&, const Tensor&, bool)>::make,                               // copy_
};

bool is_list(const c10::Argument& argument) {
  return argument.type()->kind() == c10::TypeKind::ListType &&
         argument.type()->castRaw<c10::ListType>()->getElementType()->kind() == c10::TypeKind::TensorType;
}

bool is_tensor_or_list(const c10::Argument& argument) {
  return argument.real_type()->kind() == c10::TypeKind::TensorType || is_list(argument);
}

// Whether a `_foreach_` operator takes a list where the operator takes a tensor, but perhaps one number, or one tensor for
// all, in second place.
bool agree(const c10::FunctionSchema& one, const c10::FunctionSchema& lists) {
  const size_t count = std::min(one.arguments().size(), lists.arguments().size());
  for (size_t i = 0; i < count; ++i) {
    const c10::Argument& argument = lists.arguments()[i];
    const c10::TypeKind kind = argument.type()->kind();
    const bool for_all = i == 1 && (kind == c10::TypeKind::NumberType || kind == c10::TypeKind::TensorType);
    if (!for_all && is_list(argument) != is_tensor_or_list(one.arguments()[i])) return false;
  }
  return true;
}

std::optional<c10::OperatorHandle> find_foreach(const c10::FunctionSchema& schema,
                                                std::initializer_list<const char*> overloads) {
  const std::string base = schema.name().substr(schema.name().find("::") + 2);
  const bool writes_out = schema.overload_name() == "out";
  for (const char* overload : overloads) {
    auto found = c10::Dispatcher::singleton().findSchema(
        {"aten::_foreach_" + base + (writes_out ? "_" : ""), overload});
    if (found.has_value() && agree(schema, found->schema())) return found;
  }
  return std::nullopt;
}

// The form whose numbers, one for each parameter, are a list.
std::optional<c10::OperatorHandle> find_numbers(const c10::FunctionSchema& schema) {
  const std::string base = schema.name().substr(schema.name().find("::") + 2);
  return c10::Dispatcher::singleton().findSchema({"aten::_foreach_" + base, "ScalarList"});
}

// Fused kernels look neither at shapes nor at strides: a shorter tensor would be read, an expanded one written, past
// its end.
void require_memory(const c10::Argument& argument, const std::vector<Tensor>& params,
                    const std::vector<Tensor>& tensors) {
  std::string name = argument.name();
  if (!name.empty() && name.back() == 's') name.pop_back();
  if (name == "momentum_buffer_list") name = "momentum_buffer";
  if (name == "grad") name = "gradient";
  if (name == "self") name = "parameter";
  for (size_t i = 0; i < params.size(); ++i) {
    if (name == "state_step") {
      TORCH_CHECK(tensors[i].numel() == 1, "step must have one element, but it has ", tensors[i].numel());
    } else {
      TORCH_CHECK(tensors[i].sizes() == params[i].sizes(), "expected ", name, " of shape ", params[i].sizes(),
                  " as its parameter, but it has shape ", tensors[i].sizes());
      TORCH_CHECK(tensors[i].is_non_overlapping_and_dense(), "`fused=True` requires ", name,
                  " to have memory for each element and no more, but it has strides ", tensors[i].strides(),
                  " for shape ", tensors[i].sizes(), "; use contiguous(), or no fused");
    }
  }
}

}  // namespace

UpdateOperator::UpdateOperator(const std::string& name)
    : handle_(find_operator(name)), plain_(plain_of(name)) {
  const c10::FunctionSchema& schema = handle_.schema();
  written_ = schema.arguments().size();
  for (size_t i = 0; i < schema.arguments().size(); ++i) {
    const c10::Argument& argument = schema.arguments()[i];
    tensors_.push_back(is_tensor_or_list(argument));
    if (argument.alias_info() != nullptr && argument.alias_info()->isWrite()) written_ = i;
  }
  if (!schema.arguments().empty() && is_list(schema.arguments()[0])) return;
  for (const Make make : kSignatures) {
    if (call_ == nullptr) call_ = make(handle_);
  }
  if (call_ == nullptr) call_ = std::make_unique<BoxedCall>(handle_);
  lists_ = find_foreach(schema, {"List", "Scalar", "ScalarAndTensor", ""});
  number_ = find_foreach(schema, {"Scalar"});
  tensor_ = find_foreach(schema, {"Tensor"});
  numbers_ = find_numbers(schema);
}

bool UpdateOperator::call_lists(const double* arguments, Registers& registers, const Shared& shared,
                                const Numbers& numbers, const std::vector<OwnNumber>& own, size_t out) const {
  const Tensor* for_all = nullptr;
  const std::vector<double>* of_each = nullptr;
  size_t position = 0;
  if (!own.empty()) {
    of_each = &numbers[own[0].source];
    position = own[0].argument;
  }
  if (!takes_lists()) {
    for (size_t i = 1; i < arity(); ++i) {
      if (!tensors_[i]) continue;
      const auto place = static_cast<size_t>(arguments[i]);
      if (shared.number[place]) {
        of_each = &numbers[*shared.number[place]];
        position = i;
      }
      if (shared.constants[place]) for_all = &registers[place][0];
    }
  }
  // A tensor for all stays one where there is an operator for that: its value may not be known yet.
  const bool is_tensor = for_all != nullptr && !for_all->unsafeGetTensorImpl()->is_wrapped_number();
  const std::optional<c10::OperatorHandle> op = takes_lists()                      ? handle_
                                                : of_each != nullptr               ? numbers_
                                                : is_tensor && tensor_.has_value() ? tensor_
                                                : for_all != nullptr               ? number_
                                                                                   : lists_;
  if (!op.has_value() || own.size() > 1) return false;
  // The form with a list of numbers has it last.
  if (of_each != nullptr && op->schema().arguments().size() != position + 1) return false;
  const bool fused = op->schema().name().rfind("aten::_fused_", 0) == 0;
  torch::jit::Stack stack;
  size_t index = 0;
  for (const c10::Argument& argument : op->schema().arguments()) {
    const double number = index < arity() ? arguments[index] : 0;
    switch (argument.type()->kind()) {
      case c10::TypeKind::ListType: {
        if (!takes_lists() && !is_list(argument)) {
          c10::impl::GenericList list(c10::NumberType::get());
          for (const double each : *of_each) list.push_back(Scalar(each));
          stack.emplace_back(std::move(list));
          break;
        }
        static const std::vector<Tensor> none;
        const std::vector<Tensor>& list = number < 0 ? none : registers[static_cast<size_t>(number)];
        if (fused && !list.empty()) require_memory(argument, registers[0], list);
        stack.emplace_back(list);
        break;
      }
      case c10::TypeKind::NumberType:
        stack.emplace_back(tensors_[index] ? registers[static_cast<size_t>(number)][0].item()
                                           : Scalar(number));
        break;
      case c10::TypeKind::TensorType:
        stack.emplace_back(registers[static_cast<size_t>(number)][0]);
        break;
      case c10::TypeKind::FloatType:
        stack.emplace_back(number);
        break;
      case c10::TypeKind::BoolType:
        stack.emplace_back(number != 0);
        break;
      default:
        stack.emplace_back();
    }
    ++index;
  }
  op->callBoxed(&stack);
  if (!stack.empty()) registers[out] = stack.back().toTensorVector();
  return true;
}

}  // namespace isotorch
