#include "slots.h"

#include <unordered_set>

#include "call.h"
#include "environment.h"

namespace isotorch {

// The collector's hold on a slot. It outlives neither the slot's tensor nor the environment: release()
// clears `slot`, so that a finalizer that comes later does not free the slot's next tenant.
struct Anchor {
  Environment* environment;
  uint32_t slot;
  const void* storage;  // key of the reported storage, or null when too small to report
};

namespace {

// Smaller storages are not worth a table entry; the JavaScript object itself tells the collector enough.
constexpr int64_t kReportFrom = 4096;
// Each report may start a collection step, so small changes are saved up.
constexpr int64_t kReportStep = 1 << 20;
// Bytes that wait for a collector which never came: then its finalizers do not run inside collection.
constexpr int64_t kSuspicious = int64_t{4} << 30;

void report(Environment& environment, int64_t change) {
  environment.slots.unreported += change;
  const int64_t pending = environment.slots.unreported;
  if (pending < kReportStep && pending > -kReportStep) return;
  environment.slots.unreported = 0;
  int64_t total;
  napi_adjust_external_memory(environment.napi, pending, &total);
}

void detach_anchor(Environment& environment, Anchor& anchor) {
  anchor.slot = 0;
  --environment.slots.anchored;
  if (anchor.storage != nullptr) {
    report(environment, -environment.slots.remove_reported(anchor.storage));
  }
}

// Runs inside garbage collection: may free native memory, must not touch JavaScript.
void collect(node_api_basic_env, void* data, void*) {
  auto* anchor = static_cast<Anchor*>(data);
  Environment* environment = anchor->environment;
  if (anchor->slot != 0 && !environment->closed()) {
    ++environment->slots.collected;
    environment->slots.release(anchor->slot);
  }
  delete anchor;
  Environment::drop(environment);
}

void warn_if_uncollected(Environment& environment, int64_t reported) {
  static constexpr const char* kMessage =
      "isotorch: more than 4 GiB of tensors wait for garbage collection and none was freed yet. "
      "Wrap the loop's body in torch.scope(() => …), or dispose() what you no longer need.";
  static thread_local bool warned = false;
  static thread_local int64_t waiting = 0;
  if (warned || environment.slots.collected > 0) return;
  waiting += reported;
  if (waiting < kSuspicious) return;
  warned = true;
  environment.warnings.emplace_back(kMessage);
}

}  // namespace

uint32_t SlotTable::insert(at::Tensor tensor) {
  uint32_t slot;
  if (free_.empty()) {
    slot = static_cast<uint32_t>(slots_.size());
    slots_.emplace_back();
  } else {
    slot = free_.back();
    free_.pop_back();
  }
  slots_[slot].tensor = std::move(tensor);
  return slot;
}

void SlotTable::release(uint32_t slot) {
  if (find(slot) == nullptr) return;
  // The tensor dies last: its destructor may run arbitrary graph clean-up.
  at::Tensor tensor = std::move(slots_[slot].tensor);
  Anchor* anchor = slots_[slot].anchor;
  slots_[slot] = Slot{};
  free_.push_back(slot);
  if (anchor != nullptr) detach_anchor(*anchor->environment, *anchor);
}

void SlotTable::clear() {
  std::vector<Slot> slots(1);
  slots.swap(slots_);
  free_.clear();
  for (const Slot& slot : slots) {
    if (slot.anchor != nullptr) slot.anchor->slot = 0;
  }
}

int64_t SlotTable::add_reported(const at::Tensor& tensor, const void** key) {
  *key = nullptr;
  if (!tensor.has_storage()) return 0;
  const c10::Storage& storage = tensor.storage();
  const auto bytes = static_cast<int64_t>(storage.nbytes());
  if (bytes < kReportFrom) return 0;
  *key = storage.unsafeGetStorageImpl();
  Reported& entry = reported_[*key];
  if (entry.tensors++ > 0) return 0;
  entry.bytes = bytes;
  return bytes;
}

int64_t SlotTable::remove_reported(const void* key) {
  const auto entry = reported_.find(key);
  if (entry == reported_.end() || --entry->second.tensors > 0) return 0;
  const int64_t bytes = entry->second.bytes;
  reported_.erase(entry);
  return bytes;
}

napi_value release(Call& call) {
  call.env.slots.release(call.slot(0));
  return nullptr;
}

napi_value release_many(Call& call) {
  const auto handles = call.typed_array(0, napi_int32_array, "handles");
  const auto count = std::min<size_t>(handles.length, call.integer(1, "count"));
  const auto* slots = static_cast<const int32_t*>(handles.data);
  for (size_t i = 0; i < count; ++i) call.env.slots.release(static_cast<uint32_t>(slots[i]));
  return nullptr;
}

napi_value anchor(Call& call) {
  Environment& env = call.env;
  const uint32_t slot = call.slot(0);
  const at::Tensor& tensor = call.tensor(0, "tensor");
  auto owner = std::make_unique<Anchor>(Anchor{&env, slot, nullptr});
  napi_value external;
  check(env.napi, napi_create_external(env.napi, owner.get(), collect, nullptr, &external));
  Anchor* anchor = owner.release();
  env.retain();
  env.slots.at(slot).anchor = anchor;
  ++env.slots.anchored;
  const int64_t bytes = env.slots.add_reported(tensor, &anchor->storage);
  if (bytes > 0) {
    warn_if_uncollected(env, bytes);
    report(env, bytes);
  }
  return external;
}

napi_value memory_stats(Call& call) {
  std::unordered_set<const void*> seen;
  int64_t bytes = 0;
  for (const auto& slot : call.env.slots.all()) {
    if (!slot.tensor.defined() || !slot.tensor.has_storage()) continue;
    const c10::Storage& storage = slot.tensor.storage();
    if (seen.insert(storage.unsafeGetStorageImpl()).second) bytes += storage.nbytes();
  }
  const SlotTable& slots = call.env.slots;
  return call.array({call.number(static_cast<double>(slots.live())),
                     call.number(static_cast<double>(bytes)),
                     call.number(static_cast<double>(slots.anchored)),
                     call.number(static_cast<double>(slots.collected))});
}

}  // namespace isotorch
