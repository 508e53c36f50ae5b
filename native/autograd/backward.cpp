// Backward passes, with the checks of Python's engine binding.
#include <ATen/LegacyBatchedTensorImpl.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/ones_like.h>
#include <torch/csrc/autograd/engine.h>
#include <torch/csrc/autograd/functions/basic_ops.h>
#include <torch/csrc/autograd/variable.h>

#include "autograd/graph.h"
#include "autograd/reentry.h"
#include "bridge/call.h"
#include "exports.h"

namespace isotorch {
namespace {

using torch::autograd::Edge;
using torch::autograd::edge_list;
using torch::autograd::variable_list;

// A tensor, or the edge [node, index] of the graph itself.
struct Place {
  at::Tensor tensor;
  Edge edge;
};

std::vector<Place> places(const Call& call, size_t index, const char* name) {
  napi_env env = call.env.napi;
  const auto length = array_length(env, call[index]);
  if (!length) throw call.wrong(name, "a list of Tensors");
  std::vector<Place> result;
  for (uint32_t i = 0; i < *length; ++i) {
    napi_value item = item_of(env, call[index], i);
    if (!array_length(env, item)) {
      result.push_back({tensor_in(call.env, item, name), Edge()});
      continue;
    }
    const auto* box = dynamic_cast<GraphNode*>(call.env.owned(item_of(env, item, 0)));
    const Napi::Value number(env, item_of(env, item, 1));
    if (box == nullptr || !number.IsNumber()) throw call.wrong(name, "a list of Tensors and GradientEdges");
    const uint32_t input_nr = number.As<Napi::Number>().Uint32Value();
    TORCH_CHECK(input_nr < box->node->num_inputs(), "the output_nr of a GradientEdge is out of range");
    result.push_back({at::Tensor(), Edge(box->node, input_nr)});
  }
  return result;
}

// What stands for a gradient that was not given: one, for a single real element.
at::Tensor implicit_gradient(const Place& root) {
  if (root.tensor.defined()) {
    if (!root.tensor.requires_grad()) return {};
    TORCH_CHECK(root.tensor.numel() == 1, "grad can be implicitly created only for scalar outputs");
    return at::ones_like(root.tensor, root.tensor.options(), at::MemoryFormat::Preserve);
  }
  const auto& metadata = root.edge.function->input_metadata(root.edge.input_nr);
  const auto sizes = metadata.shape_as_dim_vector();
  TORCH_CHECK(c10::multiply_integers(C10_AS_INTARRAYREF_SLOW(sizes)) == 1,
              "grad can be implicitly created only for scalar outputs");
  TORCH_CHECK(at::isFloatingType(c10::typeMetaToScalarType(metadata.dtype())),
              "grad can be implicitly created only for real scalar outputs");
  return at::ones(C10_AS_INTARRAYREF_SLOW(sizes), metadata.options());
}

void refuse_batched(const at::Tensor& tensor, bool accumulate, const char* what, size_t index) {
  if (!at::isBatchedTensor(tensor)) return;
  TORCH_CHECK(!accumulate,
              "backward() called inside torch.vmap. This is not supported, please call backward() outside "
              "torch.vmap or instead use torch.autograd.grad inside torch.vmap");
  TORCH_CHECK(false,
              "torch.autograd.grad(outputs, inputs, grad_outputs) called inside torch.vmap. We do not ",
              "support the case where any ", what, "s are vmapped tensors (", what, " ", index,
              " is being vmapped over). Please call autograd.grad() outside torch.vmap or file a bug report ",
              "with your use case.");
}

Edge root_edge(const Place& place, bool accumulate, size_t index) {
  if (!place.tensor.defined()) return place.edge;
  refuse_batched(place.tensor, accumulate, "output", index);
  Edge edge = torch::autograd::impl::gradient_edge(place.tensor);
  TORCH_CHECK(edge.function, "element ", index,
              " of tensors does not require grad and does not have a grad_fn");
  return edge;
}

Edge end_edge(const Place& place, bool accumulate, size_t index) {
  const at::Tensor& tensor = place.tensor;
  if (!tensor.defined()) return place.edge;
  refuse_batched(tensor, accumulate, "input", index);
  NodePointer node = tensor.grad_fn();
  if (!node) node = torch::autograd::impl::try_get_grad_accumulator(tensor);
  if (accumulate) tensor.retain_grad();
  TORCH_CHECK(tensor.requires_grad(), "One of the differentiated Tensors does not require grad");
  // A leaf that nothing was computed from has no node: a fresh one is reached by no pass.
  if (!node) return Edge(make_node<torch::autograd::Identity>(), 0);
  return Edge(std::move(node), tensor.output_nr());
}

// (tensors, gradients, retain_graph, create_graph, inputs)
variable_list run(Call& call, bool accumulate) {
  const auto starts = places(call, 0, accumulate ? "tensors" : "outputs");
  variable_list gradients = call.tensors(1, "grad_tensors");
  const bool create_graph = call.boolean(3, "create_graph");
  const bool retain_graph = call.is_null(2) ? create_graph : call.boolean(2, "retain_graph");
  const auto ends = places(call, 4, "inputs");
  TORCH_CHECK(starts.size() == gradients.size(), "got ", starts.size(), " tensors and ", gradients.size(),
              " gradients");
  for (size_t i = 0; i < starts.size(); ++i) {
    if (!gradients[i].defined()) gradients[i] = implicit_gradient(starts[i]);
  }
  edge_list roots, outputs;
  for (size_t i = 0; i < starts.size(); ++i) roots.push_back(root_edge(starts[i], accumulate, i));
  for (size_t i = 0; i < ends.size(); ++i) outputs.push_back(end_edge(ends[i], accumulate, i));
  refuse_deadlock(call.env, roots, outputs, accumulate);
  return torch::autograd::Engine::get_default_engine().execute(roots, gradients, retain_graph, create_graph,
                                                               accumulate, outputs);
}

bool backward(Call& call) {
  run(call, true);
  return call.env.callbacks->has_dead;
}

std::vector<at::Tensor> grad(Call& call) { return run(call, false); }

}  // namespace

void define_backward(Napi::Object exports) {
  define(exports, {ISOTORCH_FUNCTION(backward), ISOTORCH_FUNCTION(grad)});
}

}  // namespace isotorch
