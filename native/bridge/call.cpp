#include "bridge/call.h"

#include <algorithm>
#include <cmath>

namespace isotorch {
namespace {

std::optional<int64_t> whole_number(double number) {
  if (number != std::trunc(number) || std::abs(number) > 9007199254740992.0) return std::nullopt;
  return static_cast<int64_t>(number);
}

bool is_none(const Napi::Value& value) {
  const napi_valuetype type = value.Type();
  return type == napi_null || type == napi_undefined;
}

}  // namespace

ArgumentError Call::wrong(const char* name, const char* expected) const {
  return ArgumentError(std::string("argument '") + name + "' must be " + expected);
}

uint32_t Call::slot(size_t index) const {
  uint32_t slot = 0;
  if (napi_get_value_uint32(Env(), (*this)[index], &slot) != napi_ok) throw wrong("tensor", "a Tensor");
  return slot;
}

std::optional<uint32_t> array_length(napi_env env, napi_value value) {
  const Napi::Value given(env, value);
  if (!given.IsArray()) return std::nullopt;
  return given.As<Napi::Array>().Length();
}

Napi::Array array_of(napi_env env, const std::vector<napi_value>& values) {
  auto result = Napi::Array::New(env, values.size());
  for (uint32_t i = 0; i < values.size(); ++i) result.Set(i, values[i]);
  return result;
}

napi_value item_of(napi_env env, napi_value array, uint32_t index) {
  return Napi::Array(env, array).Get(index);
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
  return tensor_in(env, (*this)[index], name);
}

std::vector<at::Tensor> Call::tensors(size_t index, const char* name) const {
  if (!(*this)[index].IsArray()) throw wrong(name, "a list of Tensors");
  const auto list = (*this)[index].As<Napi::Array>();
  const uint32_t length = list.Length();
  std::vector<at::Tensor> result;
  result.reserve(length);
  for (uint32_t i = 0; i < length; ++i) {
    const Napi::Value item = list.Get(i);
    result.push_back(is_none(item) ? at::Tensor() : tensor_in(env, item, name));
  }
  return result;
}

double Call::real(size_t index, const char* name) const {
  double value;
  if (napi_get_value_double(Env(), (*this)[index], &value) != napi_ok) throw wrong(name, "a number");
  return value;
}

int64_t Call::integer(size_t index, const char* name) const {
  const auto number = whole_number(real(index, name));
  if (!number) throw wrong(name, "an integer");
  return *number;
}

bool Call::boolean(size_t index, const char* name) const {
  bool value;
  if (napi_get_value_bool(Env(), (*this)[index], &value) != napi_ok) throw wrong(name, "a boolean");
  return value;
}

std::string Call::text(size_t index, const char* name) const {
  if (!(*this)[index].IsString()) throw wrong(name, "a string");
  return (*this)[index].As<Napi::String>();
}

std::vector<int64_t> Call::integers(size_t index, const char* name) const {
  if (!(*this)[index].IsArray()) throw wrong(name, "a list of integers");
  const auto list = (*this)[index].As<Napi::Array>();
  const uint32_t length = list.Length();
  std::vector<int64_t> result;
  for (uint32_t i = 0; i < length; ++i) {
    const Napi::Value item = list.Get(i);
    const auto number = item.IsNumber() ? whole_number(item.As<Napi::Number>()) : std::nullopt;
    if (!number) throw wrong(name, "a list of integers");
    result.push_back(*number);
  }
  return result;
}

int64_t Call::wrapped_int64(size_t index, const char* name) const {
  bool lossless;
  if (!(*this)[index].IsBigInt()) throw wrong(name, "a BigInt");
  return (*this)[index].As<Napi::BigInt>().Int64Value(&lossless);
}

c10::ScalarType Call::dtype(size_t index, const char* name) const {
  const int64_t code = integer(index, name);
  if (code < 0 || code >= static_cast<int64_t>(c10::ScalarType::NumOptions)) throw wrong(name, "a dtype");
  return static_cast<c10::ScalarType>(code);
}

Napi::Function Call::function(size_t index, const char* name) const {
  if (!(*this)[index].IsFunction()) throw wrong(name, "a function");
  return (*this)[index].As<Napi::Function>();
}

Bytes Call::bytes(size_t index, const char* name) const {
  const Napi::Value value = (*this)[index];
  Bytes bytes;
  Napi::Value buffer;
  if (value.IsTypedArray()) {
    const auto array =
        value.As<Napi::Uint8Array>();  // of whatever kind: where the elements are is the same for all
    buffer = array.Buffer();
    const size_t width = array.ElementSize();  // 0 for Float16Array, which the wrapper does not know
    bytes = {const_cast<uint8_t*>(array.Data()), array.ElementLength() * (width == 0 ? 2 : width)};
  } else if (value.IsDataView()) {
    const auto view = value.As<Napi::DataView>();
    buffer = view.Buffer();
    bytes = {view.Data(), view.ByteLength()};
  } else {
    throw wrong(name, "a typed array or DataView");
  }
  if (buffer.As<Napi::ArrayBuffer>().IsDetached())
    throw wrong(name, "a typed array whose ArrayBuffer is not detached");
  return bytes;
}

bool Call::is_null(size_t index) const { return is_none((*this)[index]); }

Napi::Value Call::handle(at::Tensor tensor) const {
  return tensor.defined() ? number(env.slots.insert(std::move(tensor))) : null();
}

Napi::Value Call::handles(const std::vector<at::Tensor>& tensors) const {
  std::vector<napi_value> values;
  for (const auto& tensor : tensors) values.push_back(handle(tensor));
  return array(values);
}

Napi::Value Call::numbers(at::IntArrayRef values) const {
  std::vector<napi_value> items;
  items.reserve(values.size());
  for (const int64_t value : values) items.push_back(number(static_cast<double>(value)));
  return array(items);
}

Napi::Value Call::short_list(at::IntArrayRef values) const {
  double* memory = env.room_for_results(values.size());
  if (memory == nullptr) return numbers(values);
  std::copy(values.begin(), values.end(), memory);
  return number(static_cast<double>(values.size()));
}

void define(Napi::Object exports, std::initializer_list<Function> functions) {
  std::vector<napi_property_descriptor> properties;
  for (const Function& function : functions) {
    properties.push_back({function.name, nullptr, function.callback, nullptr, nullptr, nullptr,
                          napi_default_jsproperty, nullptr});
  }
  check(exports.Env(), napi_define_properties(exports.Env(), exports, properties.size(), properties.data()));
}

}  // namespace isotorch
