#include "autograd/autograd.h"

#include <ATen/core/VariableHooksInterface.h>
#include <ATen/core/grad_mode.h>
#include <c10/core/AutogradState.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/function_hook.h>
#include <torch/csrc/autograd/variable.h>

#include <unordered_map>
#include <unordered_set>

#include "autograd/reentry.h"
#include "bridge/call.h"
#include "bridge/results.h"
#include "exports.h"

namespace isotorch {

Callback::~Callback() {
  std::lock_guard<std::mutex> lock(link_->mutex);
  link_->dead.push_back(id_);
  link_->has_dead = true;
}

Environment& Callback::environment() const {
  std::lock_guard<std::mutex> lock(link_->mutex);
  TORCH_CHECK(link_->environment != nullptr, "the worker that owns this autograd callback has ended");
  // Past a certain depth of nested passes the engine goes on in a thread of its own, where no JavaScript runs.
  TORCH_CHECK(std::this_thread::get_id() == link_->environment->thread,
              "backward is nested too deep: about 60 passes may run inside each other's hooks and functions");
  return *link_->environment;
}

std::vector<at::Tensor> read_tensors(const Environment& env, napi_value answer, const char* name) {
  const auto length = array_length(env.napi, answer);
  std::vector<at::Tensor> tensors;
  for (uint32_t i = 0; i < length.value_or(1); ++i) {
    napi_value item = length ? item_of(env.napi, answer, i) : answer;
    const napi_valuetype type = Napi::Value(env.napi, item).Type();
    const bool none = type == napi_null || type == napi_undefined;
    if (none && !length) return {};
    tensors.push_back(none ? at::Tensor() : tensor_in(env, item, name));
  }
  return tensors;
}

Napi::Value Invocation::operator()(const std::vector<napi_value>& arguments) const {
  // Not env.invoke.Call(), which opens a scope of its own.
  return env.invoke.Value().Call({Napi::Number::New(env.napi, id_), array_of(env.napi, arguments)});
}

std::vector<at::Tensor> Callback::call(napi_value node, const std::vector<at::Tensor>& gradients) const {
  const Invocation invocation(*this);
  std::vector<napi_value> arguments;
  if (node != nullptr) arguments.push_back(node);
  for (const auto& gradient : gradients) arguments.push_back(write_result(invocation.env, gradient));
  return read_tensors(invocation.env, invocation(arguments), "gradient");
}

namespace {

// Hooks on a tensor: each may replace the gradient for those after it. As in Python, a gradient may be missing.
struct GradientHooks {
  std::shared_ptr<HookList> list = std::make_shared<HookList>();

  at::TensorBase operator()(const at::TensorBase& given) const {
    const auto hooks = list;  // a hook may free the tensor, and this with it
    at::Tensor gradient(given);
    bool replaced = false;
    hooks->each([&](const Hook& hook, const Callback& callback) {
      auto answer = callback.call(nullptr, {gradient});
      if (answer.empty() || !answer[0].defined()) return;
      TORCH_CHECK(gradient.defined(), "can't replace a None gradient with a non-None value");
      torch::autograd::check_variable_result(gradient, answer[0], hook.name);
      gradient = std::move(answer[0]);
      replaced = true;
    });
    return replaced ? at::TensorBase(std::move(gradient)) : at::TensorBase();
  }
};

// The hooks of a tensor where it stands now: an operation in place gives it a new list.
HookList& gradient_hooks(const at::Tensor& self) {
  const auto* meta = torch::autograd::impl::get_autograd_meta(self);
  if (meta != nullptr && meta->cpp_hooks_list_ != nullptr) {
    for (const auto& hook : *meta->cpp_hooks_list_) {
      if (const auto* ours = hook.target<GradientHooks>()) return *ours->list;
    }
  }
  GradientHooks fresh;
  HookList& list = *fresh.list;
  at::impl::GetVariableHooks()->_register_hook(self, std::move(fresh));
  return list;
}

struct AccumulatedHooks : torch::autograd::PostAccumulateGradHook {
  std::shared_ptr<HookList> list = std::make_shared<HookList>();

  void operator()(const torch::autograd::Variable& tensor) override {
    const auto hooks = list;
    const at::Tensor self = tensor;
    hooks->each([&](const Hook&, const Callback& callback) {
      const LockedNode locked(callback.environment());
      callback.call(nullptr, {self});
    });
  }
};

// What Python checks of a tensor that is assigned as the gradient of another.
void check_assigned(const at::Tensor& self, const at::Tensor& gradient) {
  const auto wanted = self.is_leaf() ? self.grad_dtype() : self.scalar_type();
  TORCH_CHECK(!wanted.has_value() || gradient.scalar_type() == *wanted,
              "attempting to assign a gradient with dtype '", gradient.dtype(),
              "' to a tensor with grad_dtype '", *wanted,
              "'. The gradient must match the tensor's grad_dtype (defaults to the tensor's dtype). You can "
              "set the tensor's grad_dtype attribute with a specific dtype, or None to allow any dtype. Set "
              "grad_dtype with caution. Diverging the dtypes of a tensor and its gradient may break "
              "downstream systems that assume they match.");
  TORCH_CHECK(gradient.device().type() == self.device().type(),
              "attempting to assign a gradient with device type '", gradient.device().type(),
              "' to a tensor with device type '", self.device().type(),
              "'. Please ensure that the gradient and the tensor are on the same device");
  TORCH_CHECK(gradient.sym_sizes().equals(self.sym_sizes()), "attempting to assign a gradient of size '",
              gradient.sym_sizes(), "' to a tensor of size '", self.sym_sizes(),
              "'. Please ensure that the gradient and the tensor are the same size");
}

}  // namespace

std::shared_ptr<Hook> make_hook(Call& call) {
  const auto id = static_cast<uint32_t>(call.integer(1, "callback"));
  auto hook = std::make_shared<Hook>(Hook{std::make_shared<Callback>(call.env, id), {}, {}});
  call.env.hooks[id] = hook;
  return hook;
}

void forget_dead_callbacks(Environment& env) {
  if (env.invoke.IsEmpty() || !(env.callbacks->has_dead || !env.callback_owners.empty())) return;
  const Napi::HandleScope scope(env.napi);
  try {
    // Callback 0 of lib/torch/native/index.ts.
    env.invoke.Value().Call({Napi::Number::New(env.napi, 0), array_of(env.napi, {})});
  } catch (const Napi::Error&) {
    // JavaScript cannot run any more: nothing is to be forgotten.
  }
}

namespace {

void increment_version(Call& call) {
  for (const auto& tensor : call.tensors(0, "tensor")) {
    if (!tensor.is_inference()) torch::autograd::impl::bump_version(tensor);
  }
}

bool is_grad_enabled(Call&) { return at::GradMode::is_enabled(); }

void set_grad_enabled(Call& call) { at::GradMode::set_enabled(call.boolean(0, "enabled")); }

bool is_inference_mode(Call&) { return c10::InferenceMode::is_enabled(); }

Napi::Value inference_mode(Call& call) {
  const c10::InferenceMode mode(call.boolean(0, "enabled"));
  // The guard also switches multithreaded backward on again; hooks could not run JavaScript then.
  c10::AutogradState::get_tls_state().set_multithreading_enabled(false);
  return call.function(1, "body").Call({});
}

at::Tensor get_grad(Call& call) { return call.tensor(0, "self").grad(); }

void set_grad(Call& call) {
  const at::Tensor& self = call.tensor(0, "self");
  const at::Tensor gradient = call.is_null(1) ? at::Tensor() : call.tensor(1, "grad");
  if (gradient.defined()) check_assigned(self, gradient);
  self.mutable_grad() = gradient;
}

void retain_grad(Call& call) { call.tensor(0, "self").retain_grad(); }

bool retains_grad(Call& call) { return call.tensor(0, "self").retains_grad(); }

void register_hook(Call& call) {
  const at::Tensor self = call.tensor(0, "self");
  TORCH_CHECK(self.requires_grad(), "cannot register a hook on a tensor that doesn't require gradient");
  auto hook = make_hook(call);
  hook->name = call.text(2, "name");
  gradient_hooks(self).add(std::move(hook));
}

void register_post_accumulate_grad_hook(Call& call) {
  const at::Tensor self = call.tensor(0, "self");
  TORCH_CHECK(self.requires_grad(), "cannot register a hook on a tensor that doesn't require gradient");
  TORCH_CHECK(self.is_leaf(), "post accumulate grad hooks cannot be registered on non-leaf tensors");
  auto* hooks = dynamic_cast<AccumulatedHooks*>(torch::autograd::impl::post_acc_grad_hooks(self).get());
  if (hooks == nullptr) {
    auto fresh = std::make_unique<AccumulatedHooks>();
    hooks = fresh.get();
    torch::autograd::impl::set_post_acc_grad_hooks(self, std::move(fresh));
  }
  hooks->list->add(make_hook(call));
}

bool remove_hook(Call& call) {
  const auto found = call.env.hooks.find(static_cast<uint32_t>(call.integer(0, "callback")));
  if (found == call.env.hooks.end()) return false;
  const auto hook = found->second.lock();
  if (hook != nullptr) {
    hook->callback.reset();
    if (const auto list = hook->home.lock()) std::erase(list->hooks, hook);
  }
  call.env.hooks.erase(found);
  return hook != nullptr;
}

// (tensor, its object, callback): the callback, a hook of the tensor or what its node runs, is looked at by idle_owners.
void watch_owner(Call& call) {
  const NodePointer node = call.tensor(0, "tensor").grad_fn();
  const uint32_t handle = call.slot(0);
  const auto callback = static_cast<uint32_t>(call.integer(2, "callback"));
  const bool is_hook = call.env.hooks.count(callback) > 0;
  if (!is_hook && !(node && runs_callback(*node, callback))) return;
  call.env.callback_owners.push_back(
      {Napi::Weak(call[1].As<Napi::Object>()), handle, call.env.slots.serial(handle), callback, node.get()});
}

// [object, callback, …] of the owners that nothing in libtorch can reach: neither a graph nor another tensor has the
// tensor or, but for other such owners, its node. They are not watched any more.
Napi::Value idle_owners(Call& call) {
  Environment& env = call.env;
  auto& owners = env.callback_owners;
  std::erase_if(owners,
                [&](const CallbackOwner& owner) { return !env.slots.is_live(owner.handle, owner.serial); });
  const auto alone = [&](const CallbackOwner& owner) {
    return env.slots.find(owner.handle)->use_count() == 1;
  };
  // As it is recorded: grad_fn() makes that of a changed view anew, and throws where the view may not be changed.
  const NodePointer none;
  const auto node_of = [&](const CallbackOwner& owner) -> const NodePointer& {
    const auto* meta = torch::autograd::impl::get_autograd_meta(*env.slots.find(owner.handle));
    return meta == nullptr ? none : meta->grad_fn_;
  };
  std::unordered_map<const void*, std::unordered_set<uint32_t>> sharing;  // handles of lone tensors, by node
  for (const auto& owner : owners) {
    if (alone(owner)) sharing[node_of(owner).get()].insert(owner.handle);
  }
  std::vector<napi_value> idle;
  std::erase_if(owners, [&](const CallbackOwner& owner) {
    if (!alone(owner)) return false;
    const NodePointer& node = node_of(owner);
    // Changed in place meanwhile: another node than the tensor's has the callback.
    if (node.get() != owner.node) return false;
    if (node && node.use_count() != static_cast<decltype(node.use_count())>(sharing[node.get()].size()))
      return false;
    const Napi::Object object = owner.object.Value();
    if (object.IsEmpty()) return false;
    idle.push_back(object);
    idle.push_back(call.number(owner.callback));
    return true;
  });
  return call.array(idle);
}

Napi::Value dead_callbacks(Call& call) {
  std::vector<uint32_t> dead;
  {
    std::lock_guard<std::mutex> lock(call.env.callbacks->mutex);
    dead.swap(call.env.callbacks->dead);
    call.env.callbacks->has_dead = false;
  }
  std::vector<napi_value> ids;
  for (const uint32_t id : dead) {
    call.env.hooks.erase(id);
    ids.push_back(call.number(id));
  }
  return call.array(ids);
}

}  // namespace

void define_autograd(Napi::Object exports) {
  define(exports,
         {ISOTORCH_FUNCTION(increment_version), ISOTORCH_FUNCTION(is_grad_enabled),
          ISOTORCH_FUNCTION(set_grad_enabled), ISOTORCH_FUNCTION(is_inference_mode),
          ISOTORCH_FUNCTION(inference_mode), ISOTORCH_FUNCTION(get_grad), ISOTORCH_FUNCTION(set_grad),
          ISOTORCH_FUNCTION(retain_grad), ISOTORCH_FUNCTION(retains_grad), ISOTORCH_FUNCTION(register_hook),
          ISOTORCH_FUNCTION(register_post_accumulate_grad_hook), ISOTORCH_FUNCTION(remove_hook),
          ISOTORCH_FUNCTION(watch_owner), ISOTORCH_FUNCTION(idle_owners), ISOTORCH_FUNCTION(dead_callbacks)});
}

}  // namespace isotorch
