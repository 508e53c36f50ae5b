// What an optimizer's update wrote down, sorted out.
#pragma once

#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "memory/environment.h"
#include "optim/operator.h"

namespace isotorch {

// The tensor behind a handle of a parameter or of its state.
const at::Tensor& tensor_at(const Environment& env, double handle);

// What a line computes that calls no operator: a number that each parameter has its own of.
enum class Arithmetic { kAdd, kSub, kMul, kDiv, kPow, kMin, kMax, kSqrt, kRound };

// One of the numbers that such a line reads: a number of the tape, or one that a line before it has computed.
struct Term {
  bool is_own;
  double number;
};

enum class LineKind { kCall, kItem, kSize, kNumel, kArithmetic, kWrap };

struct Line {
  LineKind kind;
  size_t out;  // a register, or a number's place
  // of kCall
  const UpdateOperator* op = nullptr;
  const double* arguments = nullptr;
  std::vector<OwnNumber> own = {};
  // of the others
  size_t from = 0;  // the register, or the number, that is read
  int64_t dim = 0;
  Arithmetic arithmetic = Arithmetic::kAdd;
  Term a = {}, b = {};
};

struct Store {
  size_t column;
  size_t from;
};

struct Program {
  Program(const Environment& env, const std::vector<UpdateOperator>& operators,
          std::span<const double> written, size_t first_free);

  std::vector<Line> lines;
  std::vector<std::pair<size_t, at::Tensor>> constants;
  std::vector<Store> stores;
  std::optional<size_t> step;
  size_t registers;
  size_t numbers = 0;
};

// A Python number as operators see it; made once, where one per call costs as much as the arithmetic.
at::Tensor wrapped_number(double value);

// Computes the number of a line that calls no operator and makes no tensor.
void compute(const Line& line, const at::Tensor* row, double* numbers);

}  // namespace isotorch
