// The readers of kinds, for the table in kinds.cpp. Each takes one value, or throws through mismatch().
#pragma once

#include "bridge/kinds.h"

namespace isotorch {

inline napi_valuetype type_of(const Environment& env, napi_value value) {
  return Napi::Value(env.napi, value).Type();
}

inline bool is_none(const Environment& env, napi_value value) {
  const napi_valuetype type = type_of(env, value);
  return type == napi_null || type == napi_undefined;
}

// number_kinds.cpp
std::optional<c10::Scalar> try_scalar(const Site& site, napi_value value);
int64_t integer_value(const Site& site, napi_value value);
c10::IValue read_scalar(const Site& site, napi_value value);
c10::IValue read_int(const Site& site, napi_value value);
c10::IValue read_float(const Site& site, napi_value value);
c10::IValue read_bool(const Site& site, napi_value value);

// A dtype, layout, …: an int below `limit`.
template <int64_t limit>
c10::IValue read_code(const Site& site, napi_value value) {
  const int64_t code = integer_value(site, value);
  if (code < 0 || code >= limit) mismatch(site, value);
  return code;
}

// tensor_kinds.cpp
const at::Tensor& tensor_in_slot(const Site& site, uint32_t slot);
c10::IValue read_tensor(const Site& site, napi_value value);
c10::IValue read_storage(const Site& site, napi_value value);

// object_kinds.cpp
c10::IValue read_string(const Site& site, napi_value value);
c10::IValue read_device(const Site& site, napi_value value);
c10::IValue read_generator(const Site& site, napi_value value);
c10::IValue read_stream(const Site& site, napi_value value);
c10::IValue read_object(const Site& site, napi_value value);

// list_kinds.cpp: an array, or a single value where the schema lets it stand for several.
c10::IValue read_tensors(const Site& site, napi_value value);
c10::IValue read_optional_tensors(const Site& site, napi_value value);
c10::IValue read_scalars(const Site& site, napi_value value);
c10::IValue read_ints(const Site& site, napi_value value);
c10::IValue read_floats(const Site& site, napi_value value);
c10::IValue read_bools(const Site& site, napi_value value);
c10::IValue read_objects(const Site& site, napi_value value);

}  // namespace isotorch
