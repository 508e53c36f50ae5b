#include "fast_path.h"

#include <array>
#include <cmath>

namespace isotorch {
namespace {

using Tensor = at::Tensor;

const Tensor* plain_tensor(const Environment& env, napi_value value) {
  uint32_t slot;
  if (napi_get_value_uint32(env.napi, value, &slot) != napi_ok) return nullptr;
  return env.slots.find(slot);
}

bool is_undefined(const Environment& env, napi_value value) {
  napi_valuetype type;
  return napi_typeof(env.napi, value, &type) == napi_ok && type == napi_undefined;
}

struct Unary : FastPath {
  explicit Unary(const c10::OperatorHandle& handle) : op(handle.typed<Tensor(const Tensor&)>()) {}
  bool call(const Environment& env, const napi_value* arguments, Tensor& result) const override {
    const Tensor* self = plain_tensor(env, arguments[0]);
    if (self == nullptr) return false;
    result = op.call(*self);
    return true;
  }
  c10::TypedOperatorHandle<Tensor(const Tensor&)> op;
};

struct Binary : FastPath {
  explicit Binary(const c10::OperatorHandle& handle)
      : op(handle.typed<Tensor(const Tensor&, const Tensor&)>()) {}
  bool call(const Environment& env, const napi_value* arguments, Tensor& result) const override {
    const Tensor* self = plain_tensor(env, arguments[0]);
    const Tensor* other = plain_tensor(env, arguments[1]);
    if (self == nullptr || other == nullptr) return false;
    result = op.call(*self, *other);
    return true;
  }
  c10::TypedOperatorHandle<Tensor(const Tensor&, const Tensor&)> op;
};

// add and sub, with alpha left at its default.
struct BinaryAlpha : FastPath {
  explicit BinaryAlpha(const c10::OperatorHandle& handle)
      : op(handle.typed<Tensor(const Tensor&, const Tensor&, const c10::Scalar&)>()),
        alpha(handle.schema().arguments()[2].default_value()->toScalar()) {}
  bool call(const Environment& env, const napi_value* arguments, Tensor& result) const override {
    const Tensor* self = plain_tensor(env, arguments[0]);
    const Tensor* other = plain_tensor(env, arguments[1]);
    if (self == nullptr || other == nullptr || !is_undefined(env, arguments[2])) return false;
    result = op.call(*self, *other, alpha);
    return true;
  }
  c10::TypedOperatorHandle<Tensor(const Tensor&, const Tensor&, const c10::Scalar&)> op;
  c10::Scalar alpha;
};

// view, reshape and their like.
struct Shaped : FastPath {
  static constexpr uint32_t kMaxDimensions = 8;
  explicit Shaped(const c10::OperatorHandle& handle)
      : op(handle.typed<Tensor(const Tensor&, c10::SymIntArrayRef)>()) {}
  bool call(const Environment& env, const napi_value* arguments, Tensor& result) const override {
    uint32_t length = 0;
    if (napi_get_array_length(env.napi, arguments[1], &length) != napi_ok) return false;
    if (length > kMaxDimensions) return false;
    std::array<int64_t, kMaxDimensions> sizes{};
    for (uint32_t i = 0; i < length; ++i) {
      napi_value item;
      double size;
      if (napi_get_element(env.napi, arguments[1], i, &item) != napi_ok ||
          napi_get_value_double(env.napi, item, &size) != napi_ok || size != std::trunc(size) ||
          std::abs(size) > 1e15) {
        return false;
      }
      sizes[i] = static_cast<int64_t>(size);
    }
    // Looked up last: reading an array may run a getter, and that may move the table.
    const Tensor* self = plain_tensor(env, arguments[0]);
    if (self == nullptr) return false;
    result = op.call(*self, c10::fromIntArrayRefSlow({sizes.data(), length}));
    return true;
  }
  c10::TypedOperatorHandle<Tensor(const Tensor&, c10::SymIntArrayRef)> op;
};

std::string signature(const c10::FunctionSchema& schema) {
  std::string text;
  for (const auto& argument : schema.arguments()) {
    text += argument.real_type()->annotation_str() + (argument.default_value() ? "=," : ",");
  }
  text += ">";
  for (const auto& result : schema.returns()) {
    // A written result is an argument, which the boxed way knows not to hand out again.
    const bool written = result.alias_info() != nullptr && result.alias_info()->isWrite();
    text += written ? "written" : result.real_type()->annotation_str();
  }
  return text;
}

template <typename Path>
std::unique_ptr<FastPath> make(const c10::OperatorHandle& op) {
  return std::make_unique<Path>(op);
}

struct Row {
  const char* signature;
  std::unique_ptr<FastPath> (*make)(const c10::OperatorHandle&);
};

constexpr Row kRows[] = {
    {"Tensor,>Tensor", make<Unary>},
    {"Tensor,Tensor,>Tensor", make<Binary>},
    {"Tensor,Tensor,number=,>Tensor", make<BinaryAlpha>},
    {"Tensor,List[int],>Tensor", make<Shaped>},
    {"Tensor,List[SymInt],>Tensor", make<Shaped>},
};

}  // namespace

std::unique_ptr<FastPath> make_fast_path(const c10::OperatorHandle& op) {
  const c10::FunctionSchema& schema = op.schema();
  if (schema.name().rfind("aten::", 0) != 0) return nullptr;
  const std::string text = signature(schema);
  for (const Row& row : kRows) {
    if (text == row.signature) return row.make(op);
  }
  return nullptr;
}

}  // namespace isotorch
