// Lists of numbers as arguments of unboxed calls.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>

#include "bridge/plain_numbers.h"

namespace isotorch {

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
