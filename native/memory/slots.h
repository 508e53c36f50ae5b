// The table behind tensor handles: JavaScript holds integers, this table holds the tensors.
#pragma once

#include <ATen/core/Tensor.h>
#include <napi.h>

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

namespace isotorch {

class Environment;
struct Anchor;

class SlotTable {
 public:
  SlotTable();
  ~SlotTable();

  // The handle of a slot of its own: the slot's index, and which tenant of the slot this is. A handle read before user
  // code ran, which may free the slot and fill it again, finds nothing.
  uint32_t insert(at::Tensor tensor);
  // Null for handle 0, freed slots, earlier tenants, and numbers never given out.
  const at::Tensor* find(uint32_t handle) const {
    const uint32_t slot = index_of(handle);
    if (slot >= slots_.size() || slots_[slot].handle != handle) return nullptr;
    return &slots_[slot].tensor;
  }
  void release(uint32_t handle);
  // As release, for handles that were kept for long: handles come back after some thousand tenants, serials never.
  void release(uint32_t handle, double serial);
  bool is_live(uint32_t handle, double serial) const;
  double serial(uint32_t handle) const { return static_cast<double>(slots_[index_of(handle)].serial); }
  void clear();

  // The collector found an anchor unreachable. Its slots are freed by sweep(), not at once: native code may be reading
  // one of the tensors, or a call that has its handle may be about to.
  void doom(std::unique_ptr<Anchor> anchor);
  bool has_doomed() const { return !doomed_.empty(); }
  // Frees what the collector doomed. Small tensors are put aside: see bury().
  void sweep();
  // Frees up to `count` of the tensors put aside. Freeing all of a collection's at once would make malloc join and
  // split thousands of cold blocks; freed one by one between allocations, each goes straight to the next.
  void bury(size_t count);

  struct Slot {
    at::Tensor tensor;
    Anchor* anchor = nullptr;   // set while the collector, too, may free the slot
    uint64_t serial = 0;        // of the tensor among all there were
    uint32_t handle = kVacant;  // of the tenant; while there is none, the last one's with kVacant
    uint32_t weight = 0;        // what the tensor adds to `held`, in units of kWeight bytes
    uint32_t place = 0;         // which of the anchor's slots this is
  };
  const std::vector<Slot>& all() const { return slots_; }
  size_t live() const { return slots_.size() - 1 - free_.size(); }

  // Bytes of storages reachable from anchored tensors, each storage once: what the collector is told.
  int64_t add_reported(const at::Tensor& tensor, const void** key);
  int64_t remove_reported(const void* key);

  // Puts the slot under the anchor's care, and no other one's.
  void attach(uint32_t handle, Anchor& anchor);

  size_t anchored = 0;                           // slots under an anchor
  size_t collected = 0;                          // slots freed by the collector so far
  int64_t unreported = 0;                        // change in bytes not yet passed to the collector
  int64_t waiting = 0;                           // bytes anchored before the collector freed anything
  Anchor* sharing = nullptr;                     // the anchor that takes small tensors now
  Napi::Reference<Napi::Value> shared_external;  // weak, its external

  // Memory shared with JavaScript: [0] is 1 while scopes hold so much that they should hand it to the collector.
  Napi::Value share_signals(Napi::Env env);

 private:
  struct Reported {
    int64_t bytes;
    size_t tensors;
  };
  static constexpr uint32_t kVacant = uint32_t{1} << 31;
  static constexpr uint32_t kMany = uint32_t{1} << 30;  // set in the handles of slots from 2^16 on
  static constexpr int64_t kWeight = 64;

  // Handles are integers of 31 bits, which JavaScript keeps without allocating: 14 bits of tenant and 16 of index for
  // the slots that nearly every program gets by with, 4 and 26 for the rest.
  static uint32_t index_of(uint32_t handle) {
    return handle < kMany ? handle & 0xffff : handle & ((uint32_t{1} << 26) - 1);
  }
  static uint32_t first_handle(uint32_t slot);
  static uint32_t next_handle(uint32_t vacant);

  // Empties a slot that is in use and hands out its tensor.
  at::Tensor take(uint32_t slot);
  void detach(Slot& place);
  void hold(int64_t weight);

  std::vector<Slot> slots_;
  std::vector<uint32_t> free_;
  std::vector<std::unique_ptr<Anchor>> doomed_;
  std::vector<at::Tensor> dead_;  // small, collected, not yet freed
  std::unordered_map<const void*, Reported> reported_;
  uint64_t serials_ = 0;
  Napi::Reference<Napi::Int32Array> signals_;
  int32_t* crowded_ = nullptr;  // the first of the signals
  int64_t held_ = 0;            // weight of the tensors that no anchor holds: those of scopes
};

// Tells the collector, sooner or later, of native bytes that a JavaScript object holds (or not any more).
void report(Environment& environment, int64_t change);

}  // namespace isotorch
