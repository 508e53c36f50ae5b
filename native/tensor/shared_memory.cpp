#include "tensor/shared_memory.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <c10/core/Storage.h>

#include <memory>

#include "autograd/autograd.h"
#include "bridge/call.h"

namespace isotorch {
namespace {

// A storage's memory, owned together by the storage and the array buffers over it: whatever the storage does with
// its pointer, the arrays stay valid.
using Memory = std::shared_ptr<c10::DataPtr>;

void release_memory(void* context) { delete static_cast<Memory*>(context); }

Memory share(c10::StorageImpl& storage) {
  c10::DataPtr& pointer = storage._mutable_data_ptr_no_checks();
  if (pointer.get_deleter() == release_memory) return *static_cast<Memory*>(pointer.get_context());
  const c10::Device device = pointer.device();
  auto memory = std::make_shared<c10::DataPtr>(std::move(pointer));
  pointer = c10::DataPtr(memory->get(), new Memory(memory), release_memory, device);
  return memory;
}

}  // namespace

// An ArrayBuffer over the tensor's elements.
napi_value unsafe_buffer(Call& call) {
  const at::Tensor& self = call.tensor(0, "self");
  TORCH_CHECK_TYPE(self.is_cpu(), "unsafe_typed_array(): the tensor is on ", self.device(),
                   ", whose memory JavaScript cannot reach; use tensor.cpu() first");
  TORCH_CHECK_TYPE(self.layout() == at::kStrided && self.has_storage(),
                   "unsafe_typed_array(): a tensor of layout ", self.layout(), " has no elements in one row");
  TORCH_CHECK(!self.requires_grad(),
              "Can't call unsafe_typed_array() on Tensor that requires grad. "
              "Use tensor.detach().unsafe_typed_array() instead.");
  TORCH_CHECK(
      !self.is_conj() && !self.is_neg(),
      "unsafe_typed_array(): the elements are not in memory as they read; use tensor.resolve_conj() and "
      "tensor.resolve_neg() first");
  TORCH_CHECK(self.is_contiguous(),
              "unsafe_typed_array(): the tensor is not contiguous; use tensor.contiguous() first");
  napi_value buffer;
  if (self.numel() == 0) {
    void* nothing;
    check(call.env.napi, napi_create_arraybuffer(call.env.napi, 0, &nothing, &buffer));
    return buffer;
  }
  // Copy-on-write memory becomes the tensor's own here.
  void* data = self.mutable_data_ptr();
  c10::StorageImpl* storage = self.storage().unsafeGetStorageImpl();
  auto memory = std::make_unique<Memory>(share(*storage));
  // A larger storage would be other memory, which the array would not see.
  storage->set_resizable(false);
  const napi_status status = napi_create_external_arraybuffer(
      call.env.napi, data, self.nbytes(),
      [](node_api_basic_env, void*, void* context) { release_memory(context); }, memory.get(), &buffer);
  TORCH_CHECK_NOT_IMPLEMENTED(
      status != napi_no_external_buffers_allowed,
      "unsafe_typed_array(): this JavaScript engine has no array buffers over memory of "
      "others; use toTypedArray(), which copies");
  check(call.env.napi, status);
  memory.release();
  return buffer;
}

// (array, dtype, callback): a tensor over the array's memory. The callback is reported dead when the tensor's
// memory is no longer used; until then JavaScript keeps the array alive.
napi_value unsafe_from_buffer(Call& call) {
  const TypedArray bytes = call.any_bytes(0, "array");
  const auto dtype = static_cast<c10::ScalarType>(call.integer(1, "dtype"));
  auto callback = std::make_shared<Callback>(call.env, static_cast<uint32_t>(call.integer(2, "callback")));
  const auto options = at::TensorOptions().dtype(dtype);
  if (bytes.bytes == 0) return call.handle(at::empty({0}, options));
  const auto width = static_cast<int64_t>(c10::elementSize(dtype));
  return call.handle(at::from_blob(
      bytes.data, {static_cast<int64_t>(bytes.bytes) / width},
      [callback](void*) mutable { callback.reset(); }, options));
}

}  // namespace isotorch
