// `torch.accelerator.Graph`: recorded work of whatever accelerator there is, through libtorch's device-generic interface.
#if __has_include(<ATen/accelerator/Graph.h>)
#include <ATen/accelerator/Graph.h>
#define ISOTORCH_HAS_GRAPHS 1
#endif

#include "bridge/call.h"
#include "exports.h"

namespace isotorch {
namespace {

#ifdef ISOTORCH_HAS_GRAPHS

struct AcceleratorGraphBox : Owned {
  explicit AcceleratorGraphBox(bool keep_graph) : graph(keep_graph) {}
  at::accelerator::Graph graph;
};

at::accelerator::Graph& graph_at(const Call& call) {
  return call.owned<AcceleratorGraphBox>(0, "graph").graph;
}

at::GraphCaptureMode mode_at(const Call& call, size_t argument) {
  const std::string name = call.text(argument, "capture_error_mode");
  if (name == "default") return at::GraphCaptureMode::Default;
  if (name == "global") return at::GraphCaptureMode::Global;
  if (name == "thread_local") return at::GraphCaptureMode::ThreadLocal;
  if (name == "relaxed") return at::GraphCaptureMode::Relaxed;
  TORCH_CHECK(false, "Unknown capture error mode: ", name);
}

Napi::Value new_accelerator_graph(Call& call) {
  return call.env.own(std::make_unique<AcceleratorGraphBox>(call.boolean(0, "keep_graph")));
}

void accelerator_graph_capture_begin(Call& call) {
  const std::vector<int64_t> pool = call.integers(1, "pool");
  if (pool.size() != 2) throw call.wrong("pool", "a pair of integers");
  graph_at(call).capture_begin({static_cast<uint64_t>(pool[0]), static_cast<uint64_t>(pool[1])},
                               mode_at(call, 2));
}

void accelerator_graph_capture_end(Call& call) { graph_at(call).capture_end(); }

void accelerator_graph_instantiate(Call& call) { graph_at(call).instantiate(); }

void accelerator_graph_replay(Call& call) { graph_at(call).replay(); }

void accelerator_graph_reset(Call& call) { graph_at(call).reset(); }

Napi::Value accelerator_graph_pool(Call& call) {
  const auto [first, second] = graph_at(call).pool();
  return call.numbers({static_cast<int64_t>(first), static_cast<int64_t>(second)});
}

void accelerator_graph_enable_debug_mode(Call& call) { graph_at(call).enable_debug_mode(); }

void accelerator_graph_debug_dump(Call& call) { graph_at(call).debug_dump(call.text(1, "path")); }

#else

// libtorch has them since 2.12.
void absent(Call&) {
  TORCH_CHECK_NOT_IMPLEMENTED(
      false, "torch.accelerator.Graph needs libtorch 2.12 or newer; torch.cuda.CUDAGraph works here");
}

constexpr auto new_accelerator_graph = absent, accelerator_graph_capture_begin = absent,
               accelerator_graph_capture_end = absent, accelerator_graph_instantiate = absent,
               accelerator_graph_replay = absent, accelerator_graph_reset = absent,
               accelerator_graph_pool = absent, accelerator_graph_enable_debug_mode = absent,
               accelerator_graph_debug_dump = absent;

#endif

}  // namespace

void define_accelerator_graph(Napi::Object exports) {
  define(exports,
         {ISOTORCH_FUNCTION(new_accelerator_graph), ISOTORCH_FUNCTION(accelerator_graph_capture_begin),
          ISOTORCH_FUNCTION(accelerator_graph_capture_end), ISOTORCH_FUNCTION(accelerator_graph_instantiate),
          ISOTORCH_FUNCTION(accelerator_graph_replay), ISOTORCH_FUNCTION(accelerator_graph_reset),
          ISOTORCH_FUNCTION(accelerator_graph_pool), ISOTORCH_FUNCTION(accelerator_graph_enable_debug_mode),
          ISOTORCH_FUNCTION(accelerator_graph_debug_dump)});
}

}  // namespace isotorch
