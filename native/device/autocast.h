// Automatic mixed precision: the thread's switches that the dispatcher's autocast kernels look at.
#pragma once

#include <node_api.h>

namespace isotorch {

struct Call;

napi_value is_autocast_available(Call& call);
napi_value is_autocast_enabled(Call& call);
napi_value set_autocast_enabled(Call& call);
napi_value get_autocast_dtype(Call& call);
napi_value set_autocast_dtype(Call& call);
napi_value autocast_increment_nesting(Call& call);
napi_value autocast_decrement_nesting(Call& call);
napi_value is_autocast_cache_enabled(Call& call);
napi_value set_autocast_cache_enabled(Call& call);
napi_value clear_autocast_cache(Call& call);

}  // namespace isotorch
