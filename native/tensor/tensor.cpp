#include "tensor/tensor.h"

#include <ATen/core/LegacyTypeDispatch.h>
#include <torch/csrc/autograd/variable.h>

#include "bridge/call.h"
#include "bridge/results.h"

namespace isotorch {

napi_value shape(Call& call) { return call.short_list(call.tensor(0, "self").sizes()); }

napi_value stride(Call& call) { return call.short_list(call.tensor(0, "self").strides()); }

napi_value ndim(Call& call) { return call.number(static_cast<double>(call.tensor(0, "self").dim())); }

napi_value numel(Call& call) { return call.number(static_cast<double>(call.tensor(0, "self").numel())); }

napi_value dtype(Call& call) {
  return call.number(static_cast<double>(call.tensor(0, "self").scalar_type()));
}

napi_value device(Call& call) { return call.text(call.tensor(0, "self").device().str()); }

napi_value layout(Call& call) { return call.number(static_cast<double>(call.tensor(0, "self").layout())); }

napi_value requires_grad(Call& call) { return call.boolean(call.tensor(0, "self").requires_grad()); }

napi_value set_requires_grad(Call& call) {
  const at::Tensor& self = call.tensor(0, "self");
  const bool value = call.boolean(1, "requires_grad");
  TORCH_CHECK(self.is_leaf() || value,
              "you can only change requires_grad flags of leaf variables."
              " If you want to use a computed variable in a subgraph that doesn't require "
              "differentiation use var_no_grad = var.detach().");
  self.set_requires_grad(value);
  return nullptr;
}

napi_value is_leaf(Call& call) { return call.boolean(call.tensor(0, "self").is_leaf()); }

napi_value is_contiguous(Call& call) {
  const auto format = static_cast<c10::MemoryFormat>(call.integer(1, "memory_format"));
  return call.boolean(call.tensor(0, "self").is_contiguous(format));
}

napi_value is_nested(Call& call) { return call.boolean(call.tensor(0, "self").is_nested()); }

napi_value storage_offset(Call& call) {
  return call.number(static_cast<double>(call.tensor(0, "self").storage_offset()));
}

napi_value data_ptr(Call& call) {
  return call.unsigned_bigint(reinterpret_cast<uintptr_t>(call.tensor(0, "self").const_data_ptr()));
}

napi_value version(Call& call) { return call.number(static_cast<double>(call.tensor(0, "self")._version())); }

napi_value is_same(Call& call) {
  return call.boolean(call.tensor(0, "self").is_same(call.tensor(1, "other")));
}

napi_value type_name(Call& call) {
  const at::Tensor& self = call.tensor(0, "self");
  const c10::Backend backend = c10::dispatchKeyToBackend(c10::legacyExtractDispatchKey(self.key_set()));
  const char* module = nullptr;
  switch (backend) {
    case c10::Backend::CPU:
      module = "torch";
      break;
    case c10::Backend::CUDA:
      module = "torch.cuda";
      break;
    case c10::Backend::SparseCPU:
      module = "torch.sparse";
      break;
    case c10::Backend::SparseCUDA:
      module = "torch.cuda.sparse";
      break;
    case c10::Backend::QuantizedCPU:
      module = "torch.quantized";
      break;
    case c10::Backend::Meta:
      module = "torch.meta";
      break;
    default:
      TORCH_CHECK(false, "Unimplemented backend ", c10::toString(backend));
  }
  return call.text(std::string(module) + "." + c10::toString(self.scalar_type()) + "Tensor");
}

napi_value base(Call& call) {
  const at::Tensor& self = call.tensor(0, "self");
  return self.is_view() ? call.handle(at::Tensor(self._base())) : call.null();
}

napi_value output_nr(Call& call) {
  return call.number(static_cast<double>(call.tensor(0, "self").output_nr()));
}

napi_value is_quantized(Call& call) { return call.boolean(call.tensor(0, "self").is_quantized()); }

napi_value nbytes(Call& call) { return call.number(static_cast<double>(call.tensor(0, "self").nbytes())); }

napi_value grad_dtype(Call& call) {
  const at::Tensor& self = call.tensor(0, "self");
  TORCH_CHECK(self.is_leaf(), "grad_dtype can only be accessed on leaf tensors.");
  const auto dtype = self.grad_dtype();
  return dtype ? call.number(static_cast<double>(*dtype)) : call.null();
}

napi_value set_grad_dtype(Call& call) {
  const at::Tensor& self = call.tensor(0, "self");
  TORCH_CHECK(self.is_leaf(), "grad_dtype can only be set on leaf tensors.");
  std::optional<c10::ScalarType> dtype;
  if (!call.is_null(1)) dtype = static_cast<c10::ScalarType>(call.integer(1, "dtype"));
  self.set_grad_dtype(dtype);
  return nullptr;
}

napi_value element_size(Call& call) {
  return call.number(static_cast<double>(call.tensor(0, "self").element_size()));
}

napi_value alias(Call& call) {
  // variable_data() shares storage but neither history nor the version counter, as Parameter(data) needs.
  return call.handle(call.tensor(0, "data").variable_data());
}

napi_value set_data(Call& call) {
  call.tensor(0, "self").set_data(call.tensor(1, "data"));
  return nullptr;
}

napi_value item(Call& call) {
  const at::Tensor& self = call.tensor(0, "self");
  TORCH_CHECK(!self.is_meta() || self.numel() != 1, "Tensor.item() cannot be called on meta tensors");
  return write_result(call.env, self.item());
}

}  // namespace isotorch
