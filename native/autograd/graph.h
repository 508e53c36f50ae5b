// The recorded graph as JavaScript sees it: nodes, their edges and hooks, and passes that start or end at them.
#pragma once

#include <node_api.h>

#include "autograd/autograd.h"

namespace isotorch {

// What a GradFn holds. The collector is told how much memory the graph behind it holds, more or less.
struct GraphNode : Owned {
  GraphNode(Environment& environment, NodePointer held, int64_t held_bytes)
      : env(environment), node(std::move(held)), bytes(held_bytes) {}
  ~GraphNode() override;

  Environment& env;
  NodePointer node;
  int64_t bytes;
  napi_ref object = nullptr;  // weak, on the GradFn
};

}  // namespace isotorch
