// Loading a user's own operators.
#pragma once

#include <node_api.h>

namespace isotorch {

struct Call;

napi_value load_library(Call& call);

}  // namespace isotorch
