#include "jit/values.h"

#include <ATen/core/Dict.h>
#include <ATen/core/List.h>

#include "bridge/call.h"
#include "bridge/kinds.h"
#include "bridge/results.h"
#include "device/system.h"

namespace isotorch::jit {
namespace {

// More levels than anybody nests, and fewer than the stack holds.
constexpr int kDeepest = 200;

void check_depth(int depth) {
  TORCH_CHECK_VALUE(depth < kDeepest, "values of TorchScript nest at most ", kDeepest, " levels deep");
}

c10::TypePtr plain(c10::TypePtr type) {
  while (type->kind() == c10::TypeKind::OptionalType) type = type->containedType(0);
  return type;
}

c10::TypePtr part_of(const c10::TypePtr& type, c10::TypeKind kind, size_t which) {
  if (type->kind() != kind || which >= type->containedTypeSize()) return c10::AnyType::get();
  return type->containedType(which);
}

std::vector<napi_value> items_of(Environment& env, napi_value array) {
  std::vector<napi_value> items;
  const auto length = array_length(env.napi, array);
  if (!length) throw ArgumentError("a list was expected");
  for (uint32_t i = 0; i < *length; ++i) items.push_back(item_of(env.napi, array, i));
  return items;
}

// A list where the type says so, or where the items agree; a tuple otherwise.
c10::IValue read_items(Environment& env, napi_value array, const c10::TypePtr& type, int depth) {
  const auto items = items_of(env, array);
  const bool tuple = type->kind() == c10::TypeKind::TupleType;
  std::vector<c10::IValue> values;
  for (size_t i = 0; i < items.size(); ++i) {
    const auto hint =
        tuple ? part_of(type, c10::TypeKind::TupleType, i) : part_of(type, c10::TypeKind::ListType, 0);
    values.push_back(read_value(env, items[i], hint, depth + 1));
  }
  if (tuple) return c10::ivalue::Tuple::create(std::move(values));
  c10::TypePtr element = part_of(type, c10::TypeKind::ListType, 0);
  if (element->kind() == c10::TypeKind::AnyType && type->kind() != c10::TypeKind::ListType) {
    element = values.empty() ? c10::TensorType::get() : values[0].type();
    if (element->kind() == c10::TypeKind::TensorType) element = c10::TensorType::get();
  }
  for (const auto& value : values) {
    // The schema's check then says what was found instead.
    if (!value.type()->isSubtypeOf(*element)) return c10::ivalue::Tuple::create(std::move(values));
  }
  c10::impl::GenericList list(element);
  for (auto& value : values) list.push_back(std::move(value));
  return list;
}

c10::IValue read_pairs(Environment& env, napi_value pairs, const c10::TypePtr& type, int depth) {
  const auto key_hint = part_of(type, c10::TypeKind::DictType, 0);
  const auto value_hint = part_of(type, c10::TypeKind::DictType, 1);
  std::vector<std::pair<c10::IValue, c10::IValue>> entries;
  for (napi_value pair : items_of(env, pairs)) {
    const auto parts = items_of(env, pair);
    if (parts.size() != 2) throw ArgumentError("a key and its value were expected");
    entries.emplace_back(read_value(env, parts[0], key_hint, depth + 1),
                         read_value(env, parts[1], value_hint, depth + 1));
  }
  const auto type_of_first = [&](bool key) -> c10::TypePtr {
    if (entries.empty()) return key ? c10::TypePtr(c10::StringType::get()) : c10::TensorType::get();
    const auto found = key ? entries[0].first.type() : entries[0].second.type();
    return found->kind() == c10::TypeKind::TensorType ? c10::TypePtr(c10::TensorType::get()) : found;
  };
  const bool typed = type->kind() == c10::TypeKind::DictType;
  const auto key_type = typed ? key_hint : type_of_first(true);
  const auto value_type = typed ? value_hint : type_of_first(false);
  c10::impl::GenericDict dictionary(key_type, value_type);
  for (auto& [key, value] : entries) {
    if (!key.type()->isSubtypeOf(*key_type) || !value.type()->isSubtypeOf(*value_type)) {
      throw ArgumentError("a dictionary's entry is not of the types " + key_type->annotation_str() + " and " +
                          value_type->annotation_str());
    }
    dictionary.insert_or_assign(std::move(key), std::move(value));
  }
  return dictionary;
}

c10::IValue read_number(const Napi::Number& number, c10::TypeKind kind) {
  if (kind == c10::TypeKind::FloatType) return number.DoubleValue();
  if (kind == c10::TypeKind::ComplexType) return c10::complex<double>(number.DoubleValue(), 0);
  return number_scalar(number);
}

c10::IValue read_tagged(Environment& env, napi_value value, const c10::TypePtr& type, int depth) {
  const auto parts = items_of(env, value);
  if (parts.size() < 2) throw ArgumentError("a value of TorchScript was expected");
  const auto number = [&](size_t i) { return Napi::Value(env.napi, parts.at(i)).ToNumber().DoubleValue(); };
  switch (static_cast<uint32_t>(number(0))) {
    case kTensor:
      return tensor_in(env, parts[1], "value");
    case kList:
    case kTuple:
      return read_items(env, parts[1], type, depth);
    case kDict:
      return read_pairs(env, parts[1], type, depth);
    case kDevice: {
      const c10::Device device(Napi::Value(env.napi, parts[1]).ToString().Utf8Value());
      require_device(device);
      return device;
    }
    case kComplex:
      if (parts.size() != 3) throw ArgumentError("a complex number was expected");
      return c10::complex<double>(number(1), number(2));
    case kFloat:
      return number(1);
    case kObject: {
      auto* box = dynamic_cast<ObjectBox*>(env.owned(parts[1]));
      if (box != nullptr) return box->value;
      break;
    }
  }
  throw ArgumentError("a value of TorchScript was expected");
}

napi_value tagged(Environment& env, Tag tag, napi_value value) {
  return array_of(env.napi, {Napi::Number::New(env.napi, tag), value});
}

template <typename Values>
napi_value write_items(Environment& env, Tag tag, const Values& values, int depth) {
  std::vector<napi_value> items;
  for (const c10::IValue& value : values) items.push_back(write_value(env, value, depth + 1));
  return tagged(env, tag, array_of(env.napi, items));
}

}  // namespace

c10::IValue read_value(Environment& env, napi_value value, const c10::TypePtr& hint, int depth) {
  check_depth(depth);
  const Napi::Value given(env.napi, value);
  const c10::TypePtr type = plain(hint);
  switch (given.Type()) {
    case napi_undefined:
    case napi_null:
      return {};
    case napi_boolean:
      return given.As<Napi::Boolean>().Value();
    case napi_number:
      return read_number(given.As<Napi::Number>(), type->kind());
    case napi_bigint: {
      bool lossless = false;
      const int64_t number = given.As<Napi::BigInt>().Int64Value(&lossless);
      TORCH_CHECK_VALUE(lossless, "Overflow when unpacking long long");
      return number;
    }
    case napi_string: {
      const std::string text = given.As<Napi::String>();
      if (type->kind() == c10::TypeKind::DeviceObjType) return c10::Device(text);
      return text;
    }
    default:
      return read_tagged(env, value, type, depth);
  }
}

napi_value write_value(Environment& env, const c10::IValue& value, int depth) {
  check_depth(depth);
  if (value.isTensor()) {
    if (!value.toTensor().defined()) return Napi::Env(env.napi).Null();
    return tagged(env, kTensor, write_result(env, value));
  }
  if (value.isTuple()) return write_items(env, kTuple, value.toTupleRef().elements().vec(), depth);
  if (value.isList()) return write_items(env, kList, value.toListRef(), depth);
  if (value.isGenericDict()) {
    std::vector<napi_value> pairs;
    for (const auto& entry : value.toGenericDict()) {
      pairs.push_back(array_of(
          env.napi, {write_value(env, entry.key(), depth + 1), write_value(env, entry.value(), depth + 1)}));
    }
    return tagged(env, kDict, array_of(env.napi, pairs));
  }
  if (value.isDevice()) return tagged(env, kDevice, write_result(env, value));
  if (value.isDouble()) return tagged(env, kFloat, write_result(env, value));
  if (value.isComplexDouble()) {
    const auto number = value.toComplexDouble();
    return array_of(env.napi,
                    {Napi::Number::New(env.napi, kComplex), Napi::Number::New(env.napi, number.real()),
                     Napi::Number::New(env.napi, number.imag())});
  }
  if (value.isObject()) return tagged(env, kObject, env.own(std::make_unique<ObjectBox>(value)));
  return write_result(env, value);
}

}  // namespace isotorch::jit
