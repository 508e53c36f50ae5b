// An operator as updates call it: with registers for tensors, and doubles for everything else.
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/dispatch/Dispatcher.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "optim/plain_kernels.h"

namespace isotorch {

// A register of every parameter: column `r` of the table is register `r`, a row is a parameter.
using Registers = std::vector<std::vector<at::Tensor>>;

// Calls for one parameter, whose registers `row` holds. Arguments are the schema's, in order: a register's number for a
// tensor, the number itself for a number, a bool or a list of one number, NaN for None, and anything for the rest, which
// take their defaults.
class RowCall {
 public:
  virtual ~RowCall() = default;
  virtual void call(const double* arguments, at::Tensor* row, size_t out) const = 0;
};

// Where a number comes from that each parameter has its own of: `numbers[source][i]` is parameter i's.
struct OwnNumber {
  size_t argument;
  size_t source;
};
using Numbers = std::vector<std::vector<double>>;

// What an operator of lists may be called with besides lists of tensors.
struct Shared {
  std::vector<bool> constants;                // registers that are one tensor for all
  std::vector<std::optional<size_t>> number;  // registers that are a number of each parameter's own: which
};

class UpdateOperator {
 public:
  explicit UpdateOperator(const std::string& name);  // for example aten::add_.Tensor

  size_t arity() const { return handle_.schema().arguments().size(); }
  // The argument that is written to, or arity().
  size_t written() const { return written_; }
  bool takes_lists() const { return call_ == nullptr; }
  Plain plain() const { return plain_; }
  // Whether an argument is a tensor, or a list of them.
  bool is_tensor(size_t argument) const { return tensors_[argument] != 0; }
  void call(const double* arguments, at::Tensor* row, size_t out) const { call_->call(arguments, row, out); }
  // One call for all parameters: the operator itself where it takes lists, else the `_foreach_` operator that does the
  // same to lists. False: there is none.
  bool call_lists(const double* arguments, Registers& registers, const Shared& shared, const Numbers& numbers,
                  const std::vector<OwnNumber>& own, size_t out) const;

 private:
  c10::OperatorHandle handle_;
  std::unique_ptr<RowCall> call_;  // null where the operator takes lists
  // `_foreach_` with a list, with a number, with a tensor for all, in second place; with a number of each one's own.
  std::optional<c10::OperatorHandle> lists_, number_, tensor_, numbers_;
  std::vector<uint8_t> tensors_;
  size_t written_;
  Plain plain_;
};

}  // namespace isotorch
