// How the arguments of unboxed calls are read, by their C++ types. A value that is not a plain one (a wrapped number, a
// bigint, an odd list, a mistake) is not read: the boxed way reads everything and knows every error.
#pragma once

#include <ATen/core/jit_type.h>

#include "memory/environment.h"

namespace isotorch {

// Reads one argument of C++ type T. `fits` tells by the schema whether it can; a copy that holds the schema's default is
// the start of every call; `read` takes a value that is not undefined; `resolve` looks up tensors afterwards, because
// reading an array may run a getter, and that may move the table.
template <typename T>
struct Reader;

inline bool is_absent(const Environment& env, napi_value value, napi_valuetype kind) {
  napi_valuetype type;
  return napi_typeof(env.napi, value, &type) == napi_ok && type == kind;
}

struct PlainReader {
  bool resolve(const Environment&) { return true; }
  bool recorded(bool) const { return false; }
};

template <typename T>
bool is_list_of(const c10::Type& type) {
  const auto* list = type.castRaw<c10::ListType>();
  return list != nullptr && list->getElementType()->kind() == T::Kind;
}

inline const c10::Type* optional_of(const c10::Type& type) {
  const auto* optional = type.castRaw<c10::OptionalType>();
  return optional == nullptr ? nullptr : optional->getElementType().get();
}

}  // namespace isotorch
