// Indexing: what Python's x[...] and x[...] = value do.
#pragma once

#include <node_api.h>

namespace isotorch {

struct Call;

napi_value getitem(Call& call);
napi_value setitem(Call& call);

}  // namespace isotorch
