// Backward passes, gradient modes and hooks.
#pragma once

#include <ATen/core/Tensor.h>
#include <node_api.h>

#include <memory>
#include <vector>

#include "environment.h"

namespace isotorch {

struct Call;

// A JavaScript function owned by something inside libtorch (a hook, a graph node). It holds a number
// only, so that its owner may be destroyed anywhere, garbage collection included.
class Callback {
 public:
  Callback(Environment& env, uint32_t id) : link_(env.callbacks), id_(id) {}
  ~Callback();
  Callback(const Callback&) = delete;
  Callback& operator=(const Callback&) = delete;

  // Calls function(node?, ...gradients) with owned handles (null for an undefined tensor), and returns
  // the tensors it gave back: one, a list, or none at all.
  std::vector<at::Tensor> call(napi_value node, const std::vector<at::Tensor>& gradients) const;
  Environment& environment() const;
  uint32_t id() const { return id_; }

 private:
  std::shared_ptr<CallbackLink> link_;
  uint32_t id_;
};

// A hook's callback as libtorch and the environment share it: empty once the hook was removed. libtorch can
// remove hooks by position only, and positions shift when a tensor is changed in place.
struct Hook {
  std::shared_ptr<Callback> callback;
};

napi_value backward(Call& call);
napi_value grad(Call& call);
napi_value is_grad_enabled(Call& call);
napi_value set_grad_enabled(Call& call);
napi_value is_inference_mode(Call& call);
napi_value inference_mode(Call& call);
napi_value get_grad(Call& call);
napi_value set_grad(Call& call);
napi_value retain_grad(Call& call);
napi_value retains_grad(Call& call);
napi_value grad_fn_name(Call& call);
napi_value register_hook(Call& call);
napi_value remove_hook(Call& call);
napi_value register_post_accumulate_grad_hook(Call& call);
napi_value dead_callbacks(Call& call);

napi_value apply_function(Call& call);
napi_value saved_tensors(Call& call);

}  // namespace isotorch
