// Forward-mode differentiation and batched gradients: the levels that belong to the thread or the process.
#pragma once

#include <node_api.h>

namespace isotorch {

class Environment;
struct Call;

napi_value enter_dual_level(Call& call);
napi_value exit_dual_level(Call& call);
napi_value is_fwd_grad_enabled(Call& call);
napi_value set_fwd_grad_enabled(Call& call);
napi_value has_tangent(Call& call);
napi_value vmap_increment_nesting(Call& call);
napi_value vmap_decrement_nesting(Call& call);

// Gives back what an environment that ends has not.
void close_forward_ad(Environment& env);

}  // namespace isotorch
