// Copies between JavaScript memory and tensors. Always copies: libtorch's kernels may give other bits on
// memory that is not aligned as libtorch's own.
#include "tensor/storage.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>

#include <cstring>

#include "bridge/call.h"

namespace isotorch {
namespace {

c10::ScalarType scalar_type(const Call& call, size_t index) {
  const int64_t code = call.integer(index, "dtype");
  if (code < 0 || code >= static_cast<int64_t>(c10::ScalarType::NumOptions)) {
    throw call.wrong("dtype", "a dtype");
  }
  return static_cast<c10::ScalarType>(code);
}

void copy_in(const at::Tensor& contiguous, const TypedArray& bytes) {
  TORCH_CHECK(contiguous.nbytes() == bytes.bytes, "expected ", contiguous.nbytes(),
              " bytes for a tensor of shape ", contiguous.sizes(), " and dtype ", contiguous.dtype(),
              ", got ", bytes.bytes);
  if (bytes.bytes > 0) std::memcpy(contiguous.mutable_data_ptr(), bytes.data, bytes.bytes);
}

}  // namespace

napi_value from_bytes(Call& call) {
  const TypedArray bytes = call.any_bytes(0, "bytes");
  const std::vector<int64_t> shape = call.integers(1, "shape");
  const at::Tensor tensor = at::empty(shape, at::TensorOptions().dtype(scalar_type(call, 2)));
  copy_in(tensor, bytes);
  return call.handle(tensor);
}

napi_value to_bytes(Call& call) {
  at::Tensor source = call.tensor(0, "self").detach().to(at::kCPU).resolve_conj().resolve_neg().contiguous();
  if (source._is_zerotensor()) source = source.clone();
  TORCH_CHECK(!lacks_memory(source), "cannot read the elements of a tensor with unallocated storage");
  const TypedArray target = call.any_bytes(1, "target");
  TORCH_CHECK(target.bytes == source.nbytes(), "expected a target of ", source.nbytes(), " bytes, got ",
              target.bytes);
  if (target.bytes > 0) std::memcpy(target.data, source.const_data_ptr(), target.bytes);
  return nullptr;
}

napi_value copy_bytes_(Call& call) {
  const at::Tensor& target = call.tensor(0, "self");
  const TypedArray bytes = call.any_bytes(1, "bytes");
  const at::Tensor staged = at::empty(
      target.sizes(), target.options().device(at::kCPU).memory_format(c10::MemoryFormat::Contiguous));
  copy_in(staged, bytes);
  const at::NoGradGuard no_grad;
  target.copy_(staged);
  return nullptr;
}

bool lacks_memory(const c10::Storage& storage) {
  if (!storage || storage.device_type() != c10::kCPU || storage.data() != nullptr) return false;
  // An empty storage gets memory when it grows, if its allocator has any to give. That of a zero tensor is gone.
  const c10::Allocator* allocator = storage.allocator();
  return storage.nbytes() > 0 || (allocator != nullptr && allocator != c10::GetAllocator(c10::kCPU) &&
                                  allocator != c10::GetDefaultCPUAllocator());
}

bool lacks_memory(const at::Tensor& tensor) {
  return tensor.defined() && tensor.has_storage() && lacks_memory(tensor.storage());
}

napi_value storage_lacks_memory(Call& call) { return call.boolean(lacks_memory(call.tensor(0, "self"))); }

napi_value storage_nbytes(Call& call) {
  return call.number(static_cast<double>(call.tensor(0, "self").storage().nbytes()));
}

}  // namespace isotorch
