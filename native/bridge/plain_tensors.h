// Tensors, and lists of them, as arguments of unboxed calls.
#pragma once

#include <ATen/core/IListRef.h>
#include <torch/csrc/autograd/variable.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "bridge/plain_arguments.h"
#include "tensor/sparse.h"

namespace isotorch {

// Whether autograd has anything to do with a tensor; if with none of a call's, its kernels would only hand the call on.
// Not so for any but ordinary ones. Sparse and nested tensors: _sparse_softmax.int gives an empty result below autograd.
// Tensors to be conjugated or negated: autograd's key is where composite operators come apart, and matmul's mm takes the
// adjoint as it is; one key below, the whole operator would get a copy, and other bits. Batches of vmap hide what they
// wrap, and that may be recorded.
inline bool is_recorded(const at::Tensor& tensor, bool grad_mode) {
  constexpr c10::DispatchKeySet ordinary =
      c10::DispatchKeySet(c10::DispatchKey::Dense) |
      c10::DispatchKeySet(c10::DispatchKeySet::RAW, c10::full_backend_mask) |
      c10::autograd_dispatch_keyset_with_ADInplaceOrView | c10::autocast_dispatch_keyset;
  if (!ordinary.has_all(tensor.key_set())) return true;
  auto* meta = static_cast<torch::autograd::AutogradMeta*>(tensor.unsafeGetTensorImpl()->autograd_meta());
  return meta != nullptr && ((grad_mode && meta->requires_grad()) || meta->fw_grad_ != nullptr);
}

template <>
struct Reader<const at::Tensor&> {
  static bool fits(const c10::Type& type) { return type.kind() == c10::TypeKind::TensorType; }
  void set_default(const c10::IValue&) {}
  bool read(const Environment& env, napi_value value, int64_t) {
    return napi_get_value_uint32(env.napi, value, &slot) == napi_ok;
  }
  bool resolve(const Environment& env) {
    const at::Tensor* found = env.slots.find(slot);
    if (found == nullptr || is_sparse(*found)) return false;
    tensor = *found;
    return true;
  }
  bool recorded(bool grad_mode) const { return is_recorded(tensor, grad_mode); }
  const at::Tensor& get() const { return tensor; }
  uint32_t slot = 0;
  at::Tensor tensor;  // its own reference: a hook that runs in the call may free the slot
};

template <>
struct Reader<const std::optional<at::Tensor>&> {
  static bool fits(const c10::Type& type) {
    const c10::Type* inner = optional_of(type);
    return inner != nullptr && inner->kind() == c10::TypeKind::TensorType;
  }
  void set_default(const c10::IValue&) {}
  bool read(const Environment& env, napi_value value, int64_t) {
    given = napi_get_value_uint32(env.napi, value, &slot) == napi_ok;
    return given || is_absent(env, value, napi_null);
  }
  bool resolve(const Environment& env) {
    if (!given) return true;
    const at::Tensor* found = env.slots.find(slot);
    if (found == nullptr || is_sparse(*found)) return false;
    tensor = *found;
    return true;
  }
  bool recorded(bool grad_mode) const { return tensor && is_recorded(*tensor, grad_mode); }
  const std::optional<at::Tensor>& get() const { return tensor; }
  uint32_t slot = 0;
  bool given = false;
  std::optional<at::Tensor> tensor;
};

struct TensorsReader {
  static constexpr uint32_t kMost = 16;
  static bool fits(const c10::Type& type) { return is_list_of<c10::TensorType>(type); }
  void set_default(const c10::IValue&) {}
  bool read(const Environment& env, napi_value value, int64_t) {
    double number;
    if (napi_get_value_double(env.napi, value, &number) == napi_ok) {
      const double* list = env.numbers.find(number, length);
      if (list == nullptr) return false;
      std::copy_n(list, length, slots.begin());
      return true;
    }
    if (napi_get_array_length(env.napi, value, &length) != napi_ok || length > kMost) return false;
    for (uint32_t i = 0; i < length; ++i) {
      napi_value item;
      if (napi_get_element(env.napi, value, i, &item) != napi_ok ||
          napi_get_value_uint32(env.napi, item, &slots[i]) != napi_ok) {
        return false;
      }
    }
    return true;
  }
  bool resolve(const Environment& env) {
    tensors.reserve(length);
    for (uint32_t i = 0; i < length; ++i) {
      const at::Tensor* found = env.slots.find(slots[i]);
      if (found == nullptr || is_sparse(*found)) return false;
      tensors.push_back(*found);
    }
    return true;
  }
  bool recorded(bool grad_mode) const {
    for (const at::Tensor& tensor : tensors) {
      if (is_recorded(tensor, grad_mode)) return true;
    }
    return false;
  }
  uint32_t length = 0;
  std::array<uint32_t, kMost> slots;
  std::vector<at::Tensor> tensors;
};

template <>
struct Reader<at::TensorList> : TensorsReader {
  at::TensorList get() const { return tensors; }
};

template <>
struct Reader<const at::ITensorListRef&> : TensorsReader {
  at::ITensorListRef get() const { return at::TensorList(tensors); }
};

}  // namespace isotorch
