// The recorded graph as JavaScript sees it: nodes, their edges and hooks, and passes that start or end at them.
#pragma once

#include <node_api.h>

#include "autograd/autograd.h"

namespace isotorch {

// What a GradFn holds.
struct GraphNode : Owned {
  explicit GraphNode(NodePointer held) : node(std::move(held)) {}
  NodePointer node;
};

napi_value backward(Call& call);
napi_value grad(Call& call);

napi_value grad_fn(Call& call);
napi_value grad_fn_name(Call& call);
napi_value gradient_edge(Call& call);
napi_value node_name(Call& call);
napi_value node_next(Call& call);
napi_value node_sequence_nr(Call& call);
napi_value node_inputs(Call& call);
napi_value node_metadata(Call& call);
napi_value set_node_metadata(Call& call);
napi_value register_node_hook(Call& call);
napi_value will_execute(Call& call);
napi_value graph_task_id(Call& call);

}  // namespace isotorch
