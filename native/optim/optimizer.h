// Optimizers with their state on the native side: one call from JavaScript per step and group.
#pragma once

#include <ATen/core/LegacyTypeDispatch.h>
#include <ATen/core/Tensor.h>
#include <node_api.h>

#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "memory/environment.h"

namespace isotorch {

struct Call;

// How a step is computed. Python chooses by device when the user does not.
enum class StepPath { kSingle = 0, kForeach = 1, kFused = 2, kDefault = 3 };

using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

class Optimizer : public Owned {
 public:
  virtual void add_group(std::vector<at::Tensor> params) = 0;
  // One update of a group with this step's options, in the order that the subclass documents.
  virtual void step(size_t group, const double* options, size_t count) = 0;
  // State of one parameter; empty before its first step.
  virtual NamedTensors state(size_t group, size_t index) const = 0;
  virtual void set_state(size_t group, size_t index, const NamedTensors& state) = 0;
  virtual void zero_grad(bool set_to_none) = 0;
};

// Groups of parameters, each with a state of type `State`.
template <typename State>
class StatefulOptimizer : public Optimizer {
 public:
  struct Slot {
    at::Tensor param;
    std::shared_ptr<State> state;  // shared by repeated parameters: Python keeps state by tensor
  };

  void add_group(std::vector<at::Tensor> params) override {
    std::vector<Slot> group;
    std::unordered_map<const void*, std::shared_ptr<State>> states;
    for (auto& param : params) {
      auto& state = states[param.unsafeGetTensorImpl()];
      if (state == nullptr) state = std::make_shared<State>();
      group.push_back({std::move(param), state});
    }
    groups_.push_back(std::move(group));
  }
  NamedTensors state(size_t group, size_t index) const override { return slot(group, index).state->named(); }
  void set_state(size_t group, size_t index, const NamedTensors& state) override {
    State fresh;
    for (const auto& [name, tensor] : state) fresh.set(name, tensor);
    *slot(group, index).state = std::move(fresh);
  }
  void zero_grad(bool set_to_none) override;

 protected:
  std::vector<Slot>& group(size_t number) {
    TORCH_CHECK_INDEX(number < groups_.size(), "there is no parameter group ", number);
    return groups_[number];
  }
  std::vector<std::vector<Slot>> groups_;

 private:
  const Slot& slot(size_t number, size_t index) const {
    TORCH_CHECK_INDEX(number < groups_.size() && index < groups_[number].size(), "there is no parameter ",
                      index, " in group ", number);
    return groups_[number][index];
  }
};

// Sets a gradient to None, or detaches and zeroes it in place, as Optimizer.zero_grad does.
void clear_grad(const at::Tensor& param, bool set_to_none);

template <typename State>
void StatefulOptimizer<State>::zero_grad(bool set_to_none) {
  for (auto& group : groups_) {
    for (auto& slot : group) clear_grad(slot.param, set_to_none);
  }
}

// Python's default: foreach where every parameter is on an accelerator, else one tensor at a time.
StepPath resolve(StepPath path, const std::vector<at::Tensor>& params);

// Splits indices into groups of equal device and dtype, which foreach operators want.
std::vector<std::vector<size_t>> by_device_and_dtype(const std::vector<at::Tensor>& params);

std::vector<at::Tensor> select(const std::vector<at::Tensor>& tensors, const std::vector<size_t>& indices);

// Calls kernels without passing through autograd, which has nothing to record here. Who changes a
// parameter must then move its version counter, so that a stale graph is still found out.
using BelowAutograd = at::AutoDispatchBelowADInplaceOrView;

// A Python number as operators see it; made once, where one per call costs as much as the arithmetic.
at::Tensor wrapped_number(double value);

// Fused kernels do not look at shapes: a shorter tensor would be read past its end.
void require_same_shape(const at::Tensor& param, const at::Tensor& other, const char* name);

// Fused kernels take floating point tensors of some devices only.
void require_fused_support(const at::Tensor& param);

napi_value optimizer(Call& call);
napi_value optimizer_add_group(Call& call);
napi_value optimizer_step(Call& call);
napi_value optimizer_state(Call& call);
napi_value optimizer_set_state(Call& call);
napi_value zero_grad(Call& call);
napi_value optimizer_zero_grad(Call& call);

}  // namespace isotorch
