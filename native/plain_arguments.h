// How the arguments of unboxed calls are read, by their C++ types. A value that is not a plain one (a wrapped number, a
// bigint, an odd list, a mistake) is not read: the boxed way reads everything and knows every error.
#pragma once

#include <ATen/core/IListRef.h>
#include <torch/csrc/autograd/variable.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "environment.h"
#include "kinds.h"

namespace isotorch {

inline bool is_absent(const Environment& env, napi_value value, napi_valuetype kind) {
  napi_valuetype type;
  return napi_typeof(env.napi, value, &type) == napi_ok && type == kind;
}

inline bool read_whole(const Environment& env, napi_value value, int64_t& result) {
  double number;
  if (napi_get_value_double(env.napi, value, &number) != napi_ok || number != std::trunc(number) ||
      std::abs(number) > 1e15) {
    return false;
  }
  result = static_cast<int64_t>(number);
  return true;
}

inline bool read_plain_scalar(const Environment& env, napi_value value, c10::Scalar& result) {
  double number;
  bool flag;
  if (napi_get_value_double(env.napi, value, &number) == napi_ok) {
    result = number_scalar(number);
    return true;
  }
  if (napi_get_value_bool(env.napi, value, &flag) != napi_ok) return false;
  result = c10::Scalar(flag);
  return true;
}

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

// Reads one argument of C++ type T. `fits` tells by the schema whether it can; a copy that holds the schema's default is
// the start of every call; `read` takes a value that is not undefined; `resolve` looks up tensors afterwards, because
// reading an array may run a getter, and that may move the table.
template <typename T>
struct Reader;

struct PlainReader {
  bool resolve(const Environment&) { return true; }
  bool recorded(bool) const { return false; }
};

template <typename T>
bool is_list_of(const c10::Type& type) {
  const auto* list = type.castRaw<c10::ListType>();
  return list != nullptr && list->getElementType()->kind() == T::Kind;
}

inline const c10::Type* optional_of(const c10::Type& type) {
  const auto* optional = type.castRaw<c10::OptionalType>();
  return optional == nullptr ? nullptr : optional->getElementType().get();
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
    if (found != nullptr) tensor = *found;
    return found != nullptr;
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
    if (found != nullptr) tensor = *found;
    return found != nullptr;
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
      if (found == nullptr) return false;
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

template <typename T, typename SchemaType>
struct NumberReader : PlainReader {
  static bool fits(const c10::Type& type) { return type.kind() == SchemaType::Kind; }
  T get() const { return value; }
  T value{};
};

template <>
struct Reader<int64_t> : NumberReader<int64_t, c10::IntType> {
  void set_default(const c10::IValue& fallback) { value = fallback.toInt(); }
  bool read(const Environment& env, napi_value given, int64_t) { return read_whole(env, given, value); }
};

template <>
struct Reader<c10::SymInt> : NumberReader<int64_t, c10::SymIntType> {
  void set_default(const c10::IValue& fallback) { value = fallback.toInt(); }
  bool read(const Environment& env, napi_value given, int64_t) { return read_whole(env, given, value); }
};

template <>
struct Reader<bool> : NumberReader<bool, c10::BoolType> {
  void set_default(const c10::IValue& fallback) { value = fallback.toBool(); }
  bool read(const Environment& env, napi_value given, int64_t) {
    return napi_get_value_bool(env.napi, given, &value) == napi_ok;
  }
};

template <>
struct Reader<double> : NumberReader<double, c10::FloatType> {
  void set_default(const c10::IValue& fallback) { value = fallback.toDouble(); }
  bool read(const Environment& env, napi_value given, int64_t) {
    return napi_get_value_double(env.napi, given, &value) == napi_ok;
  }
};

template <>
struct Reader<const c10::Scalar&> : PlainReader {
  static bool fits(const c10::Type& type) { return type.kind() == c10::TypeKind::NumberType; }
  void set_default(const c10::IValue& fallback) { value = fallback.toScalar(); }
  bool read(const Environment& env, napi_value given, int64_t) {
    return read_plain_scalar(env, given, value);
  }
  const c10::Scalar& get() const { return value; }
  c10::Scalar value;
};

template <>
struct Reader<const std::optional<c10::Scalar>&> : PlainReader {
  static bool fits(const c10::Type& type) {
    const c10::Type* inner = optional_of(type);
    return inner != nullptr && inner->kind() == c10::TypeKind::NumberType;
  }
  void set_default(const c10::IValue& fallback) {
    if (!fallback.isNone()) value = fallback.toScalar();
  }
  bool read(const Environment& env, napi_value given, int64_t) {
    value.reset();
    if (is_absent(env, given, napi_null)) return true;
    c10::Scalar scalar;
    if (!read_plain_scalar(env, given, scalar)) return false;
    value = scalar;
    return true;
  }
  const std::optional<c10::Scalar>& get() const { return value; }
  std::optional<c10::Scalar> value;
};

template <>
struct Reader<std::optional<double>> : PlainReader {
  static bool fits(const c10::Type& type) {
    const c10::Type* inner = optional_of(type);
    return inner != nullptr && inner->kind() == c10::TypeKind::FloatType;
  }
  void set_default(const c10::IValue& fallback) {
    if (!fallback.isNone()) value = fallback.toDouble();
  }
  bool read(const Environment& env, napi_value given, int64_t) {
    value.reset();
    if (is_absent(env, given, napi_null)) return true;
    double number;
    if (napi_get_value_double(env.napi, given, &number) != napi_ok) return false;
    value = number;
    return true;
  }
  std::optional<double> get() const { return value; }
  std::optional<double> value;
};

template <>
struct Reader<std::optional<c10::ScalarType>> : PlainReader {
  static bool fits(const c10::Type& type) {
    const c10::Type* inner = optional_of(type);
    return inner != nullptr && inner->kind() == c10::TypeKind::ScalarTypeType;
  }
  void set_default(const c10::IValue&) {}
  bool read(const Environment& env, napi_value given, int64_t) {
    if (is_absent(env, given, napi_null)) return true;
    int64_t code;
    if (!read_whole(env, given, code) || code < 0 ||
        code >= static_cast<int64_t>(c10::ScalarType::NumOptions)) {
      return false;
    }
    value = static_cast<c10::ScalarType>(code);
    return true;
  }
  std::optional<c10::ScalarType> get() const { return value; }
  std::optional<c10::ScalarType> value;
};

// Options that few calls give: left out, or the boxed way.
template <typename T, c10::TypeKind kind>
struct LeftOutReader : PlainReader {
  static bool fits(const c10::Type& type) {
    const c10::Type* inner = optional_of(type);
    return inner != nullptr && inner->kind() == kind;
  }
  void set_default(const c10::IValue&) {}
  bool read(const Environment& env, napi_value given, int64_t) { return is_absent(env, given, napi_null); }
  std::optional<T> get() const { return std::nullopt; }
};

template <>
struct Reader<std::optional<c10::Layout>> : LeftOutReader<c10::Layout, c10::TypeKind::LayoutType> {};
template <>
struct Reader<std::optional<c10::Device>> : LeftOutReader<c10::Device, c10::TypeKind::DeviceObjType> {};
template <>
struct Reader<std::optional<bool>> : LeftOutReader<bool, c10::TypeKind::BoolType> {};
template <>
struct Reader<std::optional<c10::MemoryFormat>>
    : LeftOutReader<c10::MemoryFormat, c10::TypeKind::MemoryFormatType> {};

template <>
struct Reader<c10::string_view> : PlainReader {
  static bool fits(const c10::Type& type) { return type.kind() == c10::TypeKind::StringType; }
  void set_default(const c10::IValue& fallback) { text = fallback.toStringRef(); }
  bool read(const Environment& env, napi_value given, int64_t) {
    std::array<char, 128> buffer;
    size_t length = 0;
    if (napi_get_value_string_utf8(env.napi, given, buffer.data(), buffer.size(), &length) != napi_ok ||
        length + 4 >= buffer.size()) {
      return false;
    }
    text.assign(buffer.data(), length);
    return true;
  }
  c10::string_view get() const { return text; }
  std::string text;
};

// A short list of numbers; one number stands for `expands_to` of them.
template <typename T>
struct NumbersReader : PlainReader {
  static constexpr uint32_t kMost = NumberMemory::kLongest;
  bool read_list(const Environment& env, napi_value given, int64_t expands_to) {
    double number;
    if (napi_get_value_double(env.napi, given, &number) == napi_ok) {
      const double* list = env.numbers.find(number, length);
      if (list != nullptr) {
        std::copy_n(list, length, items.begin());
        return true;
      }
      T single;
      if (expands_to <= 0 || expands_to > kMost || !read_item(env, given, single)) return false;
      length = static_cast<uint32_t>(expands_to);
      items.fill(single);
      return true;
    }
    if (napi_get_array_length(env.napi, given, &length) != napi_ok || length > kMost) return false;
    for (uint32_t i = 0; i < length; ++i) {
      napi_value item;
      if (napi_get_element(env.napi, given, i, &item) != napi_ok || !read_item(env, item, items[i]))
        return false;
    }
    return true;
  }
  void copy(const c10::IValue& list) {
    length = 0;
    for (const c10::IValue& item : list.toListRef()) {
      if (length == kMost) throw std::length_error("a default longer than any list here");
      items[length++] = item.to<T>();
    }
  }
  static bool read_item(const Environment& env, napi_value value, int64_t& item) {
    return read_whole(env, value, item);
  }
  static bool read_item(const Environment& env, napi_value value, double& item) {
    return napi_get_value_double(env.napi, value, &item) == napi_ok;
  }
  at::ArrayRef<T> list() const { return {items.data(), length}; }
  uint32_t length = 0;
  std::array<T, kMost> items{};
};

template <typename Schema>
struct IntsReader : NumbersReader<int64_t> {
  static bool fits(const c10::Type& type) { return is_list_of<Schema>(type); }
  void set_default(const c10::IValue& fallback) { copy(fallback); }
  bool read(const Environment& env, napi_value given, int64_t expands_to) {
    return read_list(env, given, expands_to);
  }
};

template <>
struct Reader<at::IntArrayRef> : IntsReader<c10::IntType> {
  at::IntArrayRef get() const { return list(); }
};

template <>
struct Reader<c10::SymIntArrayRef> : IntsReader<c10::SymIntType> {
  c10::SymIntArrayRef get() const { return c10::fromIntArrayRefSlow(list()); }
};

template <typename T, typename Schema>
struct OptionalListReader : NumbersReader<T> {
  static bool fits(const c10::Type& type) {
    const c10::Type* inner = optional_of(type);
    return inner != nullptr && is_list_of<Schema>(*inner);
  }
  void set_default(const c10::IValue& fallback) {
    given = !fallback.isNone();
    if (given) this->copy(fallback);
  }
  bool read(const Environment& env, napi_value value, int64_t expands_to) {
    given = !is_absent(env, value, napi_null);
    return !given || this->read_list(env, value, expands_to);
  }
  bool given = false;
};

template <>
struct Reader<at::OptionalIntArrayRef> : OptionalListReader<int64_t, c10::IntType> {
  at::OptionalIntArrayRef get() const { return given ? at::OptionalIntArrayRef(list()) : std::nullopt; }
};

template <>
struct Reader<at::OptionalSymIntArrayRef> : OptionalListReader<int64_t, c10::SymIntType> {
  at::OptionalSymIntArrayRef get() const {
    return given ? at::OptionalSymIntArrayRef(c10::fromIntArrayRefSlow(list())) : std::nullopt;
  }
};

template <>
struct Reader<std::optional<at::ArrayRef<double>>> : OptionalListReader<double, c10::FloatType> {
  std::optional<at::ArrayRef<double>> get() const {
    return given ? std::optional<at::ArrayRef<double>>(list()) : std::nullopt;
  }
};

}  // namespace isotorch
