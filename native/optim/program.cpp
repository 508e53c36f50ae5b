#include "optim/program.h"

#include <ATen/ScalarOps.h>

#include <algorithm>
#include <cmath>

namespace isotorch {

using at::Tensor;

namespace {

// What JavaScript writes down; numbers that are no operator's.
constexpr int kNumber = -1, kTensor = -2, kAdvance = -3, kStore = -4, kItem = -5, kSize = -6, kNumel = -7,
              kArithmetic = -8, kWrap = -9, kOwn = -10;

}  // namespace

const Tensor& tensor_at(const Environment& env, double handle) {
  const Tensor* tensor =
      handle >= 0 && handle < 4294967296.0 ? env.slots.find(static_cast<uint32_t>(handle)) : nullptr;
  TORCH_CHECK(tensor != nullptr,
              "optimizer: a parameter or a tensor of its state was disposed; keep it, or take it out");
  return *tensor;
}

Program::Program(const Environment& env, const std::vector<UpdateOperator>& operators,
                 std::span<const double> written, size_t first_free)
    : registers(first_free) {
  const double* at = written.data();
  const double* const end = at + written.size();
  const auto next = [&] {
    TORCH_CHECK_VALUE(at < end, "update: what was written down ends too early");
    return *at++;
  };
  const auto place = [&](double number) {
    TORCH_CHECK_VALUE(number >= 0 && number < 4096, "update: there is no register ", number);
    registers = std::max(registers, static_cast<size_t>(number) + 1);
    return static_cast<size_t>(number);
  };
  const auto number_place = [&](double number) {
    TORCH_CHECK_VALUE(number >= 0 && number < 4096, "update: there is no number ", number);
    numbers = std::max(numbers, static_cast<size_t>(number) + 1);
    return static_cast<size_t>(number);
  };
  const auto term = [&] {
    const bool is_own = next() != 0;
    const double number = next();
    if (is_own) number_place(number);
    return Term{is_own, number};
  };
  std::vector<OwnNumber> own;
  while (at < end) {
    const double number = next();
    TORCH_CHECK_VALUE(number >= kOwn && number < static_cast<double>(operators.size()),
                      "update: there is no operator ", number);
    const int code = static_cast<int>(number);
    switch (code) {
      case kNumber: {
        const size_t out = place(next());
        constants.emplace_back(out, wrapped_number(next()));
        break;
      }
      case kTensor: {
        const size_t out = place(next());
        constants.emplace_back(out, tensor_at(env, next()));
        break;
      }
      case kAdvance:
        step = place(next());
        break;
      case kStore: {
        const size_t column = place(next());
        stores.push_back({column, place(next())});
        break;
      }
      case kItem: {
        const size_t out = number_place(next());
        lines.push_back({.kind = LineKind::kItem, .out = out, .from = place(next())});
        break;
      }
      case kSize: {
        const size_t out = number_place(next());
        const size_t from = place(next());
        lines.push_back(
            {.kind = LineKind::kSize, .out = out, .from = from, .dim = static_cast<int64_t>(next())});
        break;
      }
      case kNumel: {
        const size_t out = number_place(next());
        lines.push_back({.kind = LineKind::kNumel, .out = out, .from = place(next())});
        break;
      }
      case kArithmetic: {
        const size_t out = number_place(next());
        const double which = next();
        TORCH_CHECK_VALUE(which >= 0 && which <= static_cast<double>(Arithmetic::kRound),
                          "update: there is no arithmetic ", which);
        const Term a = term();
        const Term b = term();
        lines.push_back({.kind = LineKind::kArithmetic,
                         .out = out,
                         .arithmetic = static_cast<Arithmetic>(static_cast<int>(which)),
                         .a = a,
                         .b = b});
        break;
      }
      case kWrap: {
        const size_t out = place(next());
        lines.push_back({.kind = LineKind::kWrap, .out = out, .from = number_place(next())});
        break;
      }
      case kOwn: {
        const size_t argument = place(next());
        own.push_back({argument, number_place(next())});
        break;
      }
      default: {
        const size_t out = place(next());
        const UpdateOperator& op = operators[static_cast<size_t>(code)];
        TORCH_CHECK_VALUE(static_cast<size_t>(end - at) >= op.arity(),
                          "update: what was written down ends too early");
        for (size_t i = 0; i < op.arity(); ++i) {
          if (op.is_tensor(i) && !(op.takes_lists() && at[i] == -1)) place(at[i]);
        }
        for (const OwnNumber& each : own) {
          TORCH_CHECK_VALUE(each.argument < op.arity(), "update: there is no argument ", each.argument);
        }
        lines.push_back(
            {.kind = LineKind::kCall, .out = out, .op = &op, .arguments = at, .own = std::move(own)});
        own = {};
        at += op.arity();
      }
    }
  }
}

void compute(const Line& line, const at::Tensor* row, double* numbers) {
  const auto value = [&](const Term& term) {
    return term.is_own ? numbers[static_cast<size_t>(term.number)] : term.number;
  };
  double& out = numbers[line.out];
  switch (line.kind) {
    case LineKind::kItem:
      TORCH_CHECK_VALUE(row[line.from].defined(), "update: a register is read before it is written");
      out = row[line.from].item().toDouble();
      return;
    case LineKind::kSize:
      out = static_cast<double>(row[line.from].size(line.dim));
      return;
    case LineKind::kNumel:
      out = static_cast<double>(row[line.from].numel());
      return;
    default:
      break;
  }
  const double a = value(line.a);
  const double b = value(line.b);
  switch (line.arithmetic) {
    case Arithmetic::kAdd:
      out = a + b;
      break;
    case Arithmetic::kSub:
      out = a - b;
      break;
    case Arithmetic::kMul:
      out = a * b;
      break;
    case Arithmetic::kDiv:
      out = a / b;
      break;
    case Arithmetic::kPow:
      out = std::pow(a, b);
      break;
    // As Python's: the first one, unless the second one is better.
    case Arithmetic::kMin:
      out = b < a ? b : a;
      break;
    case Arithmetic::kMax:
      out = b > a ? b : a;
      break;
    case Arithmetic::kSqrt:
      out = std::sqrt(a);
      break;
    case Arithmetic::kRound:
      out = static_cast<float>(a);
      break;
  }
}

Tensor wrapped_number(double value) {
  Tensor number = c10::scalar_to_tensor(value);
  number.unsafeGetTensorImpl()->set_wrapped_number(true);
  return number;
}

}  // namespace isotorch
