// Graphs: work of a stream, recorded once and done again by one call.
#include "cuda/graph.h"

#include <ATen/core/CachingHostAllocator.h>
#include <ATen/cuda/CUDAGeneratorImpl.h>
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAException.h>

namespace isotorch {
namespace {

cudaStreamCaptureMode capture_mode(const std::string& name) {
  if (name == "global") return cudaStreamCaptureModeGlobal;
  if (name == "thread_local") return cudaStreamCaptureModeThreadLocal;
  if (name == "relaxed") return cudaStreamCaptureModeRelaxed;
  TORCH_CHECK(false, "Unknown capture error mode. Expected `global`, `thread_local`, or `relaxed`, got ",
              name);
}

// Since libtorch 2.14 a capture finds the generators it uses by itself.
template <typename Generator, typename Graph>
void register_with(Generator* generator, Graph* graph) {
  if constexpr (requires { generator->register_graph(graph); }) generator->register_graph(graph);
}

// libtorch 2.14 dropped its own; what it printed is what CUDA prints.
template <typename Graph>
void dump(Graph& graph, const std::string& path) {
  if constexpr (requires { graph.debug_dump(path); }) {
    graph.debug_dump(path);
  } else {
    C10_CUDA_CHECK(
        cudaGraphDebugDotPrint(graph.raw_cuda_graph(), path.c_str(), cudaGraphDebugDotFlagsVerbose));
  }
}

// Lets an allocator end what was begun for a capture. Where it had ended already, there is nothing to release.
template <typename End, typename Release>
void give_up_pool(End&& end, Release&& release) {
  try {
    end();
    release();
  } catch (const std::exception&) {
  }
}

// libtorch's graph, cleaned up where a capture fails. Before 2.14 the allocators go on asking the graph whether a stream is its
// own, even when it is gone; in 2.11 the generators refuse to draw, too.
class Capture final : public at::cuda::CUDAGraph {
 public:
  using at::cuda::CUDAGraph::CUDAGraph;

  void end() {
    try {
      capture_end();
    } catch (...) {
      if (!capture_ended_) abandon(*this);
      throw;
    }
  }

 private:
  template <typename Self>
  static void abandon(Self& self) {
    if constexpr (!requires { self.capturing_to_pool_; }) {
      const auto pool = self.mempool_id_;
      const c10::DeviceIndex device = self.capture_dev_;
      at::HostAllocator* host = at::getHostAllocator(at::kCUDA);
      give_up_pool([&] { c10::cuda::CUDACachingAllocator::endAllocateToPool(device, pool); },
                   [&] { c10::cuda::CUDACachingAllocator::releasePool(device, pool); });
      give_up_pool([&] { host->end_allocate_to_pool(pool); }, [&] { host->release_pool(pool); });
    }
    for (auto& [state, increment] : self.captured_generator_states_) quieten(*state);
  }

  template <typename State>
  static void quieten([[maybe_unused]] State& state) {
    if constexpr (requires { state.capturing_; }) state.capturing_ = false;
  }
};

class Graph final : public CudaGraph {
 public:
  explicit Graph(bool keep_graph) : graph_(keep_graph), keep_graph_(keep_graph) {}

  void register_generator(const at::Generator& generator) override {
    register_with(at::check_generator<at::CUDAGeneratorImpl>(generator), &graph_);
  }

  void capture_begin(PoolId pool, const std::string& mode) override {
    graph_.capture_begin({pool.first, pool.second}, capture_mode(mode));
  }

  void capture_end() override {
    graph_.end();
    instantiated_ = !keep_graph_;
  }

  void instantiate() override {
    graph_.instantiate();
    instantiated_ = true;
  }

  // A kept graph is made ready at its first use: libtorch before and after 2.14 leave that to different sides.
  void replay() override {
    if (keep_graph_ && !instantiated_) instantiate();
    graph_.replay();
  }

  void reset() override {
    graph_.reset();
    instantiated_ = false;
  }

  PoolId pool() override {
    const auto id = graph_.pool();
    return {id.first, id.second};
  }

  void enable_debug_mode() override { graph_.enable_debug_mode(); }
  void debug_dump(const std::string& path) override { dump(graph_, path); }
  uint64_t raw_cuda_graph() override { return reinterpret_cast<uintptr_t>(graph_.raw_cuda_graph()); }
  uint64_t raw_cuda_graph_exec() override {
    return reinterpret_cast<uintptr_t>(graph_.raw_cuda_graph_exec());
  }

 private:
  Capture graph_;
  bool keep_graph_;
  bool instantiated_ = false;
};

}  // namespace

std::unique_ptr<CudaGraph> new_cuda_graph(bool keep_graph) { return std::make_unique<Graph>(keep_graph); }

}  // namespace isotorch
