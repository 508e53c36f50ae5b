#include "memory/slots.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "bridge/guard.h"
#include "memory/anchors.h"
#include "memory/environment.h"
#include "tensor/sparse.h"

namespace isotorch {

// Each report may start a collection step, so small changes are saved up.
void report(Environment& environment, int64_t change) {
  constexpr int64_t kReportStep = 1 << 20;
  environment.slots.unreported += change;
  const int64_t pending = environment.slots.unreported;
  if (pending < kReportStep && pending > -kReportStep) return;
  environment.slots.unreported = 0;
  Napi::MemoryManagement::AdjustExternalMemory(environment.napi, pending);
}

namespace {

// What scopes may hold before they hand it to the collector. A training step of a small network never gets there.
constexpr int64_t kHeldMost = int64_t{64} << 20;
// The least that a tensor costs, with its objects on both sides; that of a recorded one has a node, too.
constexpr int64_t kTensorBytes = 512;

int64_t elements_bytes(const at::Tensor& tensor) {
  const int64_t width = static_cast<int64_t>(tensor.dtype().itemsize());
  if (!tensor.is_sparse()) return tensor.numel() * width;
  return tensor._nnz() * (width * tensor.dense_dim() + width + 8 * tensor.sparse_dim());
}

uint32_t weight_of(const at::Tensor& tensor) {
  int64_t bytes = kTensorBytes;
  const c10::Storage& storage = tensor.unsafeGetTensorImpl()->unsafe_storage();
  if (storage && storage.device_type() != at::kMeta) bytes += static_cast<int64_t>(storage.nbytes());
  return static_cast<uint32_t>(std::min<int64_t>(bytes / 64, std::numeric_limits<uint32_t>::max()));
}

}  // namespace

SlotTable::SlotTable() : slots_(1) {}  // handle 0 is "disposed": its slot never has a tenant
SlotTable::~SlotTable() = default;

uint32_t SlotTable::first_handle(uint32_t slot) {
  TORCH_CHECK(index_of(kMany | slot) == slot, "more than 67 million tensors are alive");
  return slot < uint32_t{1} << 16 ? slot : kMany | slot;
}

uint32_t SlotTable::next_handle(uint32_t vacant) {
  const uint32_t handle = vacant & ~kVacant;
  const uint32_t step = handle < kMany ? uint32_t{1} << 16 : uint32_t{1} << 26;
  const uint32_t sum = handle + step;
  if (handle < kMany) return sum & (kMany - 1);
  return (sum & (kMany - 1)) | kMany;
}

void SlotTable::hold(int64_t weight) {
  held_ += weight * kWeight;
  if (crowded_ != nullptr) *crowded_ = held_ > kHeldMost ? 1 : 0;
}

uint32_t SlotTable::insert(at::Tensor tensor) {
  settle(tensor);
  uint32_t slot;
  uint32_t handle;
  if (free_.empty()) {
    slot = static_cast<uint32_t>(slots_.size());
    handle = first_handle(slot);
    slots_.emplace_back();
  } else {
    slot = free_.back();
    free_.pop_back();
    handle = next_handle(slots_[slot].handle);
  }
  Slot& place = slots_[slot];
  place.weight = weight_of(tensor);
  place.tensor = std::move(tensor);
  place.handle = handle;
  place.serial = ++serials_;
  hold(place.weight);
  return handle;
}

at::Tensor SlotTable::take(uint32_t slot) {
  Slot& place = slots_[slot];
  at::Tensor tensor = std::move(place.tensor);
  place.handle |= kVacant;
  free_.push_back(slot);
  if (place.anchor == nullptr) {
    hold(-static_cast<int64_t>(place.weight));
  } else {
    detach(place);
  }
  return tensor;
}

void SlotTable::detach(Slot& place) {
  Anchor& anchor = *std::exchange(place.anchor, nullptr);
  --anchored;
  anchor.slots[place.place] = 0;
  if (anchor.storage != nullptr) report(*anchor.environment, -remove_reported(anchor.storage));
}

void SlotTable::release(uint32_t handle) {
  // The tensor dies last: its destructor may run arbitrary graph clean-up.
  if (find(handle) != nullptr) take(index_of(handle));
}

void SlotTable::release(uint32_t handle, double serial) {
  if (is_live(handle, serial)) take(index_of(handle));
}

bool SlotTable::is_live(uint32_t handle, double serial) const {
  return find(handle) != nullptr && this->serial(handle) == serial;
}

void SlotTable::doom(std::unique_ptr<Anchor> anchor) { doomed_.push_back(std::move(anchor)); }

void SlotTable::sweep() {
  if (doomed_.empty()) return;
  // Telling the collector of a change may start a collection, which dooms more.
  for (const auto& anchor : std::exchange(doomed_, {})) {
    for (uint32_t i = 0; i < anchor->count; ++i) {
      if (anchor->slots[i] == 0) continue;
      ++collected;
      at::Tensor tensor = take(anchor->slots[i]);
      // Not even a tensor on the meta device needs to have a storage: a sparse one has none.
      if (anchor->storage == nullptr && tensor.has_storage()) dead_.push_back(std::move(tensor));
    }
  }
}

void SlotTable::bury(size_t count) {
  for (; count > 0 && !dead_.empty(); --count) {
    dead_.pop_back();
    // What the next ones touch when they die left the caches long ago: fetch it meanwhile, level by level.
    const size_t left = dead_.size();
    if (left >= 12) {
      const char* tensor = reinterpret_cast<const char*>(dead_[left - 12].unsafeGetTensorImpl());
      for (size_t line = 0; line < sizeof(c10::TensorImpl); line += 64) __builtin_prefetch(tensor + line, 1);
    }
    if (left >= 7) {
      const auto* storage = reinterpret_cast<const char*>(dead_[left - 7].storage().unsafeGetStorageImpl());
      for (size_t line = 0; line < sizeof(c10::StorageImpl); line += 64)
        __builtin_prefetch(storage + line, 1);
    }
    if (left >= 3) __builtin_prefetch(dead_[left - 3].storage().data(), 1);
  }
}

void SlotTable::clear() {
  shared_external.Reset();
  signals_.Reset();
  crowded_ = nullptr;
  // Anchors may outlive the table; closed() keeps their finalizers off it.
  std::vector<Slot>(1).swap(slots_);
  free_.clear();
  doomed_.clear();
  dead_.clear();
}

int64_t SlotTable::add_reported(const at::Tensor& tensor, const void** key) {
  if (tensor.is_meta()) return 0;
  // Sparse and other tensors without a storage of their own are counted by their elements.
  const bool stored = tensor.has_storage();
  *key = stored ? static_cast<const void*>(tensor.storage().unsafeGetStorageImpl())
                : static_cast<const void*>(tensor.unsafeGetTensorImpl());
  Reported& entry = reported_[*key];
  if (entry.tensors++ > 0) return 0;
  entry.bytes = stored ? static_cast<int64_t>(tensor.storage().nbytes()) : elements_bytes(tensor);
  return entry.bytes;
}

int64_t SlotTable::remove_reported(const void* key) {
  const auto entry = reported_.find(key);
  if (entry == reported_.end() || --entry->second.tensors > 0) return 0;
  const int64_t bytes = entry->second.bytes;
  reported_.erase(entry);
  return bytes;
}

void SlotTable::attach(uint32_t handle, Anchor& anchor) {
  Slot& slot = slots_[index_of(handle)];
  if (slot.anchor == nullptr) {
    hold(-static_cast<int64_t>(slot.weight));
  } else {
    detach(slot);
  }
  slot.anchor = &anchor;
  slot.place = anchor.count;
  anchor.slots[anchor.count++] = index_of(handle);
  ++anchored;
}

Napi::Value SlotTable::share_signals(Napi::Env env) {
  if (signals_.IsEmpty()) {
    signals_ = Napi::Persistent(Napi::Int32Array::New(env, 1));
    crowded_ = signals_.Value().Data();
  }
  return signals_.Value();
}

}  // namespace isotorch
