// What the autograd engine asks of its language: hooks on tensors saved for backward, and notes on nodes.
#pragma once

#include <node_api.h>
#include <torch/csrc/autograd/anomaly_mode.h>

#include "autograd/autograd.h"

namespace isotorch {

// A node's metadata: a dictionary of the user's, and in anomaly mode where in JavaScript the node was made.
struct NodeNotes : torch::autograd::AnomalyMetadata {
  void store_stack() override;
  void print_stack(const std::string& name) override;
  void assign_parent(const NodePointer& node) override { parent = node; }

  std::unique_ptr<Callback> dictionary;
  std::string stack;
  NodePointer parent;
};

// Makes our engine the default one, once per process.
void install_engine();
// Forgets the hooks of an environment that ends.
void close_saved_tensors(Environment& env);

}  // namespace isotorch
