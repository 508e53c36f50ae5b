#include "bridge/results.h"

#include <ATen/core/Dict.h>
#include <ATen/core/List.h>

#include <cmath>

#include "bridge/guard.h"

namespace isotorch {
namespace {

constexpr double kMaxSafeInteger = 9007199254740991.0;

napi_value write_int(Environment& env, int64_t value) {
  napi_value result;
  if (std::abs(static_cast<double>(value)) <= kMaxSafeInteger) {
    check(env.napi, napi_create_double(env.napi, static_cast<double>(value), &result));
  } else {
    check(env.napi, napi_create_bigint_int64(env.napi, value, &result));
  }
  return result;
}

napi_value write_complex(Environment& env, c10::complex<double> value) {
  auto result = Napi::Object::New(env.napi);
  result["re"] = value.real();
  result["im"] = value.imag();
  return result;
}

template <typename Values>
napi_value write_array(Environment& env, const Values& values) {
  napi_value result;
  check(env.napi, napi_create_array_with_length(env.napi, values.size(), &result));
  uint32_t index = 0;
  for (const auto& value : values) {
    check(env.napi, napi_set_element(env.napi, result, index++, write_result(env, c10::IValue(value))));
  }
  return result;
}

}  // namespace

napi_value write_result(Environment& env, c10::IValue value) {
  napi_value result;
  if (value.isTensor()) {
    at::Tensor tensor = std::move(value).toTensor();
    if (!tensor.defined()) {
      check(env.napi, napi_get_null(env.napi, &result));
    } else {
      check(env.napi, napi_create_uint32(env.napi, env.slots.insert(std::move(tensor)), &result));
    }
  } else if (value.isNone()) {
    check(env.napi, napi_get_null(env.napi, &result));
  } else if (value.isInt()) {
    result = write_int(env, value.toInt());
  } else if (value.isUnsigned()) {
    // Beyond int64; smaller ones come as Int.
    check(env.napi, napi_create_bigint_uint64(env.napi, value.toUInt(), &result));
  } else if (value.isDouble()) {
    check(env.napi, napi_create_double(env.napi, value.toDouble(), &result));
  } else if (value.isBool()) {
    check(env.napi, napi_get_boolean(env.napi, value.toBool(), &result));
  } else if (value.isComplexDouble()) {
    result = write_complex(env, value.toComplexDouble());
  } else if (value.isString()) {
    const std::string& text = value.toStringRef();
    check(env.napi, napi_create_string_utf8(env.napi, text.data(), text.size(), &result));
  } else if (value.isDevice()) {
    result = write_result(env, value.toDevice().str());
  } else if (value.isTuple()) {
    result = write_array(env, value.toTupleRef().elements().vec());
  } else if (value.isList()) {
    result = write_array(env, value.toListRef());
  } else if (value.isGenericDict()) {
    std::vector<c10::IValue> pairs;
    for (const auto& entry : value.toGenericDict()) {
      pairs.emplace_back(c10::ivalue::Tuple::create(entry.key(), entry.value()));
    }
    result = write_array(env, pairs);
  } else if (value.isObject() || value.isCapsule() || value.isStream() || value.isStorage()) {
    result = env.own(std::make_unique<ObjectBox>(std::move(value)));
  } else {
    TORCH_CHECK_NOT_IMPLEMENTED(false, "isotorch cannot hand a result of type ", value.tagKind(),
                                " to JavaScript");
  }
  return result;
}

}  // namespace isotorch
