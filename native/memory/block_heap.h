#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>

namespace isotorch {

// A heap for the larger blocks of tensors, apart from malloc's. There, small objects that live long come to lie between large blocks,
// so that what is freed does not grow together again, and freeing a large block tidies up all the small ones. Blocks are cut from one
// range of addresses, from free ones of about the size first, and grow together with free neighbours at once. What many calls of
// allocate and free did not need goes back to the system; where nothing calls any more, all stays. Threads share it.
class BlockHeap {
 public:
  // At least so many bytes, aligned to 64; null where there is no room, and for sizes of which malloc, too, asks the system for each.
  void* allocate(size_t bytes);
  void free(void* data);
  bool owns(const void* data) const;

 private:
  struct Block;
  // Sixteen between a power of two and the next, from 4 KiB on; the last one is for all that is larger.
  static constexpr size_t kBins = 256;
  static size_t bin_of(size_t size);

  Block* find(size_t size) const;
  Block* after(const Block* block) const;
  void insert(Block* block);
  void remove(Block* block);
  void cut(Block* block, size_t size);
  bool grow(size_t bytes);
  void tick();
  void give_back(size_t excess);

  std::mutex mutex_;
  std::atomic<char*> begin_ = nullptr;  // of the range
  char* end_ = nullptr;                 // of its part in use
  bool refused_ = false;                // the system gave no range
  Block* last_ = nullptr;               // by address
  std::array<Block*, kBins> bins_{};
  std::array<uint64_t, kBins / 64> filled_{};  // a bit for each bin that has blocks
  size_t live_ = 0;                            // bytes of blocks in use
  size_t idle_ = 0;                            // bytes of free blocks that may take memory
  size_t peak_ = 0;                            // most bytes in use since ticks_ began anew
  size_t ticks_ = 0;
};

}  // namespace isotorch
