// Table of contents of the addon: what TypeScript sees, file by file, in the order of lib/torch/native/table.ts.
#include <napi.h>

#include "autograd/autograd.h"
#include "autograd/graph.h"
#include "autograd/saved_tensors.h"
#include "bridge/call.h"
#include "device/system.h"
#include "exports.h"
#include "memory/allocator.h"
#include "memory/environment.h"
#include "memory/slots.h"
#include "optim/optimizer.h"

namespace isotorch {
namespace {

void define_all(Napi::Object exports) {
  define_operators(exports);
  define_number_memory(exports);
  define_library(exports);
  define_schema(exports);
  // slots
  define(exports, {ISOTORCH_FUNCTION(release), ISOTORCH_FUNCTION(release_many),
                   ISOTORCH_FUNCTION(release_leased), ISOTORCH_FUNCTION(anchor), ISOTORCH_FUNCTION(serial),
                   ISOTORCH_FUNCTION(living), ISOTORCH_FUNCTION(signals), ISOTORCH_FUNCTION(memory_stats)});
  define_tensor(exports);
  define_indexing(exports);
  define_storage(exports);
  define_shared_memory(exports);
  // autograd
  define(exports,
         {ISOTORCH_FUNCTION(increment_version), ISOTORCH_FUNCTION(is_grad_enabled),
          ISOTORCH_FUNCTION(set_grad_enabled), ISOTORCH_FUNCTION(is_inference_mode),
          ISOTORCH_FUNCTION(inference_mode), ISOTORCH_FUNCTION(get_grad), ISOTORCH_FUNCTION(set_grad),
          ISOTORCH_FUNCTION(retain_grad), ISOTORCH_FUNCTION(retains_grad), ISOTORCH_FUNCTION(register_hook),
          ISOTORCH_FUNCTION(register_post_accumulate_grad_hook), ISOTORCH_FUNCTION(remove_hook),
          ISOTORCH_FUNCTION(dead_callbacks)});
  // function
  define(exports, {ISOTORCH_FUNCTION(enter_function), ISOTORCH_FUNCTION(exit_function),
                   ISOTORCH_FUNCTION(apply_function), ISOTORCH_FUNCTION(saved_tensors),
                   ISOTORCH_FUNCTION(undefined_grad)});
  // backward
  define(exports, {ISOTORCH_FUNCTION(backward), ISOTORCH_FUNCTION(grad)});
  // graph
  define(exports,
         {ISOTORCH_FUNCTION(grad_fn), ISOTORCH_FUNCTION(grad_fn_name), ISOTORCH_FUNCTION(gradient_edge),
          ISOTORCH_FUNCTION(node_name), ISOTORCH_FUNCTION(node_next), ISOTORCH_FUNCTION(node_sequence_nr),
          ISOTORCH_FUNCTION(node_inputs), ISOTORCH_FUNCTION(node_metadata),
          ISOTORCH_FUNCTION(set_node_metadata), ISOTORCH_FUNCTION(register_node_hook),
          ISOTORCH_FUNCTION(will_execute), ISOTORCH_FUNCTION(graph_task_id)});
  // saved_tensors
  define(exports, {ISOTORCH_FUNCTION(push_saved_tensors_hooks), ISOTORCH_FUNCTION(pop_saved_tensors_hooks),
                   ISOTORCH_FUNCTION(saved_tensors_hooks_disabled),
                   ISOTORCH_FUNCTION(disable_saved_tensors_hooks), ISOTORCH_FUNCTION(is_anomaly_enabled),
                   ISOTORCH_FUNCTION(is_anomaly_check_nan_enabled), ISOTORCH_FUNCTION(set_anomaly_enabled)});
  define_forward_ad(exports);
  define_generator(exports);
  // optim
  define(exports, {ISOTORCH_FUNCTION(optimizer), ISOTORCH_FUNCTION(optimizer_add_group),
                   ISOTORCH_FUNCTION(optimizer_step), ISOTORCH_FUNCTION(optimizer_state),
                   ISOTORCH_FUNCTION(optimizer_set_state), ISOTORCH_FUNCTION(zero_grad),
                   ISOTORCH_FUNCTION(optimizer_zero_grad)});
  define_system(exports);
  define_libm(exports);
  define_switches(exports);
  define_autocast(exports);
  define_accelerator(exports);
}

// What the loader puts into the exports to load the addon a second time.
constexpr const char* kFinalizersFor = "finalizersFor";

void close(Napi::Env, Environment* environment) { environment->close(); }

void take_back_finalizers(Napi::Env, Environment* environment) {
  environment->finalizers = environment->napi;
  Environment::drop(environment);
}

// The second loading: its environment is the one that the other's finalizers belong to.
void lend_finalizers(Napi::Env napi, Environment* environment) {
  napi.SetInstanceData<Environment, take_back_finalizers>(environment);
  environment->retain();
  environment->finalizers = napi;
}

Napi::Object initialize(Napi::Env napi, Napi::Object exports) {
  const Napi::Value other = exports[kFinalizersFor];
  if (other.IsExternal()) {
    lend_finalizers(napi, other.As<Napi::External<Environment>>().Data());
    return exports;
  }
  load_cuda();
  install_small_block_allocator();
  install_engine();
  auto* environment = new Environment(napi);
  napi.SetInstanceData<Environment, close>(environment);
  define_all(exports);
  exports["environment"] = Napi::External<Environment>::New(napi, environment);
  return exports;
}

}  // namespace

NODE_API_MODULE(isotorch, initialize)

}  // namespace isotorch
