// Memory that JavaScript and libtorch share without copying, in both directions.
#pragma once

#include <node_api.h>

namespace isotorch {

struct Call;

napi_value unsafe_buffer(Call& call);
napi_value pin_buffer(Call& call);
napi_value unsafe_from_buffer(Call& call);

}  // namespace isotorch
