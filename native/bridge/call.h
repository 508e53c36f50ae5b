// One call from JavaScript: its arguments, read with checks, and its result.
#pragma once

#include <ATen/core/Tensor.h>
#include <node_api.h>

#include <optional>
#include <string>
#include <vector>

#include "bridge/guard.h"
#include "memory/environment.h"

namespace isotorch {

struct TypedArray {
  napi_typedarray_type type;
  size_t length;  // in elements
  size_t bytes;
  void* data;
};

struct Call {
  static constexpr size_t kMaxArguments = 9;

  Call(Environment& environment, napi_callback_info info);

  Environment& env;
  size_t count = kMaxArguments;
  napi_value args[kMaxArguments];

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
  TypedArray typed_array(size_t index, napi_typedarray_type type, const char* name) const;
  TypedArray any_bytes(size_t index, const char* name) const;
  bool is_null(size_t index) const;
  template <typename T>
  T& owned(size_t index, const char* name) const {
    auto* object = dynamic_cast<T*>(env.owned(args[index]));
    if (object == nullptr) throw wrong(name, "an object made by this isotorch");
    return *object;
  }

  // Results.
  napi_value handle(at::Tensor tensor) const;  // null for an undefined tensor
  napi_value handles(const std::vector<at::Tensor>& tensors) const;
  napi_value number(double value) const;
  napi_value unsigned_bigint(uint64_t value) const;
  napi_value boolean(bool value) const;
  napi_value text(const std::string& value) const;
  napi_value null() const;
  napi_value array(const std::vector<napi_value>& values) const;
  napi_value numbers(at::IntArrayRef values) const;
  // The same, through memory where it fits: see number_memory.h.
  napi_value short_list(at::IntArrayRef values) const;

  ArgumentError wrong(const char* name, const char* expected) const;
};

// How many items an array has; nothing for any other value.
std::optional<uint32_t> array_length(napi_env env, napi_value value);
napi_value item_of(napi_env env, napi_value array, uint32_t index);

// The tensor in a slot; throws when it was disposed.
const at::Tensor& tensor_in(const Environment& env, napi_value handle, const char* name);

using Body = napi_value (*)(Call&);

// A Node-API callback that runs `body` inside the guard.
template <Body body>
napi_value entry(napi_env napi, napi_callback_info info) {
  return guarded(napi, [&] {
    Call call(Environment::of(napi), info);
    napi_value result = body(call);
    if (!call.env.warnings.empty()) emit_warnings(call.env);
    return result;
  });
}

}  // namespace isotorch
