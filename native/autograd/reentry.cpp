#include "autograd/reentry.h"

#include <torch/csrc/autograd/functions/accumulate_grad.h>

#include <algorithm>
#include <unordered_set>

namespace isotorch {
namespace {

using torch::autograd::Node;

using Nodes = std::unordered_set<const Node*>;

// Each node comes after those that its gradients go to.
std::vector<const Node*> reachable(const torch::autograd::edge_list& roots) {
  std::vector<const Node*> nodes;
  Nodes seen;
  for (const auto& root : roots) {
    if (root.function && seen.insert(root.function.get()).second) nodes.push_back(root.function.get());
  }
  for (size_t i = 0; i < nodes.size(); ++i) {
    for (const auto& edge : nodes[i]->next_edges()) {
      if (edge.function && seen.insert(edge.function.get()).second) nodes.push_back(edge.function.get());
    }
  }
  std::sort(nodes.begin(), nodes.end(),
            [](const Node* a, const Node* b) { return a->topological_nr() < b->topological_nr(); });
  return nodes;
}

// Those that the engine runs: with ends, the nodes on the way to one of them. The end itself only hands out what comes to
// it, but for a leaf that accumulates.
Nodes run_by_pass(const std::vector<const Node*>& nodes, const torch::autograd::edge_list& ends,
                  bool accumulate) {
  if (ends.empty()) return {nodes.begin(), nodes.end()};
  Nodes captured, run;
  for (const auto& end : ends) captured.insert(end.function.get());
  for (const Node* node : nodes) {
    const bool needed =
        std::any_of(node->next_edges().begin(), node->next_edges().end(), [&](const auto& edge) {
          return run.count(edge.function.get()) > 0 || captured.count(edge.function.get()) > 0;
        });
    const bool leaf = dynamic_cast<const torch::autograd::AccumulateGrad*>(node) != nullptr;
    if (needed || (accumulate && leaf && captured.count(node) > 0)) run.insert(node);
  }
  return run;
}

}  // namespace

LockedNode::LockedNode(Environment& env) : env_(env), node_(torch::autograd::get_current_node()) {
  if (node_) env_.locked_nodes.push_back(node_.get());
}

LockedNode::~LockedNode() {
  if (node_) env_.locked_nodes.pop_back();
}

void refuse_deadlock(const Environment& env, const torch::autograd::edge_list& roots,
                     const torch::autograd::edge_list& ends, bool accumulate) {
  if (env.locked_nodes.empty()) return;
  const Nodes all_locked(env.locked_nodes.begin(), env.locked_nodes.end());
  for (const Node* node : run_by_pass(reachable(roots), ends, accumulate)) {
    const bool locked = all_locked.count(node) > 0 && dynamic_cast<const Reentrant*>(node) == nullptr;
    TORCH_CHECK(
        !locked, "the pass would come to ", node->name(),
        ", which waits for the hook that started the pass: neither could ever end. Differentiate after "
        "the outer pass, or through another graph");
  }
}

}  // namespace isotorch
