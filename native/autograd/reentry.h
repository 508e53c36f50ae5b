// Backward passes inside of a node that calls JavaScript.
#pragma once

#include <torch/csrc/autograd/edge.h>

#include "autograd/autograd.h"

namespace isotorch {

// A node of our own: it holds no lock while it calls JavaScript, so that a pass may come by it again.
struct Reentrant {
  virtual ~Reentrant() = default;
};

// Lives while the node that runs on this thread calls JavaScript in the middle of its work, with its lock held.
class LockedNode {
 public:
  explicit LockedNode(Environment& env);
  ~LockedNode();
  LockedNode(const LockedNode&) = delete;
  LockedNode& operator=(const LockedNode&) = delete;

 private:
  Environment& env_;
  NodePointer node_;
};

// Throws where a pass from `roots` would run such a node: each would wait for the other.
void refuse_deadlock(const Environment& env, const torch::autograd::edge_list& roots,
                     const torch::autograd::edge_list& ends, bool accumulate);

}  // namespace isotorch
