// Table of contents of the addon: every function that TypeScript sees, in the order of lib/native_table.ts.
#include <c10/util/Exception.h>
#include <node_api.h>

#include "autograd/autograd.h"
#include "autograd/forward_ad.h"
#include "autograd/graph.h"
#include "autograd/saved_tensors.h"
#include "bridge/call.h"
#include "bridge/library.h"
#include "bridge/operators.h"
#include "bridge/schema.h"
#include "device/accelerator.h"
#include "device/autocast.h"
#include "device/generator.h"
#include "device/switches.h"
#include "device/system.h"
#include "memory/allocator.h"
#include "memory/environment.h"
#include "memory/number_memory.h"
#include "memory/slots.h"
#include "optim/optimizer.h"
#include "tensor/indexing.h"
#include "tensor/shared_memory.h"
#include "tensor/storage.h"
#include "tensor/tensor.h"

namespace isotorch {
namespace {

struct Export {
  const char* name;
  napi_callback function;
};

#define ISOTORCH_EXPORT(function) {#function, entry<function>}

constexpr Export kExports[] = {
    // operators
    ISOTORCH_EXPORT(op),
    ISOTORCH_EXPORT(operator_names),
    // number_memory
    ISOTORCH_EXPORT(number_memory),
    // library
    ISOTORCH_EXPORT(load_library),
    // schema
    ISOTORCH_EXPORT(schema),
    ISOTORCH_EXPORT(parse_schema),
    ISOTORCH_EXPORT(schema_is_compatible),
    ISOTORCH_EXPORT(type_is_subtype),
    // slots
    ISOTORCH_EXPORT(release),
    ISOTORCH_EXPORT(release_many),
    ISOTORCH_EXPORT(release_leased),
    ISOTORCH_EXPORT(anchor),
    ISOTORCH_EXPORT(serial),
    ISOTORCH_EXPORT(living),
    ISOTORCH_EXPORT(signals),
    ISOTORCH_EXPORT(memory_stats),
    // tensor
    ISOTORCH_EXPORT(shape),
    ISOTORCH_EXPORT(stride),
    ISOTORCH_EXPORT(ndim),
    ISOTORCH_EXPORT(numel),
    ISOTORCH_EXPORT(dtype),
    ISOTORCH_EXPORT(device),
    ISOTORCH_EXPORT(layout),
    ISOTORCH_EXPORT(requires_grad),
    ISOTORCH_EXPORT(set_requires_grad),
    ISOTORCH_EXPORT(is_leaf),
    ISOTORCH_EXPORT(is_contiguous),
    ISOTORCH_EXPORT(is_nested),
    ISOTORCH_EXPORT(storage_offset),
    ISOTORCH_EXPORT(data_ptr),
    ISOTORCH_EXPORT(version),
    ISOTORCH_EXPORT(is_same),
    ISOTORCH_EXPORT(type_name),
    ISOTORCH_EXPORT(base),
    ISOTORCH_EXPORT(output_nr),
    ISOTORCH_EXPORT(is_quantized),
    ISOTORCH_EXPORT(nbytes),
    ISOTORCH_EXPORT(grad_dtype),
    ISOTORCH_EXPORT(set_grad_dtype),
    ISOTORCH_EXPORT(element_size),
    ISOTORCH_EXPORT(alias),
    ISOTORCH_EXPORT(set_data),
    ISOTORCH_EXPORT(item),
    // indexing
    ISOTORCH_EXPORT(getitem),
    ISOTORCH_EXPORT(setitem),
    // storage
    ISOTORCH_EXPORT(from_bytes),
    ISOTORCH_EXPORT(to_bytes),
    ISOTORCH_EXPORT(copy_bytes_),
    ISOTORCH_EXPORT(storage_nbytes),
    ISOTORCH_EXPORT(storage_lacks_memory),
    // shared_memory
    ISOTORCH_EXPORT(unsafe_buffer),
    ISOTORCH_EXPORT(pin_buffer),
    ISOTORCH_EXPORT(unsafe_from_buffer),
    // autograd
    ISOTORCH_EXPORT(increment_version),
    ISOTORCH_EXPORT(is_grad_enabled),
    ISOTORCH_EXPORT(set_grad_enabled),
    ISOTORCH_EXPORT(is_inference_mode),
    ISOTORCH_EXPORT(inference_mode),
    ISOTORCH_EXPORT(get_grad),
    ISOTORCH_EXPORT(set_grad),
    ISOTORCH_EXPORT(retain_grad),
    ISOTORCH_EXPORT(retains_grad),
    ISOTORCH_EXPORT(register_hook),
    ISOTORCH_EXPORT(register_post_accumulate_grad_hook),
    ISOTORCH_EXPORT(remove_hook),
    ISOTORCH_EXPORT(dead_callbacks),
    // function
    ISOTORCH_EXPORT(enter_function),
    ISOTORCH_EXPORT(exit_function),
    ISOTORCH_EXPORT(apply_function),
    ISOTORCH_EXPORT(saved_tensors),
    ISOTORCH_EXPORT(undefined_grad),
    // backward
    ISOTORCH_EXPORT(backward),
    ISOTORCH_EXPORT(grad),
    // graph
    ISOTORCH_EXPORT(grad_fn),
    ISOTORCH_EXPORT(grad_fn_name),
    ISOTORCH_EXPORT(gradient_edge),
    ISOTORCH_EXPORT(node_name),
    ISOTORCH_EXPORT(node_next),
    ISOTORCH_EXPORT(node_sequence_nr),
    ISOTORCH_EXPORT(node_inputs),
    ISOTORCH_EXPORT(node_metadata),
    ISOTORCH_EXPORT(set_node_metadata),
    ISOTORCH_EXPORT(register_node_hook),
    ISOTORCH_EXPORT(will_execute),
    ISOTORCH_EXPORT(graph_task_id),
    // saved_tensors
    ISOTORCH_EXPORT(push_saved_tensors_hooks),
    ISOTORCH_EXPORT(pop_saved_tensors_hooks),
    ISOTORCH_EXPORT(saved_tensors_hooks_disabled),
    ISOTORCH_EXPORT(disable_saved_tensors_hooks),
    ISOTORCH_EXPORT(is_anomaly_enabled),
    ISOTORCH_EXPORT(is_anomaly_check_nan_enabled),
    ISOTORCH_EXPORT(set_anomaly_enabled),
    // forward_ad
    ISOTORCH_EXPORT(enter_dual_level),
    ISOTORCH_EXPORT(exit_dual_level),
    ISOTORCH_EXPORT(is_fwd_grad_enabled),
    ISOTORCH_EXPORT(set_fwd_grad_enabled),
    ISOTORCH_EXPORT(has_tangent),
    ISOTORCH_EXPORT(vmap_increment_nesting),
    ISOTORCH_EXPORT(vmap_decrement_nesting),
    // generator
    ISOTORCH_EXPORT(create_generator),
    ISOTORCH_EXPORT(default_generator),
    ISOTORCH_EXPORT(generator_manual_seed),
    ISOTORCH_EXPORT(generator_seed),
    ISOTORCH_EXPORT(generator_initial_seed),
    ISOTORCH_EXPORT(generator_get_state),
    ISOTORCH_EXPORT(generator_set_state),
    ISOTORCH_EXPORT(generator_device),
    ISOTORCH_EXPORT(manual_seed),
    // optim
    ISOTORCH_EXPORT(optimizer),
    ISOTORCH_EXPORT(optimizer_add_group),
    ISOTORCH_EXPORT(optimizer_step),
    ISOTORCH_EXPORT(optimizer_state),
    ISOTORCH_EXPORT(optimizer_set_state),
    ISOTORCH_EXPORT(zero_grad),
    ISOTORCH_EXPORT(optimizer_zero_grad),
    // system
    ISOTORCH_EXPORT(connect),
    ISOTORCH_EXPORT(versions),
    ISOTORCH_EXPORT(get_num_threads),
    ISOTORCH_EXPORT(set_num_threads),
    ISOTORCH_EXPORT(get_num_interop_threads),
    ISOTORCH_EXPORT(set_num_interop_threads),
    ISOTORCH_EXPORT(device_count),
    ISOTORCH_EXPORT(synchronize),
    ISOTORCH_EXPORT(pow),
    ISOTORCH_EXPORT(hypot),
    ISOTORCH_EXPORT(library_info),
    // switches
    ISOTORCH_EXPORT(get_backend_flag),
    ISOTORCH_EXPORT(set_backend_flag),
    ISOTORCH_EXPORT(get_precision),
    ISOTORCH_EXPORT(set_precision),
    ISOTORCH_EXPORT(get_matmul_precision),
    ISOTORCH_EXPORT(set_matmul_precision),
    ISOTORCH_EXPORT(get_quantized_engine),
    ISOTORCH_EXPORT(set_quantized_engine),
    ISOTORCH_EXPORT(supported_quantized_engines),
    ISOTORCH_EXPORT(set_deterministic),
    ISOTORCH_EXPORT(set_flush_denormal),
    ISOTORCH_EXPORT(get_default_dtype),
    ISOTORCH_EXPORT(set_default_dtype),
    // autocast
    ISOTORCH_EXPORT(is_autocast_available),
    ISOTORCH_EXPORT(is_autocast_enabled),
    ISOTORCH_EXPORT(set_autocast_enabled),
    ISOTORCH_EXPORT(get_autocast_dtype),
    ISOTORCH_EXPORT(set_autocast_dtype),
    ISOTORCH_EXPORT(autocast_increment_nesting),
    ISOTORCH_EXPORT(autocast_decrement_nesting),
    ISOTORCH_EXPORT(is_autocast_cache_enabled),
    ISOTORCH_EXPORT(set_autocast_cache_enabled),
    ISOTORCH_EXPORT(clear_autocast_cache),
    // accelerator
    ISOTORCH_EXPORT(current_accelerator),
    ISOTORCH_EXPORT(current_device_index),
    ISOTORCH_EXPORT(set_device_index),
    ISOTORCH_EXPORT(empty_device_cache),
    ISOTORCH_EXPORT(device_memory_stats),
    ISOTORCH_EXPORT(reset_device_memory_stats),
    ISOTORCH_EXPORT(current_stream),
    ISOTORCH_EXPORT(default_stream),
    ISOTORCH_EXPORT(new_stream),
    ISOTORCH_EXPORT(set_stream),
    ISOTORCH_EXPORT(query_stream),
    ISOTORCH_EXPORT(synchronize_stream),
    ISOTORCH_EXPORT(create_event),
    ISOTORCH_EXPORT(event_record),
    ISOTORCH_EXPORT(event_block),
    ISOTORCH_EXPORT(event_query),
    ISOTORCH_EXPORT(event_synchronize),
    ISOTORCH_EXPORT(event_elapsed_time),
};

#undef ISOTORCH_EXPORT

// What lib/native.ts puts into the exports to load the addon a second time.
constexpr const char* kFinalizersFor = "finalizersFor";

// For the second loading: the environment that finalizers are wanted for.
Environment* finalizers_for(napi_env napi, napi_value exports) {
  napi_value value;
  napi_valuetype type;
  void* data = nullptr;
  if (napi_get_named_property(napi, exports, kFinalizersFor, &value) != napi_ok) return nullptr;
  if (napi_typeof(napi, value, &type) != napi_ok || type != napi_external) return nullptr;
  napi_get_value_external(napi, value, &data);
  return static_cast<Environment*>(data);
}

napi_value lend_finalizers(napi_env napi, Environment& environment, napi_value exports) {
  const auto take_back = [](node_api_basic_env, void* data, void*) {
    auto* environment = static_cast<Environment*>(data);
    environment->finalizers = environment->napi;
    Environment::drop(environment);
  };
  if (napi_set_instance_data(napi, &environment, take_back, nullptr) == napi_ok) {
    environment.retain();
    environment.finalizers = napi;
  }
  return exports;
}

napi_value initialize(napi_env napi, napi_value exports) {
  if (Environment* other = finalizers_for(napi, exports)) return lend_finalizers(napi, *other, exports);
  load_cuda();
  install_small_block_allocator();
  install_engine();
  auto* environment = new Environment(napi);
  const napi_status status = napi_set_instance_data(
      napi, environment,
      [](node_api_basic_env, void* data, void*) { static_cast<Environment*>(data)->close(); }, nullptr);
  if (status != napi_ok) {
    delete environment;
    napi_throw_error(napi, nullptr, "isotorch: cannot attach to this Node environment");
    return nullptr;
  }
  return guarded(napi, [&] {
    for (const Export& item : kExports) {
      napi_value function;
      check(napi, napi_create_function(napi, item.name, NAPI_AUTO_LENGTH, item.function, nullptr, &function));
      check(napi, napi_set_named_property(napi, exports, item.name, function));
    }
    napi_value external;
    check(napi, napi_create_external(napi, environment, nullptr, nullptr, &external));
    check(napi, napi_set_named_property(napi, exports, "environment", external));
    return exports;
  });
}

}  // namespace
}  // namespace isotorch

NAPI_MODULE_INIT() { return isotorch::initialize(env, exports); }
