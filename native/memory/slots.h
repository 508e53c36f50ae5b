// The table behind tensor handles: JavaScript holds integers, this table holds the tensors.
#pragma once

#include <ATen/core/Tensor.h>
#include <node_api.h>

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace isotorch {

class Environment;
struct Anchor;

class SlotTable {
 public:
  SlotTable() : slots_(1) {}  // slot 0 is "disposed" and never given out

  uint32_t insert(at::Tensor tensor);
  // Null for slot 0, freed slots and numbers never given out.
  const at::Tensor* find(uint32_t slot) const {
    if (slot >= slots_.size() || !slots_[slot].tensor.defined()) return nullptr;
    return &slots_[slot].tensor;
  }
  void release(uint32_t slot);
  void clear();
  // Frees a slot for the collector. A small tensor is put aside: see bury().
  void collect(uint32_t slot, bool small);
  // Frees up to `count` of the tensors put aside. Freeing all of a collection's at once would make malloc join and
  // split thousands of cold blocks; freed one by one between allocations, each goes straight to the next.
  void bury(size_t count);

  struct Slot {
    at::Tensor tensor;
    Anchor* anchor = nullptr;  // set while the collector, too, may free the slot
    uint32_t place = 0;        // which of the anchor's slots this is
  };
  const std::vector<Slot>& all() const { return slots_; }
  size_t live() const { return slots_.size() - 1 - free_.size(); }

  // Bytes of storages reachable from anchored tensors, each storage once: what the collector is told.
  int64_t add_reported(const at::Tensor& tensor, const void** key);
  int64_t remove_reported(const void* key);

  // Puts the slot under the anchor's care.
  void attach(uint32_t slot, Anchor& anchor);

  size_t anchored = 0;                   // slots under an anchor
  size_t collected = 0;                  // slots freed by the collector so far
  int64_t unreported = 0;                // change in bytes not yet passed to the collector
  int64_t waiting = 0;                   // bytes anchored before the collector freed anything
  Anchor* sharing = nullptr;             // the anchor that takes small tensors now
  napi_ref sharing_reference = nullptr;  // weak, on its external

 private:
  struct Reported {
    int64_t bytes;
    size_t tensors;
  };
  // Empties a slot that is in use and hands out its tensor.
  at::Tensor take(uint32_t slot);

  std::vector<Slot> slots_;
  std::vector<uint32_t> free_;
  std::vector<at::Tensor> dead_;  // small, collected, not yet freed
  std::unordered_map<const void*, Reported> reported_;
};

napi_value release(struct Call& call);
napi_value release_many(struct Call& call);
napi_value anchor(struct Call& call);
napi_value memory_stats(struct Call& call);

}  // namespace isotorch
