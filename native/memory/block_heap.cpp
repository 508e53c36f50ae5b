#include "memory/block_heap.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>

namespace isotorch {
namespace {

constexpr size_t kAlignment = 64;
constexpr size_t kLeast = 4096;               // a smaller rest stays with the block that it is cut from
constexpr size_t kMost = size_t{32} << 20;    // glibc's largest threshold for asking the system
constexpr size_t kRange = size_t{256} << 30;  // addresses only: no memory yet
constexpr size_t kGrowth = size_t{16} << 20;
constexpr size_t kRecent = 1 << 14;  // so many calls of allocate and free
constexpr size_t kWorthGiving = size_t{1} << 20;
constexpr int kLook = 32;  // at so many blocks of the bin that a size belongs to

size_t round_up(size_t bytes, size_t unit) { return (bytes + unit - 1) & ~(unit - 1); }

}  // namespace

// Stands in front of its data.
struct alignas(kAlignment) BlockHeap::Block {
  size_t size;    // with this header
  size_t before;  // size of the block before it, 0 for the first
  // Of a free block: bytes at its end that take no memory, but for a page that they share with the next block.
  size_t bare;
  Block* next;  // in its bin
  Block* previous;
  bool free;

  char* start() { return reinterpret_cast<char*>(this); }
  char* data() { return start() + sizeof(Block); }
  Block* at(ptrdiff_t distance) { return reinterpret_cast<Block*>(start() + distance); }
};

void* BlockHeap::allocate(size_t bytes) {
  if (bytes > kMost) return nullptr;
  const size_t size = round_up(std::max(bytes, kLeast), kAlignment) + sizeof(Block);
  const std::lock_guard lock(mutex_);
  Block* block = find(size);
  if (block == nullptr && grow(size)) block = find(size);
  if (block == nullptr) return nullptr;
  remove(block);
  cut(block, size);
  live_ += block->size;
  peak_ = std::max(peak_, live_);
  tick();
  return block->data();
}

void BlockHeap::free(void* data) {
  const std::lock_guard lock(mutex_);
  Block* block = static_cast<Block*>(data) - 1;
  live_ -= block->size;
  block->bare = 0;
  if (Block* const next = after(block); next != nullptr && next->free) {
    remove(next);
    block->size += next->size;
    block->bare = next->bare;
    if (next == last_) last_ = block;
  }
  if (Block* const front = block->at(-static_cast<ptrdiff_t>(block->before)); front != block && front->free) {
    remove(front);
    front->size += block->size;
    front->bare = block->bare;
    if (block == last_) last_ = front;
    block = front;
  }
  if (Block* const next = after(block)) next->before = block->size;
  insert(block);
  tick();
}

bool BlockHeap::owns(const void* data) const {
  const char* const begin = begin_.load(std::memory_order_relaxed);
  return begin != nullptr && data >= begin && data < begin + kRange;
}

size_t BlockHeap::bin_of(size_t size) {
  const int power = 63 - __builtin_clzll(size);
  const size_t sixteenth = size >> (power - 4) & 15;
  return std::min((static_cast<size_t>(power) - 12) * 16 + sixteenth, kBins - 1);
}

BlockHeap::Block* BlockHeap::find(size_t size) const {
  const size_t own = bin_of(size);
  Block* best = nullptr;
  int left = kLook;
  for (Block* block = bins_[own]; block != nullptr && (left-- > 0 || own + 1 == kBins); block = block->next) {
    if (block->size == size) return block;
    if (block->size > size && (best == nullptr || block->size < best->size)) best = block;
  }
  if (best != nullptr || own + 1 == kBins) return best;
  // Whatever is in a later bin is large enough.
  const size_t first = own + 1;
  for (size_t word = first / 64; word < filled_.size(); word++) {
    const uint64_t later = word == first / 64 ? ~uint64_t{0} << first % 64 : ~uint64_t{0};
    if (const uint64_t bits = filled_[word] & later) return bins_[word * 64 + __builtin_ctzll(bits)];
  }
  return nullptr;
}

BlockHeap::Block* BlockHeap::after(const Block* block) const {
  return block == last_ ? nullptr : const_cast<Block*>(block)->at(static_cast<ptrdiff_t>(block->size));
}

void BlockHeap::insert(Block* block) {
  const size_t bin = bin_of(block->size);
  block->free = true;
  block->previous = nullptr;
  block->next = bins_[bin];
  if (block->next != nullptr) block->next->previous = block;
  bins_[bin] = block;
  filled_[bin / 64] |= uint64_t{1} << bin % 64;
  idle_ += block->size - block->bare;
}

void BlockHeap::remove(Block* block) {
  const size_t bin = bin_of(block->size);
  block->free = false;
  (block->previous != nullptr ? block->previous->next : bins_[bin]) = block->next;
  if (block->next != nullptr) block->next->previous = block->previous;
  if (bins_[bin] == nullptr) filled_[bin / 64] &= ~(uint64_t{1} << bin % 64);
  idle_ -= block->size - block->bare;
}

// Makes a block of its own of what is too much.
void BlockHeap::cut(Block* block, size_t size) {
  const size_t rest = block->size - size;
  if (rest < kLeast + sizeof(Block)) return;
  Block* const next = block->at(static_cast<ptrdiff_t>(size));
  next->size = rest;
  next->before = size;
  next->bare = std::min(block->bare, rest - sizeof(Block));
  if (Block* const behind = after(block)) {
    behind->before = rest;
  } else {
    last_ = next;
  }
  block->size = size;
  insert(next);
}

bool BlockHeap::grow(size_t bytes) {
  if (begin_ == nullptr && !refused_) {
    void* const range = mmap(nullptr, kRange, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    refused_ = range == MAP_FAILED;
    if (!refused_) begin_ = end_ = static_cast<char*>(range);
  }
  const size_t more = round_up(bytes, kGrowth);
  if (refused_ || end_ + more > begin_ + kRange || mprotect(end_, more, PROT_READ | PROT_WRITE) != 0)
    return false;
  auto* block = reinterpret_cast<Block*>(end_);
  end_ += more;
  if (last_ != nullptr && last_->free) {
    remove(last_);
    last_->size += more;
    last_->bare += more;
    block = last_;
  } else {
    block->size = more;
    block->before = last_ == nullptr ? 0 : last_->size;
    block->bare = more - sizeof(Block);
    last_ = block;
  }
  insert(block);
  return true;
}

void BlockHeap::tick() {
  if (++ticks_ < kRecent) return;
  // To come to the recent peak once more takes so much of what is idle; a quarter is for holes that fit nothing.
  const size_t needed = peak_ - live_ + peak_ / 4;
  if (idle_ > needed) give_back(idle_ - needed);
  peak_ = live_;
  ticks_ = 0;
}

// The ends of the largest free blocks.
void BlockHeap::give_back(size_t excess) {
  static const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  for (size_t bin = kBins; bin-- > bin_of(kWorthGiving);) {
    for (Block* block = bins_[bin]; block != nullptr; block = block->next) {
      if (excess < kWorthGiving) return;
      const auto end = reinterpret_cast<uintptr_t>(block->start() + block->size);
      const size_t given = std::min(excess, block->size - block->bare - sizeof(Block));
      const uintptr_t from = round_up(end - block->bare - given, page);
      const uintptr_t to = end & ~(page - 1);  // the next block's header shares the last page
      if (from >= to || end - from <= block->bare) continue;
      if (madvise(reinterpret_cast<void*>(from), to - from, MADV_DONTNEED) != 0) return;
      const size_t less = end - from - block->bare;
      block->bare += less;
      idle_ -= less;
      excess -= std::min(excess, less);
    }
  }
}

}  // namespace isotorch
