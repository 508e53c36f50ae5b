// A step of an optimizer: what its update wrote down, done to every parameter in one call from JavaScript.
#pragma once

#include "bridge/call.h"

namespace isotorch {

// The operators that updates may call, in the order of their numbers.
napi_value update_operators(Call& call);
// What the parameters of a group are, and how far.
napi_value update_rows(Call& call);
// Does what was written down.
napi_value update(Call& call);
napi_value zero_grad(Call& call);

}  // namespace isotorch
