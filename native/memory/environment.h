// What one Node environment (the main thread or a worker) owns on the native side.
// There are no globals: every structure below lives and dies with its environment.
#pragma once

#include <ATen/core/stack.h>
#include <c10/util/Exception.h>
#include <napi.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "memory/number_memory.h"
#include "memory/slots.h"

namespace torch::autograd {
struct Node;
}

namespace isotorch {

class Callback;
class Environment;
class OperatorPlan;
struct GraphNode;
struct Hook;

// Base of native objects that JavaScript's collector owns (generators, optimizers, anchors).
class Owned {
 public:
  virtual ~Owned() = default;
};

// Shared by an environment and the callback owners inside libtorch, which may outlive it.
struct CallbackLink {
  std::mutex mutex;
  Environment* environment = nullptr;  // null once the environment is gone
  std::vector<uint32_t> dead;          // callback ids whose owner was destroyed
  std::atomic<bool> has_dead = false;  // `dead` is not empty
};

// A tensor whose JavaScript object may hold a callback in libtorch's stead, while nothing else has the tensor.
struct CallbackOwner {
  Napi::ObjectReference object;  // weak
  uint32_t handle;
  double serial;
  uint32_t callback;
  const void* node;  // the tensor's, which runs the callback or its hooks; null for a leaf
};

class Environment {
 public:
  explicit Environment(napi_env env);
  ~Environment();
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  static Environment& of(napi_env env);

  // An external that owns `object`; only externals made here are accepted back.
  Napi::Value own(std::unique_ptr<Owned> object);
  // The object behind such an external, or null for anything else.
  Owned* owned(napi_value value) const;

  // Where the results of a list of this length go; null where they must be an array: for a long list, and where a warning
  // waits, which calls JavaScript before the list is taken out of memory.
  double* room_for_results(size_t length) {
    return length <= NumberMemory::kLongest && warnings.empty() ? numbers.results() : nullptr;
  }

  napi_env napi;
  // In whose name externals are made. Node checks for a pending exception after each finalizer, and ends the process at
  // one. It throws a native function's error with the exception still noted in the function's environment, which may
  // start a collection: so finalizers belong to another environment, made by loading the addon again.
  napi_env finalizers;
  SlotTable slots;
  NumberMemory numbers;
  std::unordered_map<std::string, std::shared_ptr<OperatorPlan>> operators;  // compiled, by full name
  std::vector<std::shared_ptr<OperatorPlan>> numbered;                       // those called by number
  torch::jit::Stack stack;  // spare boxed stack, so that a call allocates none
  std::shared_ptr<CallbackLink> callbacks;
  std::unordered_map<uint32_t, std::weak_ptr<Hook>> hooks;    // removable ones, by callback id
  std::vector<std::shared_ptr<Callback>> saved_tensor_hooks;  // pack callbacks, the innermost last
  std::vector<std::vector<at::Tensor>> function_inputs;    // of custom functions that run now, innermost last
  std::vector<const torch::autograd::Node*> locked_nodes;  // that call JavaScript now, innermost last
  std::optional<std::string> saved_tensor_hooks_disabled;  // why there may be none
  std::vector<CallbackOwner> callback_owners;
  std::unordered_map<const torch::autograd::Node*, GraphNode*>
      node_objects;                                     // what the one GradFn of a node has
  std::vector<Napi::ObjectReference> stale_references;  // to be deleted outside of collections
  int64_t nodes_weighed = 0;          // sequence number up to which graphs may have been walked
  std::vector<uint64_t> dual_levels;  // forward-mode levels entered and not left
  const std::thread::id thread = std::this_thread::get_id();
  std::vector<std::string> warnings;                         // collected during a call, emitted at its end
  Napi::FunctionReference invoke, make_error, emit_warning;  // see connect()

  // The collector may run finalizers after the environment's own end: the last one out frees the memory.
  void retain() { ++references_; }
  static void drop(Environment* environment);
  // The environment ends: frees all tensors, lets no callback run any more.
  void close();
  bool closed() const { return closed_; }

  // After something died inside a collection: lets a turn of the event loop free it, and forget callbacks. Synchronous
  // code does both as it goes on.
  void schedule_visit(node_api_basic_env finalizers);

 private:
  std::unordered_set<const void*> boxes_;  // what own() made and the collector has not freed
  size_t references_ = 1;
  bool closed_ = false;
  bool visit_scheduled_ = false;
  std::unique_ptr<c10::WarningHandler> warning_handler_;
};

}  // namespace isotorch
