// The recorded graph as JavaScript sees it: nodes, their edges and hooks, and passes that start or end at them.
#pragma once

#include <napi.h>

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
  Napi::ObjectReference object;  // weak, on the GradFn, of the one GraphNode that node_objects has
};

// The environment ends: no node keeps a reference into it.
void close_graph(Environment& env);

}  // namespace isotorch
