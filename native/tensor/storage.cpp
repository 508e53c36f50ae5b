// Copies between JavaScript memory and tensors. Always copies: libtorch's kernels may give other bits on
// memory that is not aligned as libtorch's own.
#include "tensor/storage.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>

#include <cstring>

#include "bridge/call.h"
#include "exports.h"

namespace isotorch {

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

namespace {

void copy_in(const at::Tensor& contiguous, const Bytes& bytes) {
  TORCH_CHECK(contiguous.nbytes() == bytes.size, "expected ", contiguous.nbytes(),
              " bytes for a tensor of shape ", contiguous.sizes(), " and dtype ", contiguous.dtype(),
              ", got ", bytes.size);
  if (bytes.size > 0) std::memcpy(contiguous.mutable_data_ptr(), bytes.data, bytes.size);
}

at::Tensor from_bytes(Call& call) {
  const Bytes bytes = call.bytes(0, "bytes");
  const std::vector<int64_t> shape = call.integers(1, "shape");
  const at::Tensor tensor = at::empty(shape, at::TensorOptions().dtype(call.dtype(2, "dtype")));
  copy_in(tensor, bytes);
  return tensor;
}

void to_bytes(Call& call) {
  at::Tensor source = call.tensor(0, "self").detach().to(at::kCPU).resolve_conj().resolve_neg().contiguous();
  if (source._is_zerotensor()) source = source.clone();
  TORCH_CHECK(!lacks_memory(source), "cannot read the elements of a tensor with unallocated storage");
  const Bytes target = call.bytes(1, "target");
  TORCH_CHECK(target.size == source.nbytes(), "expected a target of ", source.nbytes(), " bytes, got ",
              target.size);
  if (target.size > 0) std::memcpy(target.data, source.const_data_ptr(), target.size);
}

void copy_bytes_(Call& call) {
  const at::Tensor& target = call.tensor(0, "self");
  const Bytes bytes = call.bytes(1, "bytes");
  const at::Tensor staged = at::empty(
      target.sizes(), target.options().device(at::kCPU).memory_format(c10::MemoryFormat::Contiguous));
  copy_in(staged, bytes);
  const at::NoGradGuard no_grad;
  target.copy_(staged);
}

bool storage_lacks_memory(Call& call) { return lacks_memory(call.tensor(0, "self")); }

int64_t storage_nbytes(Call& call) { return call.tensor(0, "self").storage().nbytes(); }

// The same number for all tensors over one storage, while it lives.
uint64_t storage_key(Call& call) {
  return reinterpret_cast<uintptr_t>(call.tensor(0, "self").storage().unsafeGetStorageImpl());
}

// (tensor, offset, length): some of the bytes of the tensor's storage as a storage of their own, which keeps that one alive.
at::Tensor storage_slice(Call& call) {
  const c10::Storage storage = call.tensor(0, "self").storage();
  const int64_t offset = call.integer(1, "offset");
  const int64_t length = call.integer(2, "length");
  TORCH_CHECK(storage.device_type() == c10::kCPU && !lacks_memory(storage),
              "storage_slice(): no memory of the CPU");
  const auto size = static_cast<int64_t>(storage.nbytes());
  TORCH_CHECK_INDEX(offset >= 0 && length >= 0 && offset <= size && length <= size - offset,
                    "storage_slice(): bytes ", offset, " to ", offset + length, " of a storage of ", size);
  auto* data = static_cast<uint8_t*>(storage.mutable_data()) + offset;
  return at::from_blob(data, {length}, [storage](void*) {}, at::TensorOptions().dtype(at::kByte));
}

}  // namespace

void define_storage(Napi::Object exports) {
  define(exports, {ISOTORCH_FUNCTION(from_bytes), ISOTORCH_FUNCTION(to_bytes), ISOTORCH_FUNCTION(copy_bytes_),
                   ISOTORCH_FUNCTION(storage_nbytes), ISOTORCH_FUNCTION(storage_lacks_memory),
                   ISOTORCH_FUNCTION(storage_key), ISOTORCH_FUNCTION(storage_slice)});
}

}  // namespace isotorch
