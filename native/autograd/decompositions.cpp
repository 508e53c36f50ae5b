#include "autograd/decompositions.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/csrc/api/include/torch/jit.h>
#include <torch/csrc/jit/runtime/decomposition_registry.h>

#include <mutex>
#include <string>

namespace isotorch {
namespace {

// TorchScript. The order of operations is that of torch/_decomp as scripted (without its casts of float16 and bfloat16),
// because tangents shall have Python's bits.
constexpr const char* kSource = R"(
def trace(self: Tensor) -> Tensor:
    return torch.sum(torch.diag(self))

def log_sigmoid_forward(self: Tensor) -> Tuple[Tensor, Tensor]:
    low = torch.minimum(self.new_zeros([]), self)
    z = torch.exp(-torch.abs(self))
    buffer = z
    if self.is_cuda:
        buffer = self.new_zeros([0])
    return low - torch.log1p(z), buffer

def softmax_backward(grad_output: Tensor, output: Tensor, dim: int, input_dtype: int) -> Tensor:
    weighted = grad_output * output
    grad_input = weighted - output * torch.sum(weighted, dim=[dim], keepdim=True)
    if grad_output.dtype != input_dtype:
        grad_input = grad_input.to(input_dtype)
    return grad_input.contiguous()

def log_softmax_backward(grad_output: Tensor, output: Tensor, dim: int, input_dtype: int) -> Tensor:
    grad_input = grad_output - torch.exp(output) * torch.sum(grad_output, dim=[dim], keepdim=True)
    if grad_output.dtype != input_dtype:
        grad_input = grad_input.to(input_dtype)
    return grad_input

def nll_loss_backward(grad_output: Tensor, self: Tensor, target: Tensor, weight: Optional[Tensor], reduction: int, ignore_index: int, total_weight: Tensor) -> Tensor:
    channel = 0 if self.dim() < 2 else 1
    if reduction == 1:
        grad_output = grad_output / total_weight
    if self.dim() == 1 and target.dim() > 0:
        target = target[0]
    target = target.unsqueeze(channel)
    chosen = torch.where(target != ignore_index, target, 0)
    grad_input = torch.scatter(torch.zeros_like(self), channel, chosen, -1.0)
    if grad_input.dim() > grad_output.dim() and grad_output.dim() > 0:
        grad_output = grad_output.unsqueeze(channel)
    if weight is not None:
        shape = [1 for _ in range(self.dim())]
        shape[channel] = weight.shape[0]
        grad_output = grad_output * weight.reshape(shape)
    grad_output = torch.where(target != ignore_index, grad_output, 0)
    return grad_input * grad_output

def fresh_moments(input: Tensor, rstd: Tensor, dims: List[int], keepdim: bool) -> Tuple[Tensor, Tensor]:
    var, mean = torch.var_mean(input, dim=dims, correction=0, keepdim=keepdim)
    eps = torch.pow(1 / rstd, 2) - var
    return mean, torch.rsqrt(var + eps.detach())

def layer_norm_backward(grad_out: Tensor, input: Tensor, normalized_shape: List[int], mean: Tensor, rstd: Tensor, weight: Optional[Tensor], bias: Optional[Tensor], output_mask: List[bool]) -> Tuple[Tensor, Tensor, Tensor]:
    axis = input.dim() - len(normalized_shape)
    inner = [i for i in range(axis, input.dim())]
    outer = [i for i in range(axis)]
    count = 1
    for i in inner:
        count *= input.shape[i]
    rows = 1
    for i in outer:
        rows *= input.shape[i]
    if rows <= 0 or count <= 0:
        return input.new_zeros(input.shape), input.new_zeros(input.shape[axis:]), input.new_zeros(input.shape[axis:])
    center, scale = fresh_moments(input, rstd, inner, True)
    x_hat = (input - center) * scale
    grad_x_hat = grad_out
    if weight is not None:
        grad_x_hat = grad_out * weight
    a = grad_x_hat * count
    b = torch.sum(grad_x_hat, inner, True)
    c = torch.mul(x_hat, torch.sum(torch.mul(grad_x_hat, x_hat), inner, True))
    if output_mask[0]:
        d_input = (scale / count) * (a - b - c)
    else:
        d_input = torch.zeros_like(input)
    if weight is None:
        d_weight = torch.zeros([])
    elif output_mask[1]:
        d_weight = grad_out * x_hat
        if len(outer) > 0:
            d_weight = torch.sum(d_weight, outer, False)
    else:
        d_weight = torch.zeros_like(weight)
    if bias is None:
        d_bias = torch.zeros([])
    elif output_mask[2]:
        if len(outer) > 0:
            d_bias = torch.sum(grad_out, outer, False)
        else:
            d_bias = grad_out.clone()
    else:
        d_bias = torch.zeros_like(bias)
    return d_input, d_weight, d_bias

def batch_norm_backward(grad_out: Tensor, input: Tensor, weight: Optional[Tensor], running_mean: Optional[Tensor], running_var: Optional[Tensor], save_mean: Optional[Tensor], save_invstd: Optional[Tensor], train: bool, eps: float, output_mask: List[bool]) -> Tuple[Tensor, Tensor, Tensor]:
    rank = input.dim()
    total = 1
    for i in input.shape:
        total *= i
    features = total / input.shape[1]
    dims = [0] + [i for i in range(2, rank)]
    if train:
        assert save_invstd is not None
        mean, invstd = fresh_moments(input, save_invstd, dims, False)
    else:
        assert running_mean is not None and running_var is not None
        mean = running_mean
        invstd = torch.rsqrt(running_var + eps)
    shape = [1 for _ in range(rank)]
    shape[1] = input.shape[1]
    mean = torch.reshape(mean, shape)
    norm = 1.0 / features
    grad_sum = torch.sum(grad_out, dims)
    dot = torch.sum(grad_out * (input - mean), dims)
    grad_mean = torch.reshape(grad_sum * norm, shape)
    proj_scale = torch.reshape(torch.mul(dot * norm, invstd * invstd), shape)
    if weight is None:
        grad_scale = torch.reshape(invstd, shape) * 1.0
    else:
        grad_scale = torch.reshape(invstd * weight, shape)
    if train:
        proj = (input - mean) * proj_scale
        grad_input = ((grad_out - proj) - grad_mean) * grad_scale
    else:
        grad_input = grad_out * grad_scale
    if output_mask[1]:
        grad_weight = dot * invstd
    elif weight is not None:
        grad_weight = torch.zeros_like(weight)
    else:
        grad_weight = torch.zeros([])
    if output_mask[2]:
        grad_bias = grad_sum
    else:
        grad_bias = torch.zeros_like(grad_sum)
    return grad_input, grad_weight, grad_bias
)";

struct StandIn {
  const char* op;
  const char* function;
};

constexpr StandIn kStandIns[] = {
    {"aten::trace", "trace"},
    {"aten::log_sigmoid_forward", "log_sigmoid_forward"},
    {"aten::_softmax_backward_data", "softmax_backward"},
    {"aten::_log_softmax_backward_data", "log_softmax_backward"},
    {"aten::nll_loss_backward", "nll_loss_backward"},
    {"aten::nll_loss2d_backward", "nll_loss_backward"},
    {"aten::native_layer_norm_backward", "layer_norm_backward"},
    {"aten::native_batch_norm_backward", "batch_norm_backward"},
};

}  // namespace

void register_decompositions() {
  static std::once_flag once;
  std::call_once(once, [] {
    const auto unit = torch::jit::compile(kSource);
    for (const StandIn& row : kStandIns) {
      const auto handle = c10::Dispatcher::singleton().findSchema({row.op, ""});
      if (!handle.has_value()) continue;
      auto& function = torch::jit::toGraphFunction(unit->get_function(row.function));
      torch::jit::RegisterDecomposition(handle->schema(), function.graph());
    }
  });
}

}  // namespace isotorch
