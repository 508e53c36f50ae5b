// Numbers, options and strings as arguments of unboxed calls.
#pragma once

#include <array>
#include <cmath>
#include <optional>
#include <string>

#include "bridge/kinds.h"
#include "bridge/plain_arguments.h"

namespace isotorch {

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

}  // namespace isotorch
