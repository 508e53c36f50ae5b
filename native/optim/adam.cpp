#include "optim/adam.h"

#include <ATen/Functions.h>
#include <c10/core/DefaultDtype.h>
#include <torch/csrc/autograd/VariableTypeUtils.h>

#include <cmath>
#include <optional>

namespace isotorch {

NamedTensors AdamState::named() const {
  if (!step.defined()) return {};
  NamedTensors result = {{"step", step}, {"exp_avg", exp_avg}, {"exp_avg_sq", exp_avg_sq}};
  if (max_exp_avg_sq.defined()) result.emplace_back("max_exp_avg_sq", max_exp_avg_sq);
  return result;
}

void AdamState::set(const std::string& name, const at::Tensor& tensor) {
  if (name == "step") {
    step = tensor;
  } else if (name == "exp_avg") {
    exp_avg = tensor;
  } else if (name == "exp_avg_sq") {
    exp_avg_sq = tensor;
  } else if (name == "max_exp_avg_sq") {
    max_exp_avg_sq = tensor;
  } else {
    TORCH_CHECK_VALUE(false, "Adam has no state called '", name, "'");
  }
}

namespace {

struct Options {
  double lr, beta1, beta2, eps, weight_decay;
  bool amsgrad, maximize, decoupled_weight_decay;
  StepPath path;
};

Options read_options(const double* values, size_t count) {
  TORCH_CHECK_VALUE(count == 9, "Adam expects 9 options, got ", count);
  return {values[0],      values[1],      values[2],
          values[3],      values[4],      values[5] != 0,
          values[6] != 0, values[7] != 0, static_cast<StepPath>(static_cast<int>(values[8]))};
}

// The tensors of one step, parallel lists.
struct Batch {
  std::vector<at::Tensor> params, grads, exp_avgs, exp_avg_sqs, max_exp_avg_sqs, steps;

  Batch pick(const std::vector<size_t>& indices) const {
    return {select(params, indices),      select(grads, indices),           select(exp_avgs, indices),
            select(exp_avg_sqs, indices), select(max_exp_avg_sqs, indices), select(steps, indices)};
  }
  void view_as_real() {
    const auto convert = [](std::vector<at::Tensor>& tensors) {
      for (auto& tensor : tensors) {
        if (tensor.is_complex()) tensor = at::view_as_real(tensor);
      }
    };
    for (auto* list : {&params, &grads, &exp_avgs, &exp_avg_sqs, &max_exp_avg_sqs}) convert(*list);
  }
};

void initialize(AdamState& state, const at::Tensor& param, const Options& options) {
  const bool fused = options.path == StepPath::kFused;
  if (fused) require_fused_support(param);
  const bool wide = !fused && c10::get_default_dtype_as_scalartype() == at::kDouble;
  state.step = at::zeros({}, at::TensorOptions()
                                 .dtype(wide ? at::kDouble : at::kFloat)
                                 .device(fused ? param.device() : c10::Device(at::kCPU)));
  state.exp_avg = at::zeros_like(param, at::MemoryFormat::Preserve);
  state.exp_avg_sq = at::zeros_like(param, at::MemoryFormat::Preserve);
  if (options.amsgrad) state.max_exp_avg_sq = at::zeros_like(param, at::MemoryFormat::Preserve);
}

double value_of(const at::Tensor& step) {
  return step.is_cpu() && step.scalar_type() == at::kFloat ? *step.const_data_ptr<float>()
                                                           : step.item().toDouble();
}

// step += 1. The usual step lives on the CPU, where a dispatch would cost more than the sum.
void advance(const at::Tensor& step) {
  TORCH_CHECK(step.numel() == 1, "Adam's step must have one element, but it has ", step.numel());
  if (step.is_cpu() && step.scalar_type() == at::kFloat) {
    *step.mutable_data_ptr<float>() += 1;
  } else {
    step.add_(1);
  }
}

// What a parameter needs of the options at its step; equal for all parameters that had as many steps.
struct StepNumbers {
  StepNumbers(const Options& o, double step)
      : step(step),
        step_size(o.lr / (1 - std::pow(o.beta1, step))),
        bias_correction2_sqrt(wrapped_number(std::pow(1 - std::pow(o.beta2, step), 0.5))) {}
  double step;
  double step_size;
  at::Tensor bias_correction2_sqrt;
};

void step_single(const Batch& batch, const Options& o) {
  const BelowAutograd below;
  const at::Tensor beta2 = wrapped_number(o.beta2);
  const at::Tensor eps = wrapped_number(o.eps);
  std::optional<StepNumbers> numbers;
  for (size_t i = 0; i < batch.params.size(); ++i) {
    const at::Tensor& param = batch.params[i];
    at::Tensor grad = o.maximize ? batch.grads[i].neg() : batch.grads[i];
    const at::Tensor& exp_avg = batch.exp_avgs[i];
    const at::Tensor& exp_avg_sq = batch.exp_avg_sqs[i];
    advance(batch.steps[i]);
    const double step = value_of(batch.steps[i]);
    if (!numbers || numbers->step != step) numbers.emplace(o, step);

    if (o.weight_decay != 0) {
      if (o.decoupled_weight_decay) {
        param.mul_(1 - o.lr * o.weight_decay);
        torch::autograd::increment_version(param);
      } else {
        grad = grad.add(param, o.weight_decay);
      }
    }
    exp_avg.lerp_(grad, 1 - o.beta1);
    exp_avg_sq.mul_(beta2).addcmul_(grad, grad, 1 - o.beta2);
    at::Tensor max_exp_avg_sq = o.amsgrad ? batch.max_exp_avg_sqs[i] : exp_avg_sq;
    if (o.amsgrad) at::maximum_out(max_exp_avg_sq, max_exp_avg_sq, exp_avg_sq);
    // In place where Python allocates: the same arithmetic on less memory.
    at::Tensor denom = max_exp_avg_sq.sqrt();
    denom.div_(numbers->bias_correction2_sqrt).add_(eps);
    param.addcdiv_(exp_avg, denom, -numbers->step_size);
    torch::autograd::increment_version(param);
  }
}

void step_foreach(const Batch& batch, const Options& o) {
  std::vector<at::Tensor> grads = o.maximize ? at::_foreach_neg(batch.grads) : batch.grads;
  std::vector<at::Scalar> step_sizes, bias_correction2_sqrts;
  for (const auto& tensor : batch.steps) advance(tensor);
  for (const auto& tensor : batch.steps) {
    const double step = value_of(tensor);
    step_sizes.emplace_back((o.lr / (1 - std::pow(o.beta1, step))) * -1);
    bias_correction2_sqrts.emplace_back(std::pow(1 - std::pow(o.beta2, step), 0.5));
  }
  if (o.weight_decay != 0) {
    if (o.decoupled_weight_decay) {
      at::_foreach_mul_(batch.params, 1 - o.lr * o.weight_decay);
    } else if (o.maximize) {
      at::_foreach_add_(grads, batch.params, o.weight_decay);
    } else {
      grads = at::_foreach_add(grads, batch.params, o.weight_decay);
    }
  }
  at::_foreach_lerp_(batch.exp_avgs, grads, 1 - o.beta1);
  at::_foreach_mul_(batch.exp_avg_sqs, o.beta2);
  at::_foreach_addcmul_(batch.exp_avg_sqs, grads, grads, 1 - o.beta2);
  if (o.amsgrad) at::_foreach_maximum_(batch.max_exp_avg_sqs, batch.exp_avg_sqs);
  std::vector<at::Tensor> denom = at::_foreach_sqrt(o.amsgrad ? batch.max_exp_avg_sqs : batch.exp_avg_sqs);
  at::_foreach_div_(denom, bias_correction2_sqrts);
  at::_foreach_add_(denom, o.eps);
  at::_foreach_addcdiv_(batch.params, batch.exp_avgs, denom, step_sizes);
}

void step_fused(const Batch& batch, const Options& o) {
  for (size_t i = 0; i < batch.params.size(); ++i) {
    require_same_shape(batch.params[i], batch.grads[i], "gradient");
    require_same_shape(batch.params[i], batch.exp_avgs[i], "exp_avg");
    require_same_shape(batch.params[i], batch.exp_avg_sqs[i], "exp_avg_sq");
    if (o.amsgrad) require_same_shape(batch.params[i], batch.max_exp_avg_sqs[i], "max_exp_avg_sq");
    TORCH_CHECK(batch.steps[i].numel() == 1, "Adam's step must have one element, but it has ",
                batch.steps[i].numel());
  }
  at::_foreach_add_(batch.steps, 1);
  if (o.decoupled_weight_decay) {
    at::_fused_adamw_(batch.params, batch.grads, batch.exp_avgs, batch.exp_avg_sqs, batch.max_exp_avg_sqs,
                      batch.steps, o.lr, o.beta1, o.beta2, o.weight_decay, o.eps, o.amsgrad, o.maximize);
  } else {
    at::_fused_adam_(batch.params, batch.grads, batch.exp_avgs, batch.exp_avg_sqs, batch.max_exp_avg_sqs,
                     batch.steps, o.lr, o.beta1, o.beta2, o.weight_decay, o.eps, o.amsgrad, o.maximize);
  }
}

}  // namespace

void Adam::step(size_t group, const double* values, size_t count) {
  Options options = read_options(values, count);
  Batch batch;
  for (Slot& slot : this->group(group)) {
    const at::Tensor& grad = slot.param.grad();
    if (!grad.defined()) continue;  // a None gradient skips the parameter; a zero one would not
    TORCH_CHECK(!grad.is_sparse(),
                "Adam does not support sparse gradients, please consider SparseAdam instead");
    AdamState& state = *slot.state;
    if (!state.step.defined()) initialize(state, slot.param, options);
    batch.params.push_back(slot.param);
    batch.grads.push_back(grad);
    batch.exp_avgs.push_back(state.exp_avg);
    batch.exp_avg_sqs.push_back(state.exp_avg_sq);
    batch.steps.push_back(state.step);
    if (options.amsgrad) {
      TORCH_CHECK(state.max_exp_avg_sq.defined(),
                  "amsgrad was switched on after the first step: there is no max_exp_avg_sq");
      batch.max_exp_avg_sqs.push_back(state.max_exp_avg_sq);
    }
  }
  if (batch.params.empty()) return;
  options.path = resolve(options.path, batch.params);
  if (options.path == StepPath::kSingle) {
    batch.view_as_real();
    return step_single(batch, options);
  }
  for (const auto& indices : by_device_and_dtype(batch.params)) {
    Batch part = batch.pick(indices);
    if (options.path == StepPath::kForeach) {
      part.view_as_real();
      step_foreach(part, options);
    } else {
      step_fused(part, options);
    }
  }
}

}  // namespace isotorch
