#include "memory/anchors.h"

#include <memory>
#include <utility>

#include "bridge/call.h"
#include "exports.h"

namespace isotorch {
namespace {

// Smaller storages are not worth a table entry; the JavaScript object itself tells the collector enough.
constexpr size_t kReportFrom = 4096;
// Bytes that wait for a collector which never came: then its finalizers do not run inside collection.
constexpr int64_t kSuspicious = int64_t{4} << 30;

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

bool is_small(const at::Tensor& tensor) {
  if (tensor.grad_fn() != nullptr) return false;  // may hold any amount of saved activations
  return tensor.has_storage() && tensor.storage().nbytes() < kReportFrom;
}

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
    external = table.shared_external.Value();
    *anchor = table.sharing;
    if (external != nullptr) return external;
  }
  external = make_anchor(env, anchor);
  table.sharing = nullptr;
  table.shared_external.Reset({env.napi, external}, 0);
  table.sharing = *anchor;
  return external;
}

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

}  // namespace

void define_anchors(Napi::Object exports) { define(exports, {ISOTORCH_FUNCTION(anchor)}); }

}  // namespace isotorch
