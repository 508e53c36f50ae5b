// What JavaScript does with handles and with those it leased to the collector.
#include <algorithm>
#include <unordered_set>

#include "bridge/call.h"
#include "exports.h"
#include "memory/collection.h"

namespace isotorch {
namespace {

void release(Call& call) { call.env.slots.release(call.slot(0)); }

bool release_many(Call& call) {
  const auto handles = call.elements<int32_t>(0, "handles");
  const auto count = std::min<size_t>(handles.size(), call.integer(1, "count"));
  for (const int32_t slot : handles.first(count)) call.env.slots.release(static_cast<uint32_t>(slot));
  call.env.slots.bury(64);
  return call.env.callbacks->has_dead;
}

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

bool release_leased(Call& call) {
  const Leases leases(call);
  for (size_t i = 0; i < leases.count; ++i) {
    call.env.slots.release(static_cast<uint32_t>(leases.handles[i]), leases.serials[i]);
  }
  call.env.slots.sweep();
  return call.env.callbacks->has_dead;
}

// Writes 0 for each tensor that the collector freed.
void living(Call& call) {
  call.env.slots.sweep();
  const Leases leases(call);
  for (size_t i = 0; i < leases.count; ++i) {
    int32_t& handle = leases.handles[i];
    if (!call.env.slots.is_live(static_cast<uint32_t>(handle), leases.serials[i])) handle = 0;
  }
}

double serial(Call& call) {
  call.tensor(0, "tensor");
  return call.env.slots.serial(call.slot(0));
}

Napi::Value signals(Call& call) { return call.env.slots.share_signals(call.Env()); }

Napi::Value memory_stats(Call& call) {
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

bool collect(Call& call) { return collect_garbage(call.env); }

}  // namespace

void define_handles(Napi::Object exports) {
  define(exports, {ISOTORCH_FUNCTION(release), ISOTORCH_FUNCTION(release_many),
                   ISOTORCH_FUNCTION(release_leased), ISOTORCH_FUNCTION(serial), ISOTORCH_FUNCTION(living),
                   ISOTORCH_FUNCTION(signals), ISOTORCH_FUNCTION(memory_stats), ISOTORCH_FUNCTION(collect)});
}

}  // namespace isotorch
