// The library for CUDA: see device/cuda_library.h.
#include <ATen/cuda/CUDAContextLight.h>
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAFunctions.h>
#include <c10/cuda/CUDAGraphsC10Utils.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#include <cuda_runtime_api.h>
#include <nvtx3/nvToolsExt.h>

#include "cuda/graph.h"

namespace isotorch {
namespace {

using c10::cuda::SyncDebugMode;
namespace allocator = c10::cuda::CUDACachingAllocator;

std::string uuid_text(const cudaUUID_t& uuid) {
  constexpr const char* kDigits = "0123456789abcdef";
  std::string text;
  for (int i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    const auto byte = static_cast<unsigned char>(uuid.bytes[i]);
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

class Library final : public CudaLibrary {
 public:
  void require_gpu() override { c10::cuda::device_count_ensure_non_zero(); }

  CudaProperties properties(c10::DeviceIndex device) override {
    const cudaDeviceProp& p = *at::cuda::getDeviceProperties(device);
    const auto number = [](auto value) { return static_cast<int64_t>(value); };
    return {p.name,
            uuid_text(p.uuid),
            {{"major", p.major},
             {"minor", p.minor},
             {"is_multi_gpu_board", p.isMultiGpuBoard},
             {"is_integrated", p.integrated},
             {"multi_processor_count", p.multiProcessorCount},
             {"total_memory", number(p.totalGlobalMem)},
             {"warp_size", p.warpSize},
             {"max_threads_per_multi_processor", p.maxThreadsPerMultiProcessor},
             {"max_threads_per_block", p.maxThreadsPerBlock},
             {"regs_per_multiprocessor", p.regsPerMultiprocessor},
             {"shared_memory_per_block", number(p.sharedMemPerBlock)},
             {"shared_memory_per_block_optin", number(p.sharedMemPerBlockOptin)},
             {"shared_memory_per_multiprocessor", number(p.sharedMemPerMultiprocessor)},
             {"L2_cache_size", p.l2CacheSize},
             {"pci_bus_id", p.pciBusID},
             {"pci_device_id", p.pciDeviceID},
             {"pci_domain_id", p.pciDomainID}}};
  }

  bool can_access_peer(c10::DeviceIndex device, c10::DeviceIndex peer) override {
    return at::cuda::canDeviceAccessPeer(device, peer);
  }

  double memory_fraction(c10::DeviceIndex device) override { return allocator::getMemoryFraction(device); }

  void set_memory_fraction(c10::DeviceIndex device, double fraction) override {
    allocator::setMemoryFraction(fraction, device);
  }

  std::string allocator_backend() override { return allocator::name(); }

  int64_t sync_debug_mode() override {
    return static_cast<int64_t>(c10::cuda::warning_state().get_sync_debug_mode());
  }

  void set_sync_debug_mode(int64_t mode) override {
    c10::cuda::warning_state().set_sync_debug_mode(static_cast<SyncDebugMode>(mode));
  }

  std::pair<int64_t, int64_t> versions() override {
    int runtime = 0, driver = 0;
    C10_CUDA_CHECK(cudaRuntimeGetVersion(&runtime));
    C10_CUDA_CHECK(cudaDriverGetVersion(&driver));
    return {runtime, driver};
  }

  uint64_t stream_handle(const c10::Stream& stream) override {
    return reinterpret_cast<uintptr_t>(c10::cuda::CUDAStream(stream).stream());
  }

  c10::Stream external_stream(uint64_t handle, c10::DeviceIndex device) override {
    return c10::cuda::getStreamFromExternal(reinterpret_cast<cudaStream_t>(handle), device).unwrap();
  }

  bool is_capturing() override {
    return c10::cuda::currentStreamCaptureStatusMayInitCtx() != c10::cuda::CaptureStatus::None;
  }

  PoolId graph_pool_handle() override {
    const auto id = at::cuda::graph_pool_handle();
    return {id.first, id.second};
  }

  std::unique_ptr<CudaGraph> new_graph(bool keep_graph) override { return new_cuda_graph(keep_graph); }

  int64_t range_push(const std::string& text) override { return nvtxRangePushA(text.c_str()); }
  int64_t range_pop() override { return nvtxRangePop(); }
  uint64_t range_start(const std::string& text) override { return nvtxRangeStartA(text.c_str()); }
  void range_end(uint64_t range) override { nvtxRangeEnd(range); }
  void mark(const std::string& text) override { nvtxMarkA(text.c_str()); }
};

}  // namespace
}  // namespace isotorch

extern "C" __attribute__((visibility("default"))) isotorch::CudaLibrary* isotorch_cuda_library(int wanted) {
  static isotorch::Library library;
  return wanted == isotorch::kCudaInterface ? &library : nullptr;
}
