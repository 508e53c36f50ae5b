#include "bridge/call.h"

#include <algorithm>
#include <cmath>

namespace isotorch {

Call::Call(Environment& environment, napi_callback_info info) : env(environment) {
  check(env.napi, napi_get_cb_info(env.napi, info, &count, args, nullptr, nullptr));
}

ArgumentError Call::wrong(const char* name, const char* expected) const {
  return ArgumentError(std::string("argument '") + name + "' must be " + expected);
}

uint32_t Call::slot(size_t index) const {
  uint32_t slot = 0;
  if (napi_get_value_uint32(env.napi, args[index], &slot) != napi_ok) throw wrong("tensor", "a Tensor");
  return slot;
}

std::optional<uint32_t> array_length(napi_env env, napi_value value) {
  bool is_array = false;
  uint32_t length = 0;
  if (napi_is_array(env, value, &is_array) != napi_ok || !is_array) return std::nullopt;
  check(env, napi_get_array_length(env, value, &length));
  return length;
}

napi_value item_of(napi_env env, napi_value array, uint32_t index) {
  napi_value item;
  check(env, napi_get_element(env, array, index, &item));
  return item;
}

const at::Tensor& tensor_in(const Environment& env, napi_value handle, const char* name) {
  uint32_t slot = 0;
  if (napi_get_value_uint32(env.napi, handle, &slot) != napi_ok) {
    throw ArgumentError(std::string("argument '") + name + "' must be Tensor");
  }
  const at::Tensor* tensor = env.slots.find(slot);
  TORCH_CHECK(tensor != nullptr, "argument '", name,
              "' is a disposed tensor: it was freed by dispose() or at the end of its torch.scope. "
              "Return it from the scope or pass it to torch.keep() to use it later");
  return *tensor;
}

const at::Tensor& Call::tensor(size_t index, const char* name) const {
  return tensor_in(env, args[index], name);
}

std::vector<at::Tensor> Call::tensors(size_t index, const char* name) const {
  const auto length = array_length(env.napi, args[index]);
  if (!length) throw wrong(name, "a list of Tensors");
  std::vector<at::Tensor> result;
  result.reserve(*length);
  for (uint32_t i = 0; i < *length; ++i) {
    napi_value item = item_of(env.napi, args[index], i);
    napi_valuetype type;
    check(env.napi, napi_typeof(env.napi, item, &type));
    if (type == napi_null || type == napi_undefined) {
      result.emplace_back();
    } else {
      result.push_back(tensor_in(env, item, name));
    }
  }
  return result;
}

double Call::real(size_t index, const char* name) const {
  double value;
  if (napi_get_value_double(env.napi, args[index], &value) != napi_ok) throw wrong(name, "a number");
  return value;
}

int64_t Call::integer(size_t index, const char* name) const {
  const double value = real(index, name);
  if (value != std::trunc(value) || std::abs(value) > 9007199254740992.0) {
    throw wrong(name, "an integer");
  }
  return static_cast<int64_t>(value);
}

bool Call::boolean(size_t index, const char* name) const {
  bool value;
  if (napi_get_value_bool(env.napi, args[index], &value) != napi_ok) throw wrong(name, "a boolean");
  return value;
}

std::string Call::text(size_t index, const char* name) const {
  size_t length = 0;
  if (napi_get_value_string_utf8(env.napi, args[index], nullptr, 0, &length) != napi_ok) {
    throw wrong(name, "a string");
  }
  std::string value(length, '\0');
  check(env.napi, napi_get_value_string_utf8(env.napi, args[index], value.data(), length + 1, &length));
  return value;
}

std::vector<int64_t> Call::integers(size_t index, const char* name) const {
  const auto length = array_length(env.napi, args[index]);
  if (!length) throw wrong(name, "a list of integers");
  std::vector<int64_t> result;
  for (uint32_t i = 0; i < *length; ++i) {
    double value;
    if (napi_get_value_double(env.napi, item_of(env.napi, args[index], i), &value) != napi_ok ||
        value != std::trunc(value) || std::abs(value) > 9007199254740992.0) {
      throw wrong(name, "a list of integers");
    }
    result.push_back(static_cast<int64_t>(value));
  }
  return result;
}

int64_t Call::wrapped_int64(size_t index, const char* name) const {
  int64_t value;
  bool lossless;
  if (napi_get_value_bigint_int64(env.napi, args[index], &value, &lossless) != napi_ok) {
    throw wrong(name, "a BigInt");
  }
  return value;
}

TypedArray Call::typed_array(size_t index, napi_typedarray_type type, const char* name) const {
  TypedArray array{};
  bool is_typed_array = false;
  napi_is_typedarray(env.napi, args[index], &is_typed_array);
  if (is_typed_array) {
    check(env.napi, napi_get_typedarray_info(env.napi, args[index], &array.type, &array.length, &array.data,
                                             nullptr, nullptr));
  }
  if (!is_typed_array || array.type != type) throw wrong(name, "a typed array of the right kind");
  return array;
}

TypedArray Call::any_bytes(size_t index, const char* name) const {
  TypedArray array{};
  bool is_typed_array = false;
  bool is_view = false;
  napi_is_typedarray(env.napi, args[index], &is_typed_array);
  napi_is_dataview(env.napi, args[index], &is_view);
  napi_value buffer;
  if (is_typed_array) {
    check(env.napi, napi_get_typedarray_info(env.napi, args[index], &array.type, &array.length, &array.data,
                                             &buffer, nullptr));
    static constexpr size_t kWidths[] = {1, 1, 1, 2, 2, 4, 4, 4, 8, 8, 8, 2};
    array.bytes = array.length * kWidths[array.type];
  } else if (is_view) {
    check(env.napi,
          napi_get_dataview_info(env.napi, args[index], &array.bytes, &array.data, &buffer, nullptr));
  } else {
    throw wrong(name, "a typed array or DataView");
  }
  bool detached = false;
  napi_is_detached_arraybuffer(env.napi, buffer, &detached);
  if (detached) throw wrong(name, "a typed array whose ArrayBuffer is not detached");
  return array;
}

bool Call::is_null(size_t index) const {
  napi_valuetype type;
  check(env.napi, napi_typeof(env.napi, args[index], &type));
  return type == napi_null || type == napi_undefined;
}

napi_value Call::handle(at::Tensor tensor) const {
  if (!tensor.defined()) return null();
  napi_value result;
  check(env.napi, napi_create_uint32(env.napi, env.slots.insert(std::move(tensor)), &result));
  return result;
}

napi_value Call::handles(const std::vector<at::Tensor>& tensors) const {
  std::vector<napi_value> values;
  for (const auto& tensor : tensors) values.push_back(handle(tensor));
  return array(values);
}

napi_value Call::number(double value) const {
  napi_value result;
  check(env.napi, napi_create_double(env.napi, value, &result));
  return result;
}

napi_value Call::unsigned_bigint(uint64_t value) const {
  napi_value result;
  check(env.napi, napi_create_bigint_uint64(env.napi, value, &result));
  return result;
}

napi_value Call::boolean(bool value) const {
  napi_value result;
  check(env.napi, napi_get_boolean(env.napi, value, &result));
  return result;
}

napi_value Call::text(const std::string& value) const {
  napi_value result;
  check(env.napi, napi_create_string_utf8(env.napi, value.data(), value.size(), &result));
  return result;
}

napi_value Call::null() const {
  napi_value result;
  check(env.napi, napi_get_null(env.napi, &result));
  return result;
}

napi_value Call::array(const std::vector<napi_value>& values) const {
  napi_value result;
  check(env.napi, napi_create_array_with_length(env.napi, values.size(), &result));
  for (uint32_t i = 0; i < values.size(); ++i) {
    check(env.napi, napi_set_element(env.napi, result, i, values[i]));
  }
  return result;
}

napi_value Call::numbers(at::IntArrayRef values) const {
  std::vector<napi_value> items;
  items.reserve(values.size());
  for (const int64_t value : values) items.push_back(number(static_cast<double>(value)));
  return array(items);
}

napi_value Call::short_list(at::IntArrayRef values) const {
  double* memory = env.room_for_results(values.size());
  if (memory == nullptr) return numbers(values);
  std::copy(values.begin(), values.end(), memory);
  return number(static_cast<double>(values.size()));
}

}  // namespace isotorch
