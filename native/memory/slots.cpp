#include "memory/slots.h"

#include <algorithm>
#include <limits>
#include <unordered_set>
#include <utility>

#include "bridge/call.h"
#include "memory/environment.h"
#include "tensor/sparse.h"

namespace isotorch {

// The collector's hold on slots: an external that dies when the last JavaScript tensor behind it does.
//
// An external costs more than a small operator, so small tensors share one. What a long-lived tensor can
// hold back that way is bounded: kShare - 1 tensors of less than kReportFrom bytes, without a graph.
struct Anchor {
  static constexpr uint32_t kShare = 32;

  Environment* environment;
  const void* storage = nullptr;  // key of the reported storage; null for small tensors
  uint32_t count = 0;
  uint32_t slots[kShare] = {};  // 0 where released by hand, so that the next tenant is not freed
};

// Each report may start a collection step, so small changes are saved up.
void report(Environment& environment, int64_t change) {
  constexpr int64_t kReportStep = 1 << 20;
  environment.slots.unreported += change;
  const int64_t pending = environment.slots.unreported;
  if (pending < kReportStep && pending > -kReportStep) return;
  environment.slots.unreported = 0;
  int64_t total;
  napi_adjust_external_memory(environment.napi, pending, &total);
}

namespace {

// Smaller storages are not worth a table entry; the JavaScript object itself tells the collector enough.
constexpr size_t kReportFrom = 4096;
// Bytes that wait for a collector which never came: then its finalizers do not run inside collection.
constexpr int64_t kSuspicious = int64_t{4} << 30;

// What scopes may hold before they hand it to the collector. A training step of a small network never gets there.
constexpr int64_t kHeldMost = int64_t{64} << 20;
// The least that a tensor costs, with its objects on both sides; that of a recorded one has a node, too.
constexpr int64_t kTensorBytes = 512;

// Runs inside garbage collection: may free native memory, must not touch JavaScript.
void collect(node_api_basic_env finalizers, void* data, void*) {
  std::unique_ptr<Anchor> anchor(static_cast<Anchor*>(data));
  Environment* environment = anchor->environment;
  SlotTable& table = environment->slots;
  if (table.sharing == anchor.get()) table.sharing = nullptr;
  if (!environment->closed()) {
    table.doom(std::move(anchor));
    environment->schedule_visit(finalizers);
  }
  Environment::drop(environment);
}

void warn_if_uncollected(Environment& environment, int64_t reported) {
  static constexpr const char* kMessage =
      "isotorch: more than 4 GiB of tensors wait for garbage collection and none was freed yet. "
      "Wrap the loop's body in torch.scope(() => …), or dispose() what you no longer need.";
  SlotTable& table = environment.slots;
  if (table.collected > 0 || table.waiting > kSuspicious) return;
  table.waiting += reported;
  if (table.waiting > kSuspicious) environment.warnings.emplace_back(kMessage);
}

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

bool is_small(const at::Tensor& tensor) {
  if (tensor.grad_fn() != nullptr) return false;  // may hold any amount of saved activations
  return tensor.has_storage() && tensor.storage().nbytes() < kReportFrom;
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
  if (signals != nullptr) signals[0] = held_ > kHeldMost ? 1 : 0;
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

napi_value release(Call& call) {
  call.env.slots.release(call.slot(0));
  return nullptr;
}

napi_value release_many(Call& call) {
  const auto handles = call.elements<int32_t>(0, "handles");
  const auto count = std::min<size_t>(handles.size(), call.integer(1, "count"));
  for (const int32_t slot : handles.first(count)) call.env.slots.release(static_cast<uint32_t>(slot));
  call.env.slots.bury(64);
  return call.boolean(call.env.callbacks->has_dead);
}

namespace {

// Handles and serials, in two arrays, of tensors that were handed to the collector although a scope will end them.
struct Leases {
  explicit Leases(const Call& call) {
    handles = call.elements<int32_t>(0, "handles");
    serials = call.elements<double>(1, "serials");
    count = std::min({handles.size(), serials.size(), static_cast<size_t>(call.integer(2, "count"))});
  }
  std::span<int32_t> handles;
  std::span<const double> serials;
  size_t count;
};

}  // namespace

napi_value release_leased(Call& call) {
  const Leases leases(call);
  for (size_t i = 0; i < leases.count; ++i) {
    call.env.slots.release(static_cast<uint32_t>(leases.handles[i]), leases.serials[i]);
  }
  call.env.slots.sweep();
  return call.boolean(call.env.callbacks->has_dead);
}

// Writes 0 for each tensor that the collector freed.
napi_value living(Call& call) {
  call.env.slots.sweep();
  const Leases leases(call);
  for (size_t i = 0; i < leases.count; ++i) {
    int32_t& handle = leases.handles[i];
    if (!call.env.slots.is_live(static_cast<uint32_t>(handle), leases.serials[i])) handle = 0;
  }
  return nullptr;
}

napi_value serial(Call& call) {
  call.tensor(0, "tensor");
  return call.number(call.env.slots.serial(call.slot(0)));
}

napi_value signals(Call& call) {
  SlotTable& table = call.env.slots;
  napi_value buffer, array;
  if (table.signals_reference != nullptr) {
    check(call.env.napi, napi_get_reference_value(call.env.napi, table.signals_reference, &array));
    return array;
  }
  void* data = nullptr;
  check(call.env.napi, napi_create_arraybuffer(call.env.napi, sizeof(int32_t), &data, &buffer));
  check(call.env.napi, napi_create_typedarray(call.env.napi, napi_int32_array, 1, buffer, 0, &array));
  // The memory stays as long as the environment.
  check(call.env.napi, napi_create_reference(call.env.napi, array, 1, &table.signals_reference));
  table.signals = static_cast<int32_t*>(data);
  table.signals[0] = 0;
  return array;
}

namespace {

napi_value make_anchor(Environment& env, Anchor** anchor) {
  auto owner = std::make_unique<Anchor>(Anchor{&env});
  napi_value external;
  check(env.finalizers, napi_create_external(env.finalizers, owner.get(), collect, nullptr, &external));
  *anchor = owner.release();
  env.retain();
  return external;
}

// The external that small tensors share at the moment. Held weakly: it must die with its tensors.
napi_value shared_anchor(Environment& env, Anchor** anchor) {
  SlotTable& table = env.slots;
  napi_value external = nullptr;
  if (table.sharing != nullptr && table.sharing->count < Anchor::kShare) {
    check(env.napi, napi_get_reference_value(env.napi, table.sharing_reference, &external));
    *anchor = table.sharing;
    if (external != nullptr) return external;
  }
  external = make_anchor(env, anchor);
  if (table.sharing_reference != nullptr) napi_delete_reference(env.napi, table.sharing_reference);
  table.sharing_reference = nullptr;
  table.sharing = nullptr;
  check(env.napi, napi_create_reference(env.napi, external, 0, &table.sharing_reference));
  table.sharing = *anchor;
  return external;
}

}  // namespace

napi_value anchor(Call& call) {
  Environment& env = call.env;
  env.slots.sweep();
  const uint32_t slot = call.slot(0);
  const at::Tensor& tensor = call.tensor(0, "tensor");
  Anchor* anchor = nullptr;
  env.slots.bury(1);  // one dies, one is made: malloc hands the same memory on
  if (is_small(tensor)) {
    napi_value external = shared_anchor(env, &anchor);
    env.slots.attach(slot, *anchor);
    return external;
  }
  napi_value external = make_anchor(env, &anchor);
  env.slots.attach(slot, *anchor);
  const int64_t bytes = env.slots.add_reported(tensor, &anchor->storage);
  warn_if_uncollected(env, bytes);
  report(env, bytes);
  return external;
}

napi_value memory_stats(Call& call) {
  call.env.slots.sweep();
  std::unordered_set<const void*> seen;
  int64_t bytes = 0;
  for (const auto& slot : call.env.slots.all()) {
    if (!slot.tensor.defined() || !slot.tensor.has_storage()) continue;
    const c10::Storage& storage = slot.tensor.storage();
    if (seen.insert(storage.unsafeGetStorageImpl()).second) bytes += storage.nbytes();
  }
  const SlotTable& slots = call.env.slots;
  return call.array({call.number(static_cast<double>(slots.live())), call.number(static_cast<double>(bytes)),
                     call.number(static_cast<double>(slots.anchored)),
                     call.number(static_cast<double>(slots.collected))});
}

}  // namespace isotorch
