// Forward-mode differentiation and batched gradients: the levels that belong to the thread or the process.
#include "autograd/forward_ad.h"

#include <ATen/LegacyVmapMode.h>
#include <c10/core/AutogradState.h>
#include <torch/csrc/autograd/forward_grad.h>

#include "autograd/decompositions.h"
#include "bridge/call.h"
#include "exports.h"

namespace isotorch {

using torch::autograd::ForwardADLevel;

namespace {

int64_t enter_dual_level(Call& call) {
  register_decompositions();
  const uint64_t level = ForwardADLevel::get_next_idx();
  call.env.dual_levels.push_back(level);
  return level;
}

void exit_dual_level(Call& call) {
  const auto level = static_cast<uint64_t>(call.integer(0, "level"));
  auto& levels = call.env.dual_levels;
  // Levels belong to the process: another worker's must not be taken from it.
  TORCH_CHECK(
      !levels.empty() && levels.back() == level,
      "Trying to exit a forward AD level that was not the last one that was created. This is not supported.");
  levels.pop_back();
  ForwardADLevel::release_idx(level);
}

bool is_fwd_grad_enabled(Call&) { return c10::AutogradState::get_tls_state().get_fw_grad_mode(); }

void set_fwd_grad_enabled(Call& call) {
  c10::AutogradState::get_tls_state().set_fw_grad_mode(call.boolean(0, "mode"));
}

bool has_tangent(Call& call) { return call.tensor(0, "self")._fw_grad(0).defined(); }

int64_t vmap_increment_nesting(Call&) { return at::impl::VmapMode::increment_nesting(); }

int64_t vmap_decrement_nesting(Call&) {
  TORCH_CHECK(at::impl::VmapMode::current_vmap_level() > 0, "there is no vmap to leave");
  return at::impl::VmapMode::decrement_nesting();
}

}  // namespace

void define_forward_ad(Napi::Object exports) {
  define(exports, {ISOTORCH_FUNCTION(enter_dual_level), ISOTORCH_FUNCTION(exit_dual_level),
                   ISOTORCH_FUNCTION(is_fwd_grad_enabled), ISOTORCH_FUNCTION(set_fwd_grad_enabled),
                   ISOTORCH_FUNCTION(has_tangent), ISOTORCH_FUNCTION(vmap_increment_nesting),
                   ISOTORCH_FUNCTION(vmap_decrement_nesting)});
}

void close_forward_ad(Environment& env) {
  while (!env.dual_levels.empty()) {
    ForwardADLevel::release_idx(env.dual_levels.back());
    env.dual_levels.pop_back();
  }
}

}  // namespace isotorch
