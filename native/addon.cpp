// Table of contents of the addon: what TypeScript sees, file by file, in the order of lib/torch/native/table.ts.
#include <napi.h>
#include <torch/headeronly/version.h>

#include "autograd/autograd.h"
#include "autograd/graph.h"
#include "autograd/saved_tensors.h"
#include "bridge/call.h"
#include "exports.h"
#include "memory/allocator.h"
#include "memory/environment.h"
#include "memory/small_objects.h"

// A note of ELF, which linkers put near the file's beginning: lib/libtorch/addons.ts reads it before the addon is loaded. Within
// a minor version libtorch keeps its binary interface, and nowhere else.
#ifdef __APPLE__
#define ISOTORCH_NOTE "__TEXT,__isotorch"
#else
#define ISOTORCH_NOTE ".note.isotorch"
#endif
constexpr char kAddonFor[] = "isotorch addon for libtorch " TORCH_VERSION;
struct AddonNote {
  uint32_t owner_size = sizeof "isotorch", text_size = sizeof kAddonFor, type = 1;
  char owner[12] = "isotorch";
  char text[(sizeof kAddonFor + 3) / 4 * 4] = "isotorch addon for libtorch " TORCH_VERSION;
};
extern "C" __attribute__((section(ISOTORCH_NOTE), used, aligned(4))) const AddonNote isotorch_addon_for{};

namespace isotorch {
namespace {

void define_all(Napi::Object exports) {
  define_operators(exports);
  define_number_memory(exports);
  define_library(exports);
  define_schema(exports);
  define_handles(exports);
  define_anchors(exports);
  define_parcels(exports);
  define_tensor(exports);
  define_indexing(exports);
  define_storage(exports);
  define_shared_memory(exports);
  define_file(exports);
  define_autograd(exports);
  define_function(exports);
  define_backward(exports);
  define_graph(exports);
  define_saved_tensors(exports);
  define_forward_ad(exports);
  define_transforms(exports);
  define_generator(exports);
  define_update(exports);
  define_system(exports);
  define_libm(exports);
  define_switches(exports);
  define_autocast(exports);
  define_accelerator(exports);
  define_device_memory(exports);
  define_accelerator_graph(exports);
  define_jit(exports);
  define_cuda(exports);
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
  install_tensor_allocator();
  install_small_object_lists();
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
