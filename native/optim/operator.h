// An operator as updates call it: with registers for tensors, and doubles for everything else.
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/dispatch/Dispatcher.h>

#include <memory>
#include <string>
#include <vector>

namespace isotorch {

// A register of every parameter: column `r` of the table is register `r`, a row is a parameter.
using Registers = std::vector<std::vector<at::Tensor>>;

// Calls for one parameter, whose registers `row` holds. Arguments are the schema's, in order: a register's number for a
// tensor, the number itself for a number or a bool, anything for the rest, which take their defaults.
class UnboxedCall {
 public:
  virtual ~UnboxedCall() = default;
  virtual void call(const double* arguments, at::Tensor* row, size_t out) const = 0;
};

class UpdateOperator {
 public:
  explicit UpdateOperator(const std::string& name);  // for example aten::add_.Tensor

  size_t arity() const { return handle_.schema().arguments().size(); }
  // The argument that is written to, or arity().
  size_t written() const { return written_; }
  bool takes_lists() const { return unboxed_ == nullptr; }
  // Whether an argument is a tensor, or a list of them.
  bool is_tensor(size_t argument) const { return tensors_[argument] != 0; }
  void call(const double* arguments, at::Tensor* row, size_t out) const {
    unboxed_->call(arguments, row, out);
  }
  // One call for all parameters: the operator itself where it takes lists, else the `_foreach_` operator that does the
  // same to lists. `constants` are the registers that are one number for all. False: there is none.
  bool call_lists(const double* arguments, Registers& registers, const std::vector<bool>& constants,
                  size_t out) const;

 private:
  c10::OperatorHandle handle_;
  std::unique_ptr<UnboxedCall> unboxed_;  // null where the operator takes lists
  // `_foreach_` with a list, with a number, with a tensor for all, in second place.
  std::optional<c10::OperatorHandle> lists_, number_, tensor_;
  std::vector<uint8_t> tensors_;
  size_t written_;
};

}  // namespace isotorch
