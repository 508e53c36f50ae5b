#include "autograd/forward_ad.h"

#include <ATen/LegacyVmapMode.h>
#include <c10/core/AutogradState.h>
#include <torch/csrc/autograd/forward_grad.h>

#include "autograd/decompositions.h"
#include "bridge/call.h"

namespace isotorch {

using torch::autograd::ForwardADLevel;

napi_value enter_dual_level(Call& call) {
  register_decompositions();
  const uint64_t level = ForwardADLevel::get_next_idx();
  call.env.dual_levels.push_back(level);
  return call.number(static_cast<double>(level));
}

napi_value exit_dual_level(Call& call) {
  const auto level = static_cast<uint64_t>(call.integer(0, "level"));
  auto& levels = call.env.dual_levels;
  // Levels belong to the process: another worker's must not be taken from it.
  TORCH_CHECK(
      !levels.empty() && levels.back() == level,
      "Trying to exit a forward AD level that was not the last one that was created. This is not supported.");
  levels.pop_back();
  ForwardADLevel::release_idx(level);
  return nullptr;
}

napi_value is_fwd_grad_enabled(Call& call) {
  return call.boolean(c10::AutogradState::get_tls_state().get_fw_grad_mode());
}

napi_value set_fwd_grad_enabled(Call& call) {
  c10::AutogradState::get_tls_state().set_fw_grad_mode(call.boolean(0, "mode"));
  return nullptr;
}

napi_value has_tangent(Call& call) { return call.boolean(call.tensor(0, "self")._fw_grad(0).defined()); }

napi_value vmap_increment_nesting(Call& call) {
  return call.number(static_cast<double>(at::impl::VmapMode::increment_nesting()));
}

napi_value vmap_decrement_nesting(Call& call) {
  TORCH_CHECK(at::impl::VmapMode::current_vmap_level() > 0, "there is no vmap to leave");
  return call.number(static_cast<double>(at::impl::VmapMode::decrement_nesting()));
}

void close_forward_ad(Environment& env) {
  while (!env.dual_levels.empty()) {
    ForwardADLevel::release_idx(env.dual_levels.back());
    env.dual_levels.pop_back();
  }
}

}  // namespace isotorch
