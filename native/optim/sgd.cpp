#include "optim/sgd.h"

#include <ATen/Functions.h>
#include <torch/csrc/autograd/VariableTypeUtils.h>

namespace isotorch {

NamedTensors SgdState::named() const {
  if (!momentum_buffer.defined()) return {};
  return {{"momentum_buffer", momentum_buffer}};
}

void SgdState::set(const std::string& name, const at::Tensor& tensor) {
  TORCH_CHECK_VALUE(name == "momentum_buffer", "SGD has no state called '", name, "'");
  momentum_buffer = tensor;
}

namespace {

struct Options {
  double lr, momentum, dampening, weight_decay;
  bool nesterov, maximize;
  StepPath path;
};

Options read_options(const double* values, size_t count) {
  TORCH_CHECK_VALUE(count == 7, "SGD expects 7 options, got ", count);
  return {values[0],
          values[1],
          values[2],
          values[3],
          values[4] != 0,
          values[5] != 0,
          static_cast<StepPath>(static_cast<int>(values[6]))};
}

// The tensors of one step, parallel lists. Buffers are read before it and written back after it, as in
// Python, which shows when a parameter is listed twice.
struct Batch {
  std::vector<at::Tensor> params, grads, buffers;
  bool has_sparse_grad = false;
};

void step_single(Batch& batch, const Options& o) {
  const BelowAutograd below;
  for (size_t i = 0; i < batch.params.size(); ++i) {
    const at::Tensor& param = batch.params[i];
    at::Tensor grad = o.maximize ? batch.grads[i].neg() : batch.grads[i];
    if (o.weight_decay != 0) grad = grad.add(param, o.weight_decay);
    if (o.momentum != 0) {
      at::Tensor& buffer = batch.buffers[i];
      if (!buffer.defined()) {
        buffer = grad.detach().clone();
      } else {
        buffer.mul_(o.momentum).add_(grad, 1 - o.dampening);
      }
      grad = o.nesterov ? grad.add(buffer, o.momentum) : buffer;
    }
    param.add_(grad, -o.lr);
    torch::autograd::increment_version(param);
  }
}

std::vector<at::Tensor> momentum_buffers(const std::vector<at::Tensor*>& buffers,
                                         const std::vector<at::Tensor>& grads, const Options& o) {
  bool all = true;
  for (const at::Tensor* buffer : buffers) all &= buffer->defined();
  std::vector<at::Tensor> result;
  if (all) {
    for (const at::Tensor* buffer : buffers) result.push_back(*buffer);
    at::_foreach_mul_(result, o.momentum);
    at::_foreach_add_(result, grads, 1 - o.dampening);
    return result;
  }
  for (size_t i = 0; i < buffers.size(); ++i) {
    if (!buffers[i]->defined()) {
      *buffers[i] = grads[i].detach().clone();
    } else {
      buffers[i]->mul_(o.momentum).add_(grads[i], 1 - o.dampening);
    }
    result.push_back(*buffers[i]);
  }
  return result;
}

void step_foreach(Batch& batch, const std::vector<size_t>& indices, const Options& o) {
  const std::vector<at::Tensor> params = select(batch.params, indices);
  std::vector<at::Tensor> grads = select(batch.grads, indices);
  if (o.maximize) grads = at::_foreach_neg(grads);
  if (o.weight_decay != 0) {
    if (o.maximize) {
      at::_foreach_add_(grads, params, o.weight_decay);
    } else {
      grads = at::_foreach_add(grads, params, o.weight_decay);
    }
  }
  if (o.momentum != 0) {
    std::vector<at::Tensor*> buffers;
    for (const size_t index : indices) buffers.push_back(&batch.buffers[index]);
    std::vector<at::Tensor> moved = momentum_buffers(buffers, grads, o);
    if (o.nesterov) {
      // In place on the gradients, as Python does: with neither weight decay nor maximize, p.grad changes.
      at::_foreach_add_(grads, moved, o.momentum);
    } else {
      grads = std::move(moved);
    }
  }
  if (batch.has_sparse_grad) {
    for (size_t i = 0; i < params.size(); ++i) params[i].add_(grads[i], -o.lr);
  } else {
    at::_foreach_add_(params, grads, -o.lr);
  }
}

void step_fused(Batch& batch, const Options& o) {
  TORCH_CHECK(!batch.has_sparse_grad, "`_fused_sgd` does not support sparse gradients");
  bool is_first_step = o.momentum != 0;
  for (const at::Tensor& buffer : batch.buffers) is_first_step &= !buffer.defined();
  if (is_first_step) {
    for (size_t i = 0; i < batch.grads.size(); ++i) batch.buffers[i] = at::empty_like(batch.grads[i]);
  }
  for (size_t i = 0; i < batch.params.size(); ++i) {
    require_same_shape(batch.params[i], batch.grads[i], "gradient");
    if (o.momentum != 0) require_same_shape(batch.params[i], batch.buffers[i], "momentum_buffer");
  }
  for (const auto& indices : by_device_and_dtype(batch.params)) {
    std::vector<at::Tensor> buffers;
    if (o.momentum != 0) {
      for (const size_t index : indices) buffers.push_back(batch.buffers[index]);
    }
    at::_fused_sgd_(select(batch.params, indices), select(batch.grads, indices), buffers, o.weight_decay,
                    o.momentum, o.lr, o.dampening, o.nesterov, o.maximize, is_first_step);
  }
}

}  // namespace

void Sgd::step(size_t group, const double* values, size_t count) {
  const Options options = read_options(values, count);
  Batch batch;
  std::vector<SgdState*> states;
  for (Slot& slot : this->group(group)) {
    const at::Tensor& grad = slot.param.grad();
    if (!grad.defined()) continue;
    if (options.path == StepPath::kFused) require_fused_support(slot.param);
    batch.has_sparse_grad |= grad.is_sparse();
    batch.params.push_back(slot.param);
    batch.grads.push_back(grad);
    batch.buffers.push_back(slot.state->momentum_buffer);
    states.push_back(slot.state.get());
  }
  if (batch.params.empty()) return;
  switch (resolve(options.path, batch.params)) {
    case StepPath::kForeach:
      for (const auto& indices : by_device_and_dtype(batch.params)) step_foreach(batch, indices, options);
      break;
    case StepPath::kFused:
      step_fused(batch, options);
      break;
    default:
      step_single(batch, options);
  }
  if (options.momentum == 0) return;
  for (size_t i = 0; i < states.size(); ++i) states[i]->momentum_buffer = batch.buffers[i];
}

}  // namespace isotorch
