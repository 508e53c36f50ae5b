// Switches of the process that libtorch keeps: determinism, libraries, precisions, the default dtype.
#pragma once

#include <node_api.h>

namespace isotorch {

struct Call;

napi_value get_backend_flag(Call& call);
napi_value set_backend_flag(Call& call);
napi_value get_precision(Call& call);
napi_value set_precision(Call& call);
napi_value get_matmul_precision(Call& call);
napi_value set_matmul_precision(Call& call);
napi_value get_quantized_engine(Call& call);
napi_value set_quantized_engine(Call& call);
napi_value supported_quantized_engines(Call& call);
napi_value set_deterministic(Call& call);
napi_value set_flush_denormal(Call& call);
napi_value get_default_dtype(Call& call);
napi_value set_default_dtype(Call& call);

}  // namespace isotorch
