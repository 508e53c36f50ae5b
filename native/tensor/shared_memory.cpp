// Memory that JavaScript and libtorch share without copying, in both directions.
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <c10/core/Storage.h>

#ifndef _WIN32
#include <dlfcn.h>
#endif

#include <cstring>
#include <memory>

#include "autograd/autograd.h"
#include "bridge/call.h"
#include "exports.h"
#include "tensor/storage.h"

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

// A member function of v8::ArrayBuffer that Node exports and Node-API lacks; null where it is not exported. A
// napi_value is the pointer that V8's handle holds, so it stands for the object and for a handle alike.
template <typename Member>
Member member_of_v8(const char* mangled) {
#ifdef _WIN32
  return nullptr;
#else
  return reinterpret_cast<Member>(dlsym(RTLD_DEFAULT, mangled));
#endif
}

// An ArrayBuffer over the tensor's elements.
Napi::Value unsafe_buffer(Call& call) {
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
  TORCH_CHECK(!lacks_memory(self),
              "unsafe_typed_array(): the tensor has no memory, because its elements were never stored; use "
              "tensor.clone() first");
  if (self.numel() == 0) return Napi::ArrayBuffer::New(call.Env(), 0);
  // Copy-on-write memory becomes the tensor's own here.
  void* data = self.mutable_data_ptr();
  c10::StorageImpl* storage = self.storage().unsafeGetStorageImpl();
  auto memory = std::make_unique<Memory>(share(*storage));
  // A larger storage would be other memory, which the array would not see.
  storage->set_resizable(false);
  // Not Napi::ArrayBuffer, which would tell neither why it fails nor whose the memory is then.
  napi_value buffer;
  const napi_status status = napi_create_external_arraybuffer(
      call.Env(), data, self.nbytes(),
      [](node_api_basic_env, void*, void* context) { release_memory(context); }, memory.get(), &buffer);
  TORCH_CHECK_NOT_IMPLEMENTED(
      status != napi_no_external_buffers_allowed,
      "unsafe_typed_array(): this JavaScript engine has no array buffers over memory of "
      "others; use toTypedArray(), which copies");
  check(call.Env(), status);
  memory.release();
  return {call.Env(), buffer};
}

// An array buffer over memory that is only lent: empty from this object's end on.
class Loan {
 public:
  Loan(napi_env env, void* data, size_t size) : env_(env) {
    const napi_status status = napi_create_external_arraybuffer(
        env, data, size, [](node_api_basic_env, void*, void*) {}, nullptr, &buffer_);
    if (status != napi_no_external_buffers_allowed) {
      check(env, status);
      return;
    }
    // An engine that has its memory in one cage: there what JavaScript sees is a copy.
    check(env, napi_create_arraybuffer(env, size, &copy_, &buffer_));
    std::memcpy(copy_, data, size);
    data_ = data;
    size_ = size;
  }
  Loan(const Loan&) = delete;
  Loan& operator=(const Loan&) = delete;
  ~Loan() {
    if (copy_ != nullptr) std::memcpy(data_, copy_, size_);
    napi_detach_arraybuffer(env_, buffer_);
  }

  napi_value buffer() const { return buffer_; }

 private:
  napi_env env_;
  napi_value buffer_ = nullptr;
  void* copy_ = nullptr;
  void* data_ = nullptr;
  size_t size_ = 0;
};

// (tensor, offset, length, body): calls `body` with an array buffer over bytes of the tensor's storage.
Napi::Value lend_memory(Call& call) {
  const c10::Storage storage = call.tensor(0, "self").storage();
  const int64_t offset = call.integer(1, "offset");
  const int64_t length = call.integer(2, "length");
  const Napi::Function body = call.function(3, "body");
  TORCH_CHECK(storage.device_type() == c10::kCPU && !lacks_memory(storage),
              "lend_memory(): no memory of the CPU");
  const auto size = static_cast<int64_t>(storage.nbytes());
  TORCH_CHECK_INDEX(offset >= 0 && length > 0 && offset <= size && length <= size - offset,
                    "lend_memory(): bytes ", offset, " to ", offset + length, " of a storage of ", size);
  const Loan loan(call.Env(), static_cast<uint8_t*>(storage.mutable_data()) + offset,
                  static_cast<size_t>(length));
  return body.Call({loan.buffer()});
}

// (array buffer): keeps its memory in place, whatever JavaScript calls on it. From here on V8 refuses to detach it:
// transfer() too, in whatever way it is called. False for memory that V8 itself may move, that of WebAssembly.
bool pin_buffer(Call& call) {
  static const auto is_detachable =
      member_of_v8<bool (*)(napi_value)>("_ZNK2v811ArrayBuffer12IsDetachableEv");
  static const auto set_detach_key = member_of_v8<void (*)(napi_value, napi_value)>(
      "_ZN2v811ArrayBuffer12SetDetachKeyENS_5LocalINS_5ValueEEE");
  TORCH_CHECK_NOT_IMPLEMENTED(
      is_detachable != nullptr && set_detach_key != nullptr,
      "unsafe_from_typed_array(): this JavaScript engine cannot keep an ArrayBuffer from "
      "being transferred; use torch.tensor(array), which copies");
  if (!call[0].IsArrayBuffer()) throw call.wrong("buffer", "an ArrayBuffer");
  if (!is_detachable(call[0])) return false;
  set_detach_key(call[0], Napi::Symbol::New(call.Env()));
  return true;
}

void let_array_go(void* context) { delete static_cast<std::shared_ptr<Callback>*>(context); }

// (array, dtype, callback): a tensor over the array's memory. The callback is reported dead when the tensor's
// memory is no longer used; until then JavaScript keeps the array alive.
at::Tensor unsafe_from_buffer(Call& call) {
  const Bytes bytes = call.bytes(0, "array");
  const c10::ScalarType dtype = call.dtype(1, "dtype");
  auto callback = std::make_shared<Callback>(call.env, static_cast<uint32_t>(call.integer(2, "callback")));
  const auto options = at::TensorOptions().dtype(dtype);
  if (bytes.size == 0) return at::empty({0}, options);
  const auto width = static_cast<int64_t>(c10::elementSize(dtype));
  return at::for_blob(bytes.data, {static_cast<int64_t>(bytes.size) / width})
      .context(new std::shared_ptr<Callback>(callback), let_array_go)
      .options(options)
      .make_tensor();
}

}  // namespace

bool lies_in_javascript(const at::Tensor& tensor) {
  if (!tensor.has_storage()) return false;
  const c10::DataPtr* pointer = &tensor.storage().data_ptr();
  if (pointer->get_deleter() == release_memory) pointer = static_cast<Memory*>(pointer->get_context())->get();
  return pointer->get_deleter() == let_array_go;
}

void define_shared_memory(Napi::Object exports) {
  define(exports, {ISOTORCH_FUNCTION(unsafe_buffer), ISOTORCH_FUNCTION(lend_memory),
                   ISOTORCH_FUNCTION(pin_buffer), ISOTORCH_FUNCTION(unsafe_from_buffer)});
}

}  // namespace isotorch
