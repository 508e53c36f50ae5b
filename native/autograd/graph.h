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

}  // namespace isotorch
