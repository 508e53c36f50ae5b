#include "memory/allocator.h"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <c10/core/impl/alloc_cpu.h>

#include <array>
#include <cstring>
#include <mutex>
#include <utility>

#include "memory/block_heap.h"

namespace isotorch {
namespace {

// Blocks are as aligned as libtorch's own, so kernels choose the same path and give the same bits.
constexpr size_t kStep = 64;
constexpr size_t kClasses = 64;  // up to 4 KiB
// Free bytes kept per thread; the rest goes back to malloc. A collection step outside scopes frees tens of
// thousands of small tensors at once, and the next ones want their blocks.
constexpr size_t kKeep = size_t{16} << 20;

struct ThreadCache {
  std::array<void*, kClasses> lists{};  // each block's first word points to the next
  size_t bytes = 0;
  ~ThreadCache();
};

// Storages may die after their thread's cache, in destructors of other thread-locals: then plain free.
thread_local bool cache_alive = false;

ThreadCache& thread_cache() {
  thread_local ThreadCache cache;
  cache_alive = true;
  return cache;
}

ThreadCache::~ThreadCache() {
  cache_alive = false;
  for (void*& head : lists) {
    while (head != nullptr) {
      void* block = head;
      std::memcpy(&head, block, sizeof(void*));
      c10::free_cpu(block);
    }
  }
}

// One deleter per class: a block needs no header to tell its size.
template <size_t index>
void give_back(void* block) {
  if (cache_alive) {
    ThreadCache& cache = thread_cache();
    constexpr size_t size = (index + 1) * kStep;
    if (cache.bytes + size <= kKeep) {
      std::memcpy(block, &cache.lists[index], sizeof(void*));
      cache.lists[index] = block;
      cache.bytes += size;
      return;
    }
  }
  c10::free_cpu(block);
}

template <size_t... index>
constexpr std::array<c10::DeleterFnPtr, kClasses> make_deleters(std::index_sequence<index...>) {
  return {give_back<index>...};
}

constexpr auto kDeleters = make_deleters(std::make_index_sequence<kClasses>());

BlockHeap& heap() {
  static auto* const heap = new BlockHeap;  // for ever: tensors may outlive every static
  return *heap;
}

void give_back_large(void* block) { heap().free(block); }

// Raw blocks come back without their size.
void free_raw(void* block) {
  if (heap().owns(block)) {
    heap().free(block);
  } else {
    c10::free_cpu(block);
  }
}

class TensorAllocator final : public c10::Allocator {
 public:
  explicit TensorAllocator(c10::Allocator* rest) : rest_(rest) {}

  c10::DataPtr allocate(size_t bytes) override {
    if (bytes > kStep * kClasses) {
      void* const block = heap().allocate(bytes);
      if (block != nullptr) return {block, block, give_back_large, c10::Device(c10::DeviceType::CPU)};
    }
    if (bytes == 0 || bytes > kStep * kClasses) return rest_->allocate(bytes);
    const size_t index = (bytes - 1) / kStep;
    ThreadCache& cache = thread_cache();
    void* block = cache.lists[index];
    if (block != nullptr) {
      std::memcpy(&cache.lists[index], block, sizeof(void*));
      cache.bytes -= (index + 1) * kStep;
    } else {
      block = c10::alloc_cpu((index + 1) * kStep);
    }
    return {block, block, kDeleters[index], c10::Device(c10::DeviceType::CPU)};
  }

  c10::DeleterFnPtr raw_deleter() const override { return free_raw; }

  void copy_data(void* target, const void* source, std::size_t count) const override {
    default_copy_data(target, source, count);
  }

 private:
  c10::Allocator* rest_;
};

}  // namespace

void install_tensor_allocator() {
#if !defined(__SANITIZE_ADDRESS__)  // recycled blocks would hide use after free
  static std::once_flag once;
  std::call_once(once, [] {
    static TensorAllocator allocator(c10::GetCPUAllocator());
    c10::SetCPUAllocator(&allocator, /*priority=*/1);
  });
#endif
}

}  // namespace isotorch
