#include "memory/environment.h"

#include <c10/core/AutogradState.h>
#include <c10/util/Exception.h>

#include "autograd/autograd.h"
#include "autograd/forward_ad.h"
#include "autograd/graph.h"
#include "autograd/saved_tensors.h"
#include "bridge/guard.h"
#include "memory/parcels.h"

// Part of Node since 20.10; node-api-headers leave out what is experimental.
extern "C" napi_status node_api_post_finalizer(node_api_basic_env env, napi_finalize callback, void* data,
                                               void* hint);

namespace isotorch {

namespace {

// libtorch warns in the middle of an operator, where no JavaScript may run.
struct CollectWarnings : c10::WarningHandler {
  explicit CollectWarnings(std::vector<std::string>& target) : warnings(target) {}
  void process(const c10::Warning& warning) override { warnings.push_back(warning.msg()); }
  std::vector<std::string>& warnings;
};

}  // namespace

Environment::Environment(napi_env env)
    : napi(env),
      finalizers(env),
      callbacks(std::make_shared<CallbackLink>()),
      warning_handler_(std::make_unique<CollectWarnings>(warnings)) {
  callbacks->environment = this;
  // Both are per thread, and so is an environment. Backward on the calling thread, for every device,
  // lets hooks call JavaScript.
  c10::AutogradState::get_tls_state().set_multithreading_enabled(false);
  c10::WarningUtils::set_warning_handler(warning_handler_.get());
}

Environment::~Environment() = default;

void Environment::close() {
  {
    std::lock_guard<std::mutex> lock(callbacks->mutex);
    callbacks->environment = nullptr;
  }
  closed_ = true;
  leave_process(*this);
  close_saved_tensors(*this);
  close_graph(*this);
  close_forward_ad(*this);
  c10::WarningUtils::set_warning_handler(nullptr);
  function_inputs.clear();
  callback_owners.clear();
  slots.clear();
  numbered.clear();
  operators.clear();
  numbers.close();
  for (auto* function : {&invoke, &make_error, &emit_warning}) function->Reset();
  drop(this);
}

Environment& Environment::of(napi_env env) { return *Napi::Env(env).GetInstanceData<Environment>(); }

void Environment::schedule_visit(node_api_basic_env finalizers) {
  if (visit_scheduled_ || !(slots.has_doomed() || callbacks->has_dead)) return;
  const auto visit = [](napi_env, void* data, void*) {
    auto* environment = static_cast<Environment*>(data);
    environment->visit_scheduled_ = false;
    if (!environment->closed()) {
      environment->slots.sweep();
      forget_dead_callbacks(*environment);
    }
    drop(environment);
  };
  if (node_api_post_finalizer(finalizers, visit, this, nullptr) != napi_ok) return;
  visit_scheduled_ = true;
  retain();
}

void Environment::drop(Environment* environment) {
  if (--environment->references_ == 0) delete environment;
}

namespace {

struct OwnedBox {
  Environment* environment;
  std::unique_ptr<Owned> object;
};

}  // namespace

Napi::Value Environment::own(std::unique_ptr<Owned> object) {
  auto box = std::make_unique<OwnedBox>(OwnedBox{this, std::move(object)});
  const auto collect = [](Napi::BasicEnv finalizers, OwnedBox* data) {
    std::unique_ptr<OwnedBox> box(data);
    Environment* environment = box->environment;
    environment->boxes_.erase(data);
    box.reset();
    if (!environment->closed()) environment->schedule_visit(finalizers);
    drop(environment);
  };
  const auto external = Napi::External<OwnedBox>::New(finalizers, box.get(), collect);
  boxes_.insert(box.release());
  retain();
  return external;
}

Owned* Environment::owned(napi_value value) const {
  const Napi::Value given(napi, value);
  if (!given.IsExternal()) return nullptr;
  OwnedBox* box = given.As<Napi::External<OwnedBox>>().Data();
  // Externals of other addons, other workers, or anchors must not be read as boxes.
  return boxes_.count(box) == 0 ? nullptr : box->object.get();
}

}  // namespace isotorch
