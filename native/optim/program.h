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

struct Line {
  const UpdateOperator* op;
  size_t out;
  const double* arguments;
};

struct Store {
  size_t column;
  size_t from;
};

struct Program {
  Program(const Environment& env, const std::vector<UpdateOperator>& operators,
          std::span<const double> numbers, size_t first_free);

  std::vector<Line> lines;
  std::vector<std::pair<size_t, at::Tensor>> constants;
  std::vector<Store> stores;
  std::optional<size_t> step;
  size_t registers;
};

}  // namespace isotorch
