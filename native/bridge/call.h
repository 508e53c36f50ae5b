// One call from JavaScript: its arguments, read with checks, and its result.
#pragma once

#include <ATen/core/Tensor.h>
#include <napi.h>

#include <concepts>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "bridge/guard.h"
#include "memory/environment.h"

namespace isotorch {

struct Bytes {
  void* data = nullptr;
  size_t size = 0;
};

Napi::Array array_of(napi_env env, const std::vector<napi_value>& values);

struct Call : Napi::CallbackInfo {
  Call(napi_env napi, napi_callback_info info) : Napi::CallbackInfo(napi, info), env(Environment::of(napi)) {}

  Environment& env;

  // Arguments. Each names the argument in its TypeError.
  uint32_t slot(size_t index) const;
  const at::Tensor& tensor(size_t index, const char* name) const;
  std::vector<at::Tensor> tensors(size_t index, const char* name) const;  // null: undefined tensor
  int64_t integer(size_t index, const char* name) const;
  double real(size_t index, const char* name) const;
  bool boolean(size_t index, const char* name) const;
  std::string text(size_t index, const char* name) const;
  std::vector<int64_t> integers(size_t index, const char* name) const;
  int64_t wrapped_int64(size_t index, const char* name) const;  // BigInt, modulo 2^64
  c10::ScalarType dtype(size_t index, const char* name) const;
  Napi::Function function(size_t index, const char* name) const;
  Bytes bytes(size_t index, const char* name) const;  // of any typed array or DataView
  template <typename T>
  std::span<T> elements(size_t index,
                        const char* name) const;  // of a typed array of T: int32_t or double
  bool is_null(size_t index) const;               // or undefined
  template <typename T>
  T& owned(size_t index, const char* name) const {
    auto* object = dynamic_cast<T*>(env.owned((*this)[index]));
    if (object == nullptr) throw wrong(name, "an object made by this isotorch");
    return *object;
  }

  // Results.
  Napi::Value handle(at::Tensor tensor) const;  // null for an undefined tensor
  Napi::Value handles(const std::vector<at::Tensor>& tensors) const;
  Napi::Value number(double value) const { return Napi::Number::New(Env(), value); }
  Napi::Value unsigned_bigint(uint64_t value) const { return Napi::BigInt::New(Env(), value); }
  Napi::Value boolean(bool value) const { return Napi::Boolean::New(Env(), value); }
  Napi::Value text(const std::string& value) const { return Napi::String::New(Env(), value); }
  Napi::Value null() const { return Env().Null(); }
  Napi::Value array(const std::vector<napi_value>& values) const { return array_of(Env(), values); }
  Napi::Value numbers(at::IntArrayRef values) const;
  // The same, through memory where it fits: see number_memory.h.
  Napi::Value short_list(at::IntArrayRef values) const;
  // What a function returned, by its type: numbers as numbers, but uint64_t, which is for what needs all 64 bits.
  template <typename T>
  napi_value result(T&& value) const;

  ArgumentError wrong(const char* name, const char* expected) const;
};

// How many items an array has; nothing for any other value.
std::optional<uint32_t> array_length(napi_env env, napi_value value);
napi_value item_of(napi_env env, napi_value array, uint32_t index);

// The tensor in a slot; throws when it was disposed.
const at::Tensor& tensor_in(const Environment& env, napi_value handle, const char* name);

template <typename T>
std::span<T> Call::elements(size_t index, const char* name) const {
  constexpr auto wanted = std::same_as<T, double> ? napi_float64_array : napi_int32_array;
  const Napi::Value value = (*this)[index];
  if (value.IsTypedArray()) {
    auto array = value.As<Napi::TypedArrayOf<T>>();
    if (array.TypedArrayType() == wanted) return {array.Data(), array.ElementLength()};
  }
  throw wrong(name, "a typed array of the right kind");
}

template <typename T>
napi_value Call::result(T&& value) const {
  using Plain = std::remove_cvref_t<T>;
  if constexpr (std::convertible_to<Plain, napi_value>) {
    return value;
  } else if constexpr (std::same_as<Plain, uint64_t>) {
    return unsigned_bigint(value);
  } else if constexpr (std::same_as<Plain, bool>) {
    return boolean(value);
  } else if constexpr (std::is_arithmetic_v<Plain> || std::is_enum_v<Plain>) {
    return number(static_cast<double>(value));
  } else if constexpr (std::convertible_to<Plain, std::string>) {
    return text(value);
  } else if constexpr (std::same_as<Plain, at::Tensor>) {
    return handle(std::forward<T>(value));
  } else {
    static_assert(std::same_as<Plain, std::vector<at::Tensor>>, "no such result is known to JavaScript");
    return handles(value);
  }
}

// A Node-API callback that runs `body`, a function of a Call, inside the guard.
template <auto body>
napi_value entry(napi_env napi, napi_callback_info info) {
  return guarded(napi, [&] {
    Call call(napi, info);
    napi_value result = nullptr;
    if constexpr (std::is_void_v<decltype(body(call))>) {
      body(call);
    } else {
      result = call.result(body(call));
    }
    if (!call.env.warnings.empty()) emit_warnings(call.env);
    return result;
  });
}

// A function that JavaScript sees, under its own name. Not Napi::Function, whose callbacks cost some 15 ns more.
struct Function {
  const char* name;
  napi_callback callback;
};

#define ISOTORCH_FUNCTION(body) \
  Function { #body, entry<body> }

void define(Napi::Object exports, std::initializer_list<Function> functions);

}  // namespace isotorch
