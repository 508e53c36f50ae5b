// What only CUDA's own headers can do, as the addon asks for it. `native/cuda/` answers; it is a library of its own, for each
// major version of CUDA, that is loaded where there is a GPU. This header names nothing of CUDA.
#pragma once

#include <ATen/core/Generator.h>
#include <c10/core/Device.h>
#include <c10/core/Stream.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace isotorch {

// Identifies a pool of memory that graphs may share.
using PoolId = std::pair<uint64_t, uint64_t>;

// Work of a stream, recorded to be done again: at::cuda::CUDAGraph.
class CudaGraph {
 public:
  virtual ~CudaGraph() = default;
  virtual void register_generator(const at::Generator& generator) = 0;
  // The mode is "global", "thread_local" or "relaxed".
  virtual void capture_begin(PoolId pool, const std::string& mode) = 0;
  virtual void capture_end() = 0;
  virtual void instantiate() = 0;
  virtual void replay() = 0;
  virtual void reset() = 0;
  virtual PoolId pool() = 0;
  virtual void enable_debug_mode() = 0;
  virtual void debug_dump(const std::string& path) = 0;
  virtual uint64_t raw_cuda_graph() = 0;
  virtual uint64_t raw_cuda_graph_exec() = 0;
};

// A device, in the order of the fields that Python prints.
struct CudaProperties {
  std::string name;
  std::string uuid;
  std::vector<std::pair<const char*, int64_t>> numbers;
};

class CudaLibrary {
 public:
  virtual ~CudaLibrary() = default;
  // Throws, in libtorch's words, where there is no driver, an old one, or no GPU.
  virtual void require_gpu() = 0;
  virtual CudaProperties properties(c10::DeviceIndex device) = 0;
  virtual bool can_access_peer(c10::DeviceIndex device, c10::DeviceIndex peer) = 0;
  virtual double memory_fraction(c10::DeviceIndex device) = 0;
  virtual void set_memory_fraction(c10::DeviceIndex device, double fraction) = 0;
  virtual std::string allocator_backend() = 0;
  virtual int64_t sync_debug_mode() = 0;
  virtual void set_sync_debug_mode(int64_t mode) = 0;
  // Of the runtime and of the driver, as CUDA counts: 13000 is 13.0.
  virtual std::pair<int64_t, int64_t> versions() = 0;

  virtual uint64_t stream_handle(const c10::Stream& stream) = 0;
  virtual c10::Stream external_stream(uint64_t handle, c10::DeviceIndex device) = 0;

  virtual bool is_capturing() = 0;
  virtual PoolId graph_pool_handle() = 0;
  virtual std::unique_ptr<CudaGraph> new_graph(bool keep_graph) = 0;

  // Ranges and marks that NVIDIA's profilers show.
  virtual int64_t range_push(const std::string& text) = 0;
  virtual int64_t range_pop() = 0;
  virtual uint64_t range_start(const std::string& text) = 0;
  virtual void range_end(uint64_t range) = 0;
  virtual void mark(const std::string& text) = 0;
};

// The one function of the library. Another number is another layout of the classes above: raise it with each change.
constexpr int kCudaInterface = 1;
constexpr const char* kCudaEntry = "isotorch_cuda_library";
using CudaEntry = CudaLibrary* (*)(int wanted);

}  // namespace isotorch
