#include "optim/program.h"

#include <ATen/ScalarOps.h>

#include <algorithm>

namespace isotorch {

using at::Tensor;

namespace {

// What JavaScript writes down; numbers that are no operator's.
constexpr int kNumber = -1, kTensor = -2, kAdvance = -3, kStore = -4;

// A Python number as operators see it; made once, where one per call costs as much as the arithmetic.
Tensor wrapped_number(double value) {
  Tensor number = c10::scalar_to_tensor(value);
  number.unsafeGetTensorImpl()->set_wrapped_number(true);
  return number;
}

}  // namespace

const Tensor& tensor_at(const Environment& env, double handle) {
  const Tensor* tensor =
      handle >= 0 && handle < 4294967296.0 ? env.slots.find(static_cast<uint32_t>(handle)) : nullptr;
  TORCH_CHECK(tensor != nullptr,
              "optimizer: a parameter or a tensor of its state was disposed; keep it, or take it out");
  return *tensor;
}

Program::Program(const Environment& env, const std::vector<UpdateOperator>& operators,
                 std::span<const double> numbers, size_t first_free)
    : registers(first_free) {
  const double* at = numbers.data();
  const double* const end = at + numbers.size();
  const auto next = [&] {
    TORCH_CHECK_VALUE(at < end, "update: what was written down ends too early");
    return *at++;
  };
  const auto place = [&](double number) {
    TORCH_CHECK_VALUE(number >= 0 && number < 4096, "update: there is no register ", number);
    registers = std::max(registers, static_cast<size_t>(number) + 1);
    return static_cast<size_t>(number);
  };
  while (at < end) {
    const double number = next();
    TORCH_CHECK_VALUE(number >= kStore && number < static_cast<double>(operators.size()),
                      "update: there is no operator ", number);
    const int code = static_cast<int>(number);
    const size_t out = place(next());
    if (code == kNumber) {
      constants.emplace_back(out, wrapped_number(next()));
    } else if (code == kTensor) {
      constants.emplace_back(out, tensor_at(env, next()));
    } else if (code == kAdvance) {
      step = out;
    } else if (code == kStore) {
      stores.push_back({out, place(next())});
    } else {
      const UpdateOperator& op = operators[static_cast<size_t>(code)];
      TORCH_CHECK_VALUE(static_cast<size_t>(end - at) >= op.arity(),
                        "update: what was written down ends too early");
      for (size_t i = 0; i < op.arity(); ++i) {
        if (op.is_tensor(i) && !(op.takes_lists() && at[i] == -1)) place(at[i]);
      }
      lines.push_back({&op, out, at});
      at += op.arity();
    }
  }
}

}  // namespace isotorch
