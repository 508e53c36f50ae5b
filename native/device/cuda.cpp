// `torch.cuda` as far as it needs CUDA's own headers: through the library that `native/cuda/` is built to.
#include "device/cuda.h"

#include <ATen/Context.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <dlfcn.h>

#include <atomic>
#include <mutex>

#include "bridge/call.h"
#include "device/generator.h"
#include "exports.h"

namespace isotorch {
namespace {

// The library's file, or why there is none; and the library once it is loaded. One for the process, never unloaded:
// libtorch is not either.
std::mutex loading;
std::string file;
std::string reason;
std::atomic<CudaLibrary*> library = nullptr;

CudaLibrary& load() {
  TORCH_CHECK(c10::impl::hasDeviceGuardImpl(c10::kCUDA), "Torch not compiled with CUDA enabled");
  const std::lock_guard<std::mutex> lock(loading);
  if (library != nullptr) return *library;
  TORCH_CHECK(!file.empty(), reason);
  void* opened = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  TORCH_CHECK(opened != nullptr, "isotorch: cannot load ", file, ": ", dlerror());
  const auto entry = reinterpret_cast<CudaEntry>(dlsym(opened, kCudaEntry));
  library = entry == nullptr ? nullptr : entry(kCudaInterface);
  TORCH_CHECK(library != nullptr, "isotorch: ", file, " belongs to another version of isotorch");
  return *library;
}

CudaLibrary& cuda() {
  CudaLibrary* loaded = library;
  return loaded != nullptr ? *loaded : load();
}

// For what needs devices that are in use, as the first tensor on one makes them.
CudaLibrary& cuda_in_use() {
  at::globalContext().lazyInitDevice(c10::kCUDA);
  return cuda();
}

struct GraphBox : Owned {
  explicit GraphBox(std::unique_ptr<CudaGraph> value) : graph(std::move(value)) {}
  std::unique_ptr<CudaGraph> graph;
};

CudaGraph& graph_at(const Call& call) { return *call.owned<GraphBox>(0, "graph").graph; }

c10::DeviceIndex index_at(const Call& call, size_t argument) {
  return static_cast<c10::DeviceIndex>(call.integer(argument, "device"));
}

PoolId pool_at(const Call& call, size_t argument) {
  const std::vector<int64_t> pair = call.integers(argument, "pool");
  if (pair.size() != 2) throw call.wrong("pool", "a pair of integers");
  return {static_cast<uint64_t>(pair[0]), static_cast<uint64_t>(pair[1])};
}

Napi::Value pair_of(const Call& call, uint64_t first, uint64_t second) {
  return call.numbers({static_cast<int64_t>(first), static_cast<int64_t>(second)});
}

void use_cuda_library(Call& call) {
  const std::lock_guard<std::mutex> lock(loading);
  file = call.text(0, "file");
  reason = call.text(1, "reason");
}

void cuda_require_gpu(Call&) { cuda().require_gpu(); }

Napi::Value cuda_properties(Call& call) {
  const CudaProperties properties = cuda().properties(index_at(call, 0));
  auto object = Napi::Object::New(call.Env());
  object["name"] = properties.name;
  for (const auto& [name, value] : properties.numbers) object[name] = call.number(static_cast<double>(value));
  object["uuid"] = properties.uuid;
  return object;
}

bool cuda_can_access_peer(Call& call) { return cuda().can_access_peer(index_at(call, 0), index_at(call, 1)); }

double cuda_memory_fraction(Call& call) { return cuda_in_use().memory_fraction(index_at(call, 0)); }

void cuda_set_memory_fraction(Call& call) {
  cuda_in_use().set_memory_fraction(index_at(call, 0), call.real(1, "fraction"));
}

std::string cuda_allocator_backend(Call&) { return cuda().allocator_backend(); }

int64_t cuda_sync_debug_mode(Call&) { return cuda().sync_debug_mode(); }

void cuda_set_sync_debug_mode(Call& call) { cuda().set_sync_debug_mode(call.integer(0, "debug_mode")); }

Napi::Value cuda_versions(Call& call) {
  const auto [runtime, driver] = cuda().versions();
  return call.numbers({runtime, driver});
}

uint64_t cuda_stream_handle(Call& call) {
  const std::vector<int64_t> parts = call.integers(0, "stream");
  if (parts.size() != 3) throw call.wrong("stream", "a torch.Stream");
  return cuda().stream_handle(c10::Stream::unpack3(parts[0], static_cast<c10::DeviceIndex>(parts[1]),
                                                   static_cast<c10::DeviceType>(parts[2])));
}

Napi::Value cuda_external_stream(Call& call) {
  const auto handle = static_cast<uint64_t>(call.wrapped_int64(0, "stream_ptr"));
  const auto parts = cuda().external_stream(handle, index_at(call, 1)).pack3();
  return call.numbers({parts.stream_id, parts.device_index, static_cast<int64_t>(parts.device_type)});
}

bool cuda_is_capturing(Call&) { return is_capturing(); }

Napi::Value cuda_graph_pool_handle(Call& call) {
  const auto [first, second] = cuda().graph_pool_handle();
  return pair_of(call, first, second);
}

Napi::Value cuda_new_graph(Call& call) {
  return call.env.own(std::make_unique<GraphBox>(cuda_in_use().new_graph(call.boolean(0, "keep_graph"))));
}

void cuda_graph_register_generator(Call& call) {
  graph_at(call).register_generator(call.owned<GeneratorBox>(1, "generator").generator);
}

void cuda_graph_capture_begin(Call& call) {
  graph_at(call).capture_begin(pool_at(call, 1), call.text(2, "capture_error_mode"));
}

void cuda_graph_capture_end(Call& call) { graph_at(call).capture_end(); }

void cuda_graph_instantiate(Call& call) { graph_at(call).instantiate(); }

void cuda_graph_replay(Call& call) { graph_at(call).replay(); }

void cuda_graph_reset(Call& call) { graph_at(call).reset(); }

Napi::Value cuda_graph_pool(Call& call) {
  const auto [first, second] = graph_at(call).pool();
  return pair_of(call, first, second);
}

void cuda_graph_enable_debug_mode(Call& call) { graph_at(call).enable_debug_mode(); }

void cuda_graph_debug_dump(Call& call) { graph_at(call).debug_dump(call.text(1, "debug_path")); }

uint64_t cuda_graph_raw(Call& call) { return graph_at(call).raw_cuda_graph(); }

uint64_t cuda_graph_raw_exec(Call& call) { return graph_at(call).raw_cuda_graph_exec(); }

int64_t nvtx_range_push(Call& call) { return cuda().range_push(call.text(0, "msg")); }

int64_t nvtx_range_pop(Call&) { return cuda().range_pop(); }

uint64_t nvtx_range_start(Call& call) { return cuda().range_start(call.text(0, "msg")); }

void nvtx_range_end(Call& call) {
  cuda().range_end(static_cast<uint64_t>(call.wrapped_int64(0, "range_id")));
}

void nvtx_mark(Call& call) { cuda().mark(call.text(0, "msg")); }

}  // namespace

void require_gpu() { cuda().require_gpu(); }

// Without the library nothing can be capturing.
bool is_capturing() {
  CudaLibrary* loaded = library;
  return loaded != nullptr && loaded->is_capturing();
}

void define_cuda(Napi::Object exports) {
  define(exports, {ISOTORCH_FUNCTION(use_cuda_library),
                   ISOTORCH_FUNCTION(cuda_require_gpu),
                   ISOTORCH_FUNCTION(cuda_properties),
                   ISOTORCH_FUNCTION(cuda_can_access_peer),
                   ISOTORCH_FUNCTION(cuda_memory_fraction),
                   ISOTORCH_FUNCTION(cuda_set_memory_fraction),
                   ISOTORCH_FUNCTION(cuda_allocator_backend),
                   ISOTORCH_FUNCTION(cuda_sync_debug_mode),
                   ISOTORCH_FUNCTION(cuda_set_sync_debug_mode),
                   ISOTORCH_FUNCTION(cuda_versions),
                   ISOTORCH_FUNCTION(cuda_stream_handle),
                   ISOTORCH_FUNCTION(cuda_external_stream),
                   ISOTORCH_FUNCTION(cuda_is_capturing),
                   ISOTORCH_FUNCTION(cuda_graph_pool_handle),
                   ISOTORCH_FUNCTION(cuda_new_graph),
                   ISOTORCH_FUNCTION(cuda_graph_register_generator),
                   ISOTORCH_FUNCTION(cuda_graph_capture_begin),
                   ISOTORCH_FUNCTION(cuda_graph_capture_end),
                   ISOTORCH_FUNCTION(cuda_graph_instantiate),
                   ISOTORCH_FUNCTION(cuda_graph_replay),
                   ISOTORCH_FUNCTION(cuda_graph_reset),
                   ISOTORCH_FUNCTION(cuda_graph_pool),
                   ISOTORCH_FUNCTION(cuda_graph_enable_debug_mode),
                   ISOTORCH_FUNCTION(cuda_graph_debug_dump),
                   ISOTORCH_FUNCTION(cuda_graph_raw),
                   ISOTORCH_FUNCTION(cuda_graph_raw_exec),
                   ISOTORCH_FUNCTION(nvtx_range_push),
                   ISOTORCH_FUNCTION(nvtx_range_pop),
                   ISOTORCH_FUNCTION(nvtx_range_start),
                   ISOTORCH_FUNCTION(nvtx_range_end),
                   ISOTORCH_FUNCTION(nvtx_mark)});
}

}  // namespace isotorch
