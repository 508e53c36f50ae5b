// Backward passes, gradient modes and hooks.
#pragma once

#include <ATen/core/Tensor.h>
#include <napi.h>
#include <torch/csrc/autograd/function.h>

#include <memory>
#include <type_traits>
#include <vector>

#include "memory/environment.h"

namespace isotorch {

struct Call;

// shared_ptr up to libtorch 2.12, intrusive_ptr since.
using NodePointer = decltype(torch::autograd::Edge::function);

template <typename Node, typename... Arguments>
NodePointer make_node(Arguments&&... arguments) {
  if constexpr (std::is_same_v<NodePointer, std::shared_ptr<torch::autograd::Node>>) {
    return NodePointer(new Node(std::forward<Arguments>(arguments)...));
  } else {
    return NodePointer(c10::make_intrusive<Node>(std::forward<Arguments>(arguments)...));
  }
}

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

// One call of a callback; values made for it die with it, because one backward pass may run many.
class Invocation {
 public:
  explicit Invocation(const Callback& callback)
      : env(callback.environment()), id_(callback.id()), scope_(env.napi) {}

  Napi::Value operator()(const std::vector<napi_value>& arguments) const;

  Environment& env;

 private:
  uint32_t id_;
  Napi::HandleScope scope_;
};

struct HookList;

// One hook: empty once it was removed, which may happen while its list runs.
struct Hook {
  std::shared_ptr<Callback> callback;
  std::string name;              // of the function, for messages about what it returned
  std::weak_ptr<HookList> home;  // where it is taken out when it is removed
};

// The hooks of one kind in one place. libtorch gets one hook of its own, which runs the list: it can remove hooks by
// position only, leaving a gap that every later pass looks at, and it runs them where they lie, which a hook that
// registers another moves.
struct HookList : std::enable_shared_from_this<HookList> {
  std::vector<std::shared_ptr<Hook>> hooks;

  void add(std::shared_ptr<Hook> hook) {
    hook->home = weak_from_this();
    hooks.push_back(std::move(hook));
  }
  // Calls `run(hook, callback)` for the hooks that are there now: one that a hook registers runs from the next pass on.
  template <typename Run>
  void each(Run&& run) const {
    const auto now = hooks;
    for (const auto& hook : now) {
      // Lives through the call, even if the call removes the hook.
      if (const auto callback = hook->callback) run(*hook, *callback);
    }
  }
};

// A removable hook around the callback whose number is the call's second argument.
std::shared_ptr<Hook> make_hook(Call& call);
// The tensors of a callback's answer: one, a list, or none at all.
std::vector<at::Tensor> read_tensors(const Environment& env, napi_value answer, const char* name);

// Whether the node is a custom function's, with this callback as its backward.
bool runs_callback(const torch::autograd::Node& node, uint32_t callback);
// Lets JavaScript forget the callbacks whose owners are gone.
void forget_dead_callbacks(Environment& env);

}  // namespace isotorch
