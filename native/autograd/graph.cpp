#include "autograd/graph.h"

#include <torch/csrc/autograd/anomaly_mode.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/function_hook.h>
#include <torch/csrc/autograd/graph_task.h>
#include <torch/csrc/autograd/variable.h>

#include "autograd/saved_tensors.h"
#include "bridge/call.h"
#include "bridge/results.h"
#include "exports.h"

namespace isotorch {
namespace {

using torch::autograd::variable_list;

torch::autograd::Node& node_of(const Call& call) { return *call.owned<GraphNode>(0, "node").node; }

// [address, external]: the address tells JavaScript whether it knows the node already.
Napi::Value write_node(const Call& call, const NodePointer& node) {
  if (!node) return call.null();
  const auto address = reinterpret_cast<uintptr_t>(node.get());
  return call.array(
      {call.number(static_cast<double>(address)), call.env.own(std::make_unique<GraphNode>(node))});
}

Napi::Value write_edge(const Call& call, const torch::autograd::Edge& edge) {
  return call.array({write_node(call, edge.function), call.number(edge.input_nr)});
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
      const napi_value answer = invocation(arguments);
      napi_valuetype type;
      check(invocation.env.napi, napi_typeof(invocation.env.napi, answer, &type));
      if (type != napi_null) replace(values, read_tensors(invocation.env, answer, "gradient"), hook.name);
    });
    return values;
  }

 private:
  static napi_value write_list(Environment& env, const variable_list& tensors) {
    napi_value result;
    check(env.napi, napi_create_array_with_length(env.napi, tensors.size(), &result));
    for (uint32_t i = 0; i < tensors.size(); ++i) {
      check(env.napi, napi_set_element(env.napi, result, i, write_result(env, tensors[i])));
    }
    return result;
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

Napi::Value grad_fn(Call& call) { return write_node(call, call.tensor(0, "self").grad_fn()); }

Napi::Value grad_fn_name(Call& call) {
  const auto& node = call.tensor(0, "self").grad_fn();
  return node ? call.text(node->name()) : call.null();
}

Napi::Value gradient_edge(Call& call) {
  return write_edge(call, torch::autograd::impl::gradient_edge(call.tensor(0, "tensor")));
}

std::string node_name(Call& call) { return node_of(call).name(); }

Napi::Value node_next(Call& call) {
  std::vector<napi_value> edges;
  for (const auto& edge : node_of(call).next_edges()) edges.push_back(write_edge(call, edge));
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
  auto* node = &node_of(call);
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
  define(exports,
         {ISOTORCH_FUNCTION(grad_fn), ISOTORCH_FUNCTION(grad_fn_name), ISOTORCH_FUNCTION(gradient_edge),
          ISOTORCH_FUNCTION(node_name), ISOTORCH_FUNCTION(node_next), ISOTORCH_FUNCTION(node_sequence_nr),
          ISOTORCH_FUNCTION(node_inputs), ISOTORCH_FUNCTION(node_metadata),
          ISOTORCH_FUNCTION(set_node_metadata), ISOTORCH_FUNCTION(register_node_hook),
          ISOTORCH_FUNCTION(will_execute), ISOTORCH_FUNCTION(graph_task_id)});
}

}  // namespace isotorch
