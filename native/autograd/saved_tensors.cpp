#include "autograd/saved_tensors.h"

#include <torch/csrc/autograd/engine.h>
#include <torch/csrc/autograd/saved_variable_hooks.h>

#include "autograd/reentry.h"
#include "bridge/call.h"
#include "bridge/results.h"
#include "exports.h"

namespace isotorch {
namespace {

// The environment of this thread while it has hooks; looked at whenever a tensor is saved.
thread_local Environment* hooked = nullptr;
// The environment whose code runs on this thread while anomaly mode wants to know where that is.
thread_local Environment* traced = nullptr;

// Keeps what the pack hook gave. The pack callback answers with the number of a new callback, which unpacks.
class Packed final : public torch::autograd::SavedVariableHooks {
 public:
  explicit Packed(std::shared_ptr<Callback> pack) : pack_(std::move(pack)) {}

  void call_pack_hook(const at::Tensor& tensor) override {
    const Invocation invocation(*pack_);
    Environment& env = invocation.env;
    const LockedNode locked(env);  // a pass that makes a graph saves tensors, too
    const auto id = invocation({write_result(env, tensor)}).As<Napi::Number>();
    unpack_ = std::make_unique<Callback>(env, id.Uint32Value());
    pack_.reset();
  }

  at::Tensor call_unpack_hook() override {
    TORCH_CHECK(unpack_ != nullptr, "this saved tensor was never packed");
    const LockedNode locked(unpack_->environment());
    return unpack_->call(nullptr, {}).at(0);
  }

 private:
  std::shared_ptr<Callback> pack_;
  std::unique_ptr<Callback> unpack_;
};

class HookingEngine final : public torch::autograd::Engine {
 public:
  static torch::autograd::Engine& get() {
    static HookingEngine engine;
    return engine;
  }
  ~HookingEngine() override { stop(); }

  std::unique_ptr<torch::autograd::SavedVariableHooks> get_default_saved_variable_hooks() override {
    if (hooked == nullptr) return nullptr;
    return std::make_unique<Packed>(hooked->saved_tensor_hooks.back());
  }

  std::unique_ptr<torch::autograd::AnomalyMetadata> make_anomaly_metadata() override {
    return std::make_unique<NodeNotes>();
  }
};

}  // namespace

void NodeNotes::store_stack() {
  if (traced == nullptr) return;
  const Napi::HandleScope scope(traced->napi);
  try {
    // V8 writes the stack down when it makes an error.
    const Napi::Value lines = Napi::Error::New(traced->napi, "").Get("stack");
    if (!lines.IsString()) return;
    stack = lines.As<Napi::String>();
    const size_t first = stack.find('\n');
    stack.erase(0, first == std::string::npos ? stack.size() : first + 1);
  } catch (const Napi::Error&) {
    // The program's own Error.prepareStackTrace threw, or JavaScript cannot run any more.
  }
}

void NodeNotes::print_stack(const std::string& name) {
  if (stack.empty()) {
    TORCH_WARN("Error detected in ", name,
               ". No forward pass information available. Enable detect anomaly during forward pass for more "
               "information.");
    return;
  }
  TORCH_WARN("Error detected in ", name, ". Traceback of forward call that caused the error:\n", stack);
  for (NodePointer node = parent; node;) {
    const auto* notes = dynamic_cast<NodeNotes*>(node->metadata());
    if (notes == nullptr) return;
    if (!notes->stack.empty()) {
      TORCH_WARN("\n\nPrevious calculation was induced by ", node->name(),
                 ". Traceback of forward call that induced the previous calculation:\n", notes->stack);
    }
    node = notes->parent;
  }
}

void install_engine() {
  torch::autograd::set_default_engine_stub([]() -> torch::autograd::Engine& { return HookingEngine::get(); });
}

void close_saved_tensors(Environment& env) {
  hooked = traced = nullptr;
  env.saved_tensor_hooks.clear();
}

namespace {

void push_saved_tensors_hooks(Call& call) {
  TORCH_CHECK(!call.env.saved_tensor_hooks_disabled.has_value(), *call.env.saved_tensor_hooks_disabled);
  const auto id = static_cast<uint32_t>(call.integer(0, "pack"));
  call.env.saved_tensor_hooks.push_back(std::make_shared<Callback>(call.env, id));
  hooked = &call.env;
}

void pop_saved_tensors_hooks(Call& call) {
  if (!call.env.saved_tensor_hooks.empty()) call.env.saved_tensor_hooks.pop_back();
  if (call.env.saved_tensor_hooks.empty()) hooked = nullptr;
}

Napi::Value saved_tensors_hooks_disabled(Call& call) {
  const auto& message = call.env.saved_tensor_hooks_disabled;
  return message.has_value() ? call.text(*message) : call.null();
}

void disable_saved_tensors_hooks(Call& call) {
  if (call.is_null(0)) {
    call.env.saved_tensor_hooks_disabled.reset();
    return;
  }
  std::string message = call.text(0, "error_message");
  TORCH_CHECK(call.env.saved_tensor_hooks.empty(), message);
  call.env.saved_tensor_hooks_disabled = std::move(message);
}

bool is_anomaly_enabled(Call&) { return torch::autograd::AnomalyMode::is_enabled(); }

bool is_anomaly_check_nan_enabled(Call&) { return torch::autograd::AnomalyMode::should_check_nan(); }

void set_anomaly_enabled(Call& call) {
  const bool enabled = call.boolean(0, "enabled");
  torch::autograd::AnomalyMode::set_enabled(enabled, call.boolean(1, "check_nan"));
  traced = enabled ? &call.env : nullptr;
}

}  // namespace

void define_saved_tensors(Napi::Object exports) {
  define(exports, {ISOTORCH_FUNCTION(push_saved_tensors_hooks), ISOTORCH_FUNCTION(pop_saved_tensors_hooks),
                   ISOTORCH_FUNCTION(saved_tensors_hooks_disabled),
                   ISOTORCH_FUNCTION(disable_saved_tensors_hooks), ISOTORCH_FUNCTION(is_anomaly_enabled),
                   ISOTORCH_FUNCTION(is_anomaly_check_nan_enabled), ISOTORCH_FUNCTION(set_anomaly_enabled)});
}

}  // namespace isotorch
