// Properties of a tensor that are no operators.
#include <ATen/core/LegacyTypeDispatch.h>
#include <torch/csrc/autograd/variable.h>

#include "bridge/call.h"
#include "bridge/results.h"
#include "exports.h"

namespace isotorch {

namespace {

Napi::Value shape(Call& call) { return call.short_list(call.tensor(0, "self").sizes()); }

Napi::Value stride(Call& call) { return call.short_list(call.tensor(0, "self").strides()); }

int64_t ndim(Call& call) { return call.tensor(0, "self").dim(); }

int64_t numel(Call& call) { return call.tensor(0, "self").numel(); }

c10::ScalarType dtype(Call& call) { return call.tensor(0, "self").scalar_type(); }

std::string device(Call& call) { return call.tensor(0, "self").device().str(); }

c10::Layout layout(Call& call) { return call.tensor(0, "self").layout(); }

bool requires_grad(Call& call) { return call.tensor(0, "self").requires_grad(); }

void set_requires_grad(Call& call) {
  const at::Tensor& self = call.tensor(0, "self");
  const bool value = call.boolean(1, "requires_grad");
  TORCH_CHECK(self.is_leaf() || value,
              "you can only change requires_grad flags of leaf variables."
              " If you want to use a computed variable in a subgraph that doesn't require "
              "differentiation use var_no_grad = var.detach().");
  self.set_requires_grad(value);
}

bool is_leaf(Call& call) { return call.tensor(0, "self").is_leaf(); }

bool is_contiguous(Call& call) {
  const auto format = static_cast<c10::MemoryFormat>(call.integer(1, "memory_format"));
  return call.tensor(0, "self").is_contiguous(format);
}

bool is_nested(Call& call) { return call.tensor(0, "self").is_nested(); }

int64_t storage_offset(Call& call) { return call.tensor(0, "self").storage_offset(); }

uint64_t data_ptr(Call& call) { return reinterpret_cast<uintptr_t>(call.tensor(0, "self").const_data_ptr()); }

int64_t version(Call& call) { return call.tensor(0, "self")._version(); }

bool is_same(Call& call) { return call.tensor(0, "self").is_same(call.tensor(1, "other")); }

std::string type_name(Call& call) {
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
  return std::string(module) + "." + c10::toString(self.scalar_type()) + "Tensor";
}

at::Tensor base(Call& call) {
  const at::Tensor& self = call.tensor(0, "self");
  return self.is_view() ? at::Tensor(self._base()) : at::Tensor();
}

int64_t output_nr(Call& call) { return call.tensor(0, "self").output_nr(); }

bool is_quantized(Call& call) { return call.tensor(0, "self").is_quantized(); }

int64_t nbytes(Call& call) { return call.tensor(0, "self").nbytes(); }

Napi::Value grad_dtype(Call& call) {
  const at::Tensor& self = call.tensor(0, "self");
  TORCH_CHECK(self.is_leaf(), "grad_dtype can only be accessed on leaf tensors.");
  const auto dtype = self.grad_dtype();
  return dtype ? call.number(static_cast<double>(*dtype)) : call.null();
}

void set_grad_dtype(Call& call) {
  const at::Tensor& self = call.tensor(0, "self");
  TORCH_CHECK(self.is_leaf(), "grad_dtype can only be set on leaf tensors.");
  self.set_grad_dtype(call.is_null(1) ? std::nullopt : std::make_optional(call.dtype(1, "dtype")));
}

int64_t element_size(Call& call) { return call.tensor(0, "self").element_size(); }

at::Tensor alias(Call& call) {
  // variable_data() shares storage but neither history nor the version counter, as Parameter(data) needs.
  return call.tensor(0, "data").variable_data();
}

void set_data(Call& call) { call.tensor(0, "self").set_data(call.tensor(1, "data")); }

napi_value item(Call& call) {
  const at::Tensor& self = call.tensor(0, "self");
  TORCH_CHECK(!self.is_meta() || self.numel() != 1, "Tensor.item() cannot be called on meta tensors");
  return write_result(call.env, self.item());
}

}  // namespace

void define_tensor(Napi::Object exports) {
  define(exports, {ISOTORCH_FUNCTION(shape),
                   ISOTORCH_FUNCTION(stride),
                   ISOTORCH_FUNCTION(ndim),
                   ISOTORCH_FUNCTION(numel),
                   ISOTORCH_FUNCTION(dtype),
                   ISOTORCH_FUNCTION(device),
                   ISOTORCH_FUNCTION(layout),
                   ISOTORCH_FUNCTION(requires_grad),
                   ISOTORCH_FUNCTION(set_requires_grad),
                   ISOTORCH_FUNCTION(is_leaf),
                   ISOTORCH_FUNCTION(is_contiguous),
                   ISOTORCH_FUNCTION(is_nested),
                   ISOTORCH_FUNCTION(storage_offset),
                   ISOTORCH_FUNCTION(data_ptr),
                   ISOTORCH_FUNCTION(version),
                   ISOTORCH_FUNCTION(is_same),
                   ISOTORCH_FUNCTION(type_name),
                   ISOTORCH_FUNCTION(base),
                   ISOTORCH_FUNCTION(output_nr),
                   ISOTORCH_FUNCTION(is_quantized),
                   ISOTORCH_FUNCTION(nbytes),
                   ISOTORCH_FUNCTION(grad_dtype),
                   ISOTORCH_FUNCTION(set_grad_dtype),
                   ISOTORCH_FUNCTION(element_size),
                   ISOTORCH_FUNCTION(alias),
                   ISOTORCH_FUNCTION(set_data),
                   ISOTORCH_FUNCTION(item)});
}

}  // namespace isotorch
