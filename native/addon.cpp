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

namespace isotorch {
namespace {

void define_all(Napi::Object exports) {
  define_operators(exports);
  define_number_memory(exports);
  define_library(exports);
  define_schema(exports);
  define_handles(exports);
  define_anchors(exports);
  define_tensor(exports);
  define_indexing(exports);
  define_storage(exports);
  define_shared_memory(exports);
  define_autograd(exports);
  define_function(exports);
  define_backward(exports);
  define_graph(exports);
  define_saved_tensors(exports);
  define_forward_ad(exports);
  define_generator(exports);
  define_update(exports);
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
