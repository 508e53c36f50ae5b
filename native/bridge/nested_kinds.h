// Kinds of arguments that libtorch's own operators do not have but a user's library may: lists of lists, lists of
// strings, tuples, dictionaries, complex numbers.
#pragma once

#include "bridge/kinds.h"

namespace isotorch {

// Whether read_nested can read values of the type.
bool can_nest(const c10::Type& type);

// Reads `value` by walking the type. `real` tells dtypes and their like from the plain ints of `type`.
c10::IValue read_nested(const Site& site, const c10::Type& type, const c10::Type& real, napi_value value);

}  // namespace isotorch
