// Custom autograd functions whose backward is JavaScript.
#include <ATen/ops/zeros_like.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/basic_ops.h>
#include <torch/csrc/autograd/saved_variable.h>
#include <torch/csrc/autograd/variable_info.h>

#include "autograd/autograd.h"
#include "autograd/reentry.h"
#include "bridge/call.h"
#include "compat.h"
#include "exports.h"

namespace isotorch {
namespace {

using torch::autograd::SavedVariable;
using torch::autograd::variable_list;
using torch::autograd::VariableInfo;

struct FunctionNode;

// What JavaScript holds while the node's backward runs; the node itself may not outlive that.
struct RunningNode : Owned {
  FunctionNode* node = nullptr;
};

struct FunctionNode : torch::autograd::Node, Reentrant {
  FunctionNode(Environment& env, uint32_t callback_id, std::string function_name)
      : callback(env, callback_id), function(std::move(function_name)) {}

  variable_list apply(variable_list&& gradients) override;
  std::string name() const override { return function; }
  void release_variables() override {
    for (auto& variable : saved) variable.reset_data();
    released = true;
  }

  Callback callback;
  std::string function;
  std::vector<SavedVariable> saved;
  std::vector<VariableInfo> outputs;  // what stands in for missing gradients
  std::vector<bool> is_tensor;        // per forward argument
  bool materialize_grads = true;
  bool released = false;
  bool whole = false;  // all its outputs were recorded
};

variable_list FunctionNode::apply(variable_list&& gradients) {
  TORCH_CHECK(whole, "function ", function,
              " cannot run: recording its outputs ended in an error, which apply() threw");
  at::OptionalDeviceGuard device_guard;
  if (materialize_grads) {
    for (size_t i = 0; i < gradients.size(); ++i) {
      if (!gradients[i].defined()) gradients[i] = outputs[i].zeros(device_guard);
    }
  }
  Environment& env = callback.environment();
  auto running = std::make_unique<RunningNode>();
  RunningNode* reference = running.get();
  reference->node = this;
  napi_value external = env.own(std::move(running));
  variable_list answer;
  const LockedNode locked(env);
  try {
    answer = callback.call(external, gradients);
  } catch (...) {
    reference->node = nullptr;
    throw;
  }
  reference->node = nullptr;
  TORCH_CHECK(answer.size() == is_tensor.size(), "function ", function,
              " returned an incorrect number of gradients (expected ", is_tensor.size(), ", got ",
              answer.size(), ")");
  variable_list result;
  for (size_t i = 0; i < answer.size(); ++i) {
    if (is_tensor[i]) {
      result.push_back(std::move(answer[i]));
    } else {
      TORCH_CHECK(!answer[i].defined(), "function ", function,
                  " returned a gradient different from None at position ", i + 1,
                  ", but the corresponding forward input was not a Tensor");
    }
  }
  return result;
}

// The outputs' tangents from the inputs': calls the function's jvp.
struct Tangents {
  const std::optional<Callback>& jvp;
  const FunctionNode& node;

  variable_list operator()(const variable_list& inputs, variable_list tangents) const {
    variable_list arguments;
    size_t next = 0;
    for (const bool is_tensor : node.is_tensor) {
      if (!is_tensor) {
        arguments.emplace_back();
        continue;
      }
      const at::Tensor& input = inputs[next];
      at::Tensor& tangent = tangents[next++];
      const bool zeros = !tangent.defined() && node.materialize_grads &&
                         torch::autograd::isDifferentiableType(input.scalar_type());
      arguments.push_back(zeros ? at::zeros_like(input) : std::move(tangent));
    }
    TORCH_CHECK_NOT_IMPLEMENTED(jvp.has_value(), "this custom function was called without its jvp");
    return jvp->call(nullptr, arguments);
  }
};

std::unordered_set<at::TensorImpl*> identities(const variable_list& tensors) {
  std::unordered_set<at::TensorImpl*> result;
  for (const auto& tensor : tensors) result.insert(tensor.unsafeGetTensorImpl());
  return result;
}

// Where outputs stood in the graph before they were recorded. Puts those back that can be, unless all went well: views
// that were changed in place have moved their base, too, and stay with a node that refuses to run.
class Undo {
 public:
  Undo(const variable_list& outputs, const NodePointer& node) : node_(node) {
    for (const auto& output : outputs) {
      if (output.defined())
        before_.push_back({output, output.grad_fn(), static_cast<uint32_t>(output.output_nr())});
    }
  }
  ~Undo() {
    auto& node = static_cast<FunctionNode&>(*node_);
    if (node.whole) return;
    for (const Before& before : before_) {
      auto* meta = torch::autograd::impl::get_autograd_meta(before.tensor);
      if (meta == nullptr || meta->is_view_ || meta->grad_fn_ != node_) continue;
      meta->grad_fn_ = before.grad_fn;
      meta->output_nr_ = before.output_nr;
    }
  }
  Undo(const Undo&) = delete;
  Undo& operator=(const Undo&) = delete;

 private:
  struct Before {
    at::Tensor tensor;
    NodePointer grad_fn;
    uint32_t output_nr;
  };
  const NodePointer& node_;
  std::vector<Before> before_;
};

}  // namespace

bool runs_callback(const torch::autograd::Node& node, uint32_t callback) {
  const auto* function = dynamic_cast<const FunctionNode*>(&node);
  return function != nullptr && function->callback.id() == callback;
}

namespace {

// Takes hold of a call's inputs, because forward may dispose of them, and what its result is made of must not depend on
// that. Gives back which of them require gradients. The calls nest.
Napi::Value enter_function(Call& call) {
  variable_list inputs = call.tensors(0, "inputs");
  std::vector<napi_value> needed;
  for (const auto& input : inputs) needed.push_back(call.boolean(input.defined() && input.requires_grad()));
  const Napi::Value result = call.array(needed);
  call.env.function_inputs.push_back(std::move(inputs));
  return result;
}

void exit_function(Call& call) {
  TORCH_CHECK(!call.env.function_inputs.empty(), "no function to leave");
  const variable_list inputs = std::move(call.env.function_inputs.back());
  call.env.function_inputs.pop_back();
}

// Between enter_function, which named the inputs, and exit_function.
Napi::Value apply_function(Call& call) {
  TORCH_CHECK(!call.env.function_inputs.empty(), "no function was entered");
  const auto callback = static_cast<uint32_t>(call.integer(0, "callback"));
  const variable_list arguments = call.env.function_inputs.back();
  const variable_list outputs = call.tensors(2, "outputs");
  const variable_list saved = call.tensors(3, "saved");
  const variable_list non_differentiable = call.tensors(4, "nonDifferentiable");
  const variable_list dirty = call.tensors(5, "dirty");

  NodePointer pointer = make_node<FunctionNode>(call.env, callback, call.text(1, "name"));
  auto& node = static_cast<FunctionNode&>(*pointer);
  node.materialize_grads = call.boolean(6, "materializeGrads");
  variable_list inputs;
  for (const auto& argument : arguments) {
    node.is_tensor.push_back(argument.defined());
    if (argument.defined()) inputs.push_back(argument);
  }

  bool differentiable = false;
  for (const auto& input : inputs) differentiable |= input.requires_grad();
  differentiable &= at::GradMode::is_enabled();
  if (differentiable) node.set_next_edges(torch::autograd::collect_next_edges(inputs));
  node.clear_input_metadata();
  for (const auto& tensor : dirty) tensor.unsafeGetTensorImpl()->bump_version();

  std::vector<std::optional<at::Tensor>> raw;
  for (const auto& output : outputs) {
    raw.push_back(output.defined() ? std::optional<at::Tensor>(output) : std::nullopt);
  }
  const Undo undo(outputs, pointer);
  std::optional<Callback> jvp;
  if (!call.is_null(7)) jvp.emplace(call.env, static_cast<uint32_t>(call.integer(7, "jvp")));
  const auto view_as_self = [](const at::Tensor& tensor) { return tensor.view_as(tensor); };
  const auto wrapped =
      compat::wrap_outputs<NodePointer>(inputs, identities(non_differentiable), identities(dirty), raw,
                                        differentiable ? pointer : NodePointer(), Tangents{jvp, node},
                                        std::unordered_set<at::TensorImpl*>(), view_as_self, false);

  variable_list results;
  for (const auto& output : wrapped) {
    results.push_back(output.value_or(at::Tensor()));
    if (differentiable) {
      node.outputs.push_back(output.has_value() ? VariableInfo(*output) : VariableInfo());
    }
  }
  if (differentiable) {
    for (const auto& tensor : saved) {
      // Saving an output as an input would keep the node alive through itself.
      const bool is_output = tensor.defined() && tensor.grad_fn() == pointer;
      node.saved.emplace_back(tensor, is_output);
    }
  }
  node.whole = true;
  return call.handles(results);
}

std::vector<at::Tensor> undefined_grad(Call& call) {
  const auto node = make_node<torch::autograd::UndefinedGrad>();
  auto& function = static_cast<torch::autograd::UndefinedGrad&>(*node);
  return function.apply({call.tensor(0, "self")});
}

std::vector<at::Tensor> saved_tensors(Call& call) {
  FunctionNode* node = call.owned<RunningNode>(0, "ctx").node;
  TORCH_CHECK(node != nullptr, "saved_tensors can only be read while backward runs");
  TORCH_CHECK(!node->released, torch::autograd::ERR_BACKWARD_TWICE);
  variable_list tensors;
  for (const auto& variable : node->saved) tensors.push_back(variable.unpack(node->getptr()));
  return tensors;
}

}  // namespace

void define_function(Napi::Object exports) {
  define(exports, {ISOTORCH_FUNCTION(enter_function), ISOTORCH_FUNCTION(exit_function),
                   ISOTORCH_FUNCTION(apply_function), ISOTORCH_FUNCTION(saved_tensors),
                   ISOTORCH_FUNCTION(undefined_grad)});
}

}  // namespace isotorch
