#include "optim/optimizer.h"

#include <ATen/ScalarOps.h>
#include <ATen/core/grad_mode.h>

#include "bridge/call.h"
#include "optim/adam.h"
#include "optim/sgd.h"

namespace isotorch {

StepPath resolve(StepPath path, const std::vector<at::Tensor>& params) {
  if (path != StepPath::kDefault) return path;
  for (const auto& param : params) {
    if (!param.is_cuda() && !param.is_xpu()) return StepPath::kSingle;
  }
  return StepPath::kForeach;
}

std::vector<std::vector<size_t>> by_device_and_dtype(const std::vector<at::Tensor>& params) {
  std::vector<std::vector<size_t>> groups;
  for (size_t i = 0; i < params.size(); ++i) {
    std::vector<size_t>* found = nullptr;
    for (auto& group : groups) {
      const at::Tensor& first = params[group[0]];
      if (first.device() == params[i].device() && first.dtype() == params[i].dtype()) found = &group;
    }
    if (found == nullptr) found = &groups.emplace_back();
    found->push_back(i);
  }
  return groups;
}

std::vector<at::Tensor> select(const std::vector<at::Tensor>& tensors, const std::vector<size_t>& indices) {
  std::vector<at::Tensor> result;
  if (tensors.empty()) return result;
  for (const size_t index : indices) result.push_back(tensors[index]);
  return result;
}

at::Tensor wrapped_number(double value) {
  at::Tensor number = c10::scalar_to_tensor(value);
  number.unsafeGetTensorImpl()->set_wrapped_number(true);
  return number;
}

void require_same_shape(const at::Tensor& param, const at::Tensor& other, const char* name) {
  TORCH_CHECK(other.defined() && param.sizes() == other.sizes(), "expected ", name, " of shape ",
              param.sizes(), " as its parameter, but it has shape ",
              other.defined() ? other.sizes() : at::IntArrayRef());
}

void require_fused_support(const at::Tensor& param) {
  const bool device = param.is_cpu() || param.is_cuda() || param.is_mps() || param.is_xpu();
  TORCH_CHECK(device && param.is_floating_point(),
              "`fused=True` requires all the params to be floating point Tensors of supported devices: "
              "['mps', 'cuda', 'xpu', 'hpu', 'cpu', 'mtia'] but ",
              param.dtype(), " and ", c10::DeviceTypeName(param.device().type(), true));
}

void clear_grad(const at::Tensor& param, bool set_to_none) {
  at::Tensor& gradient = param.mutable_grad();
  if (!gradient.defined()) return;
  if (set_to_none) {
    gradient.reset();
  } else {
    const at::NoGradGuard no_grad;
    if (gradient.grad_fn()) {
      gradient.detach_();
    } else {
      gradient.requires_grad_(false);
    }
    gradient.zero_();
  }
}

namespace {

size_t index_at(const Call& call, size_t argument, const char* name) {
  const int64_t value = call.integer(argument, name);
  TORCH_CHECK_INDEX(value >= 0, name, " must not be negative, got ", value);
  return static_cast<size_t>(value);
}

NamedTensors read_state(const Call& call, napi_value object) {
  napi_env env = call.env.napi;
  napi_value keys;
  uint32_t count = 0;
  check(env, napi_get_property_names(env, object, &keys));
  check(env, napi_get_array_length(env, keys, &count));
  NamedTensors state;
  for (uint32_t i = 0; i < count; ++i) {
    napi_value key, value;
    size_t length = 0;
    check(env, napi_get_element(env, keys, i, &key));
    check(env, napi_get_property(env, object, key, &value));
    check(env, napi_get_value_string_utf8(env, key, nullptr, 0, &length));
    std::string name(length, '\0');
    check(env, napi_get_value_string_utf8(env, key, name.data(), length + 1, &length));
    state.emplace_back(name, tensor_in(call.env, value, name.c_str()));
  }
  return state;
}

}  // namespace

napi_value optimizer(Call& call) {
  const std::string kind = call.text(0, "kind");
  if (kind == "adam") return call.env.own(std::make_unique<Adam>());
  if (kind == "sgd") return call.env.own(std::make_unique<Sgd>());
  throw ArgumentError("unknown optimizer '" + kind + "'");
}

napi_value optimizer_add_group(Call& call) {
  call.owned<Optimizer>(0, "optimizer").add_group(call.tensors(1, "params"));
  return nullptr;
}

napi_value optimizer_step(Call& call) {
  const auto options = call.elements<double>(2, "options");
  const at::NoGradGuard no_grad;
  call.owned<Optimizer>(0, "optimizer").step(index_at(call, 1, "group"), options.data(), options.size());
  return nullptr;
}

napi_value optimizer_state(Call& call) {
  const NamedTensors state =
      call.owned<Optimizer>(0, "optimizer").state(index_at(call, 1, "group"), index_at(call, 2, "index"));
  if (state.empty()) return call.null();
  napi_value object;
  check(call.env.napi, napi_create_object(call.env.napi, &object));
  for (const auto& [name, tensor] : state) {
    check(call.env.napi, napi_set_named_property(call.env.napi, object, name.c_str(), call.handle(tensor)));
  }
  return object;
}

napi_value optimizer_set_state(Call& call) {
  const NamedTensors state = call.is_null(3) ? NamedTensors{} : read_state(call, call[3]);
  call.owned<Optimizer>(0, "optimizer")
      .set_state(index_at(call, 1, "group"), index_at(call, 2, "index"), state);
  return nullptr;
}

napi_value zero_grad(Call& call) {
  const bool set_to_none = call.boolean(1, "set_to_none");
  for (const auto& param : call.tensors(0, "params")) clear_grad(param, set_to_none);
  return nullptr;
}

napi_value optimizer_zero_grad(Call& call) {
  call.owned<Optimizer>(0, "optimizer").zero_grad(call.boolean(1, "set_to_none"));
  return nullptr;
}

}  // namespace isotorch
