#include "autograd/graph.h"

#include <ATen/SequenceNumber.h>
#include <torch/csrc/autograd/anomaly_mode.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/function_hook.h>
#include <torch/csrc/autograd/graph_task.h>
#include <torch/csrc/autograd/variable.h>

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "autograd/saved_tensors.h"
#include "bridge/call.h"
#include "bridge/results.h"
#include "exports.h"

namespace isotorch {
namespace {

using torch::autograd::variable_list;

torch::autograd::Node& node_of(const Call& call) { return *call.owned<GraphNode>(0, "node").node; }

// Bytes of the gradients that arrive at a node: what its operation had as results, and mostly saved.
int64_t own_bytes(const torch::autograd::Node& node) {
  int64_t bytes = 0;
  for (uint32_t i = 0; i < node.num_inputs(); ++i) {
    const auto& metadata = node.input_metadata(i);
    if (metadata.was_default_constructed() || metadata.is_nested_tensor()) continue;
    const auto sizes = metadata.shape_as_dim_vector();
    bytes += c10::multiply_integers(C10_AS_INTARRAYREF_SLOW(sizes)) *
             static_cast<int64_t>(metadata.dtype().itemsize());
  }
  return bytes;
}

// What the graph behind a node holds, roughly. No more nodes are looked at than were made since the last time, so that
// all these walks together cost less than making the graphs did.
int64_t graph_bytes(Environment& env, const NodePointer& start) {
  const auto now = static_cast<int64_t>(at::sequence_number::peek());
  size_t budget = 16 + static_cast<size_t>(std::max<int64_t>(now - env.nodes_weighed, 0));
  env.nodes_weighed = now;
  int64_t bytes = 0;
  std::unordered_set<const torch::autograd::Node*> seen{start.get()};
  std::vector<const torch::autograd::Node*> open{start.get()};
  while (!open.empty() && budget-- > 0) {
    const auto* node = open.back();
    open.pop_back();
    bytes += own_bytes(*node);
    for (const auto& edge : node->next_edges()) {
      if (edge.function && seen.insert(edge.function.get()).second) open.push_back(edge.function.get());
    }
  }
  return bytes;
}

// Empty where there is none.
Napi::Value known_object(const Environment& env, const torch::autograd::Node& node) {
  const auto known = env.node_objects.find(&node);
  return known == env.node_objects.end() ? Napi::Value() : known->second->object.Value();
}

// The GradFn that stands for the node, or an external of which JavaScript makes one: see name_node().
Napi::Value write_node(const Call& call, const NodePointer& node, bool whole_graph) {
  if (!node) return call.null();
  Environment& env = call.env;
  env.stale_references.clear();
  Napi::Value object = known_object(env, *node);
  if (!object.IsEmpty()) return object;
  const int64_t bytes = whole_graph ? graph_bytes(env, node) : own_bytes(*node);
  object = env.own(std::make_unique<GraphNode>(env, node, bytes));
  report(env, bytes);
  return object;
}

Napi::Value write_edge(const Call& call, const torch::autograd::Edge& edge, bool whole_graph) {
  return call.array({write_node(call, edge.function, whole_graph), call.number(edge.input_nr)});
}

// What a node's hook gave instead of `values`, checked as Python checks it.
void replace(variable_list& values, variable_list answer, const std::string& name) {
  TORCH_CHECK(answer.size() == values.size(), "hook '", name,
              "' has returned an incorrect number of values (got ", answer.size(), ", but expected ",
              values.size(), ")");
  for (size_t i = 0; i < values.size(); ++i) {
    if (!answer[i].defined()) continue;
    TORCH_CHECK(values[i].defined(), "can't replace a None gradient with a non-None value");
    torch::autograd::check_variable_result(values[i], answer[i], name);
  }
  values = std::move(answer);
}

// A node's hooks of one kind.
struct NodeHooks {
  std::shared_ptr<HookList> list = std::make_shared<HookList>();

  variable_list run(variable_list values, const variable_list* others) const {
    const auto hooks = list;  // a hook may free the node
    hooks->each([&](const Hook& hook, const Callback& callback) {
      const Invocation invocation(callback);
      std::vector<napi_value> arguments{write_list(invocation.env, values)};
      if (others != nullptr) arguments.push_back(write_list(invocation.env, *others));
      const Napi::Value answer = invocation(arguments);
      if (!answer.IsNull()) replace(values, read_tensors(invocation.env, answer, "gradient"), hook.name);
    });
    return values;
  }

 private:
  static napi_value write_list(Environment& env, const variable_list& tensors) {
    std::vector<napi_value> items;
    for (const auto& tensor : tensors) items.push_back(write_result(env, tensor));
    return array_of(env.napi, items);
  }
};

struct PreHooks : torch::autograd::FunctionPreHook, NodeHooks {
  variable_list operator()(const variable_list& gradients) override { return run(gradients, nullptr); }
};

struct PostHooks : torch::autograd::FunctionPostHook, NodeHooks {
  variable_list operator()(const variable_list& outputs, const variable_list& inputs) override {
    return run(outputs, &inputs);
  }
};

template <typename Ours, typename Hooks>
HookList* find(const Hooks& hooks) {
  for (const auto& hooked : hooks) {
    if (auto* ours = dynamic_cast<Ours*>(hooked.get())) return ours->list.get();
  }
  return nullptr;
}

// The node of a tensor's gradient, for hooks that the graph itself owns: holding it would be a circle.
struct NodeWatch : Owned {
  using Weak = std::conditional_t<std::is_same_v<NodePointer, std::shared_ptr<torch::autograd::Node>>,
                                  std::weak_ptr<torch::autograd::Node>,
                                  c10::weak_intrusive_ptr<torch::autograd::Node>>;

  explicit NodeWatch(const at::Tensor& tensor)
      : node(torch::autograd::impl::gradient_edge(tensor).function),
        output_nr(static_cast<uint32_t>(tensor.output_nr())),
        leaf(tensor.is_leaf() ? tensor.getIntrusivePtr() : at::Tensor().getIntrusivePtr()) {}

  NodePointer find() const {
    if (auto found = node.lock()) return found;
    // A leaf's node comes and goes with the graphs that end there.
    const auto impl = leaf.lock();
    return impl.defined() ? torch::autograd::impl::try_get_grad_accumulator(at::Tensor(impl)) : NodePointer();
  }

  Weak node;
  uint32_t output_nr;
  c10::weak_intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl> leaf;
};

}  // namespace

// Runs inside collections, too: the collector is told with the next report, and the reference deleted later.
GraphNode::~GraphNode() {
  if (env.closed()) return;
  env.slots.unreported -= bytes;
  if (object.IsEmpty()) return;
  env.node_objects.erase(node.get());
  env.stale_references.push_back(std::move(object));
}

void close_graph(Environment& env) {
  for (const auto& [node, known] : env.node_objects) known->object.Reset();
  env.node_objects.clear();
  env.stale_references.clear();
}

namespace {

// (external, GradFn made of it): which GradFn stands for the node from now on, this one unless there is one already. A
// node that is met twice in one list comes as two externals.
Napi::Value name_node(Call& call) {
  auto& node = call.owned<GraphNode>(0, "node");
  const Napi::Value object = known_object(call.env, *node.node);
  if (!object.IsEmpty()) return object;
  GraphNode*& known = call.env.node_objects[node.node.get()];
  if (known != nullptr) known->object.Reset();  // of a GradFn that is gone already
  node.object = Napi::Weak(call[1].As<Napi::Object>());
  known = &node;
  return call[1];
}

Napi::Value watch_node(Call& call) {
  return call.env.own(std::make_unique<NodeWatch>(call.tensor(0, "tensor")));
}

// (tensor, watched node): the same values as a result of that node, while it is there.
at::Tensor tie(Call& call) {
  const at::Tensor& tensor = call.tensor(0, "tensor");
  const auto& watch = call.owned<NodeWatch>(1, "node");
  NodePointer node = watch.find();
  if (!node) return tensor;
  return torch::autograd::make_variable(tensor, torch::autograd::Edge(std::move(node), watch.output_nr));
}

Napi::Value grad_fn(Call& call) { return write_node(call, call.tensor(0, "self").grad_fn(), true); }

Napi::Value grad_fn_name(Call& call) {
  const auto& node = call.tensor(0, "self").grad_fn();
  return node ? call.text(node->name()) : call.null();
}

Napi::Value gradient_edge(Call& call) {
  return write_edge(call, torch::autograd::impl::gradient_edge(call.tensor(0, "tensor")), true);
}

std::string node_name(Call& call) { return node_of(call).name(); }

Napi::Value node_next(Call& call) {
  std::vector<napi_value> edges;
  for (const auto& edge : node_of(call).next_edges()) edges.push_back(write_edge(call, edge, false));
  return call.array(edges);
}

uint64_t node_sequence_nr(Call& call) { return node_of(call).sequence_nr(); }

Napi::Value node_inputs(Call& call) {
  const auto& node = node_of(call);
  std::vector<napi_value> inputs;
  for (uint32_t i = 0; i < node.num_inputs(); ++i) {
    const auto& metadata = node.input_metadata(i);
    if (metadata.was_default_constructed()) {
      inputs.push_back(call.null());
      continue;
    }
    const auto sizes = metadata.shape_as_dim_vector();
    const auto dtype = c10::typeMetaToScalarType(metadata.dtype());
    inputs.push_back(
        call.array({call.numbers(C10_AS_INTARRAYREF_SLOW(sizes)), call.number(static_cast<double>(dtype)),
                    call.text(metadata.device().str())}));
  }
  return call.array(inputs);
}

Napi::Value node_metadata(Call& call) {
  const auto* notes = dynamic_cast<NodeNotes*>(node_of(call).metadata());
  return notes == nullptr || notes->dictionary == nullptr ? call.null()
                                                          : call.number(notes->dictionary->id());
}

void set_node_metadata(Call& call) {
  auto* notes = dynamic_cast<NodeNotes*>(node_of(call).metadata());
  TORCH_CHECK(notes != nullptr, "this node cannot carry metadata");
  notes->dictionary =
      std::make_unique<Callback>(call.env, static_cast<uint32_t>(call.integer(1, "callback")));
}

void register_node_hook(Call& call) {
  auto& node = node_of(call);
  const bool before = call.boolean(3, "before");
  auto hook = make_hook(call);
  hook->name = call.text(2, "name");
  HookList* hooks = before ? find<PreHooks>(node.pre_hooks()) : find<PostHooks>(node.post_hooks());
  if (hooks == nullptr && before) {
    auto fresh = std::make_unique<PreHooks>();
    hooks = fresh->list.get();
    node.add_pre_hook(std::move(fresh));
  } else if (hooks == nullptr) {
    auto fresh = std::make_unique<PostHooks>();
    hooks = fresh->list.get();
    node.add_post_hook(std::move(fresh));
  }
  hooks->add(std::move(hook));
}

bool will_execute(Call& call) {
  const NodePointer held = call.owned<NodeWatch>(0, "node").find();
  auto* node = held.get();
  if (node == nullptr) return false;
  const auto* information = torch::autograd::get_current_graph_task_exec_info();
  const auto* reachable = torch::autograd::get_current_graph_task_nodes_in_graph();
  TORCH_CHECK(information != nullptr && reachable != nullptr,
              "_get_should_execute_nodes should only be called during the backward pass");
  bool result = reachable->count(node) > 0;
  if (result && !information->empty()) {
    const auto found = information->find(node);
    result = found != information->end() && found->second.should_execute();
    TORCH_CHECK(!result || node->topological_nr() != 0 || !found->second.captures_,
                "A leaf node was passed to _will_engine_execute_node but we are currently running "
                "autograd.grad(). This is currently not supported.");
  }
  return result;
}

int64_t graph_task_id(Call&) { return torch::autograd::get_current_graph_task_id(); }

}  // namespace

void define_graph(Napi::Object exports) {
  define(
      exports,
      {ISOTORCH_FUNCTION(grad_fn), ISOTORCH_FUNCTION(grad_fn_name), ISOTORCH_FUNCTION(gradient_edge),
       ISOTORCH_FUNCTION(node_name), ISOTORCH_FUNCTION(node_next), ISOTORCH_FUNCTION(node_sequence_nr),
       ISOTORCH_FUNCTION(node_inputs), ISOTORCH_FUNCTION(node_metadata), ISOTORCH_FUNCTION(set_node_metadata),
       ISOTORCH_FUNCTION(register_node_hook), ISOTORCH_FUNCTION(will_execute), ISOTORCH_FUNCTION(name_node),
       ISOTORCH_FUNCTION(watch_node), ISOTORCH_FUNCTION(tie), ISOTORCH_FUNCTION(graph_task_id)});
}

}  // namespace isotorch
