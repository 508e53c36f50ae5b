// Automatic mixed precision: the thread's switches that the dispatcher's autocast kernels look at.
#include <ATen/autocast_mode.h>

#include "bridge/call.h"
#include "exports.h"

namespace isotorch {
namespace {

c10::DeviceType device_type(const Call& call) { return c10::Device(call.text(0, "device_type")).type(); }

bool is_autocast_available(Call& call) { return at::autocast::is_autocast_available(device_type(call)); }

bool is_autocast_enabled(Call& call) { return at::autocast::is_autocast_enabled(device_type(call)); }

void set_autocast_enabled(Call& call) {
  at::autocast::set_autocast_enabled(device_type(call), call.boolean(1, "enabled"));
}

at::ScalarType get_autocast_dtype(Call& call) {
  const at::ScalarType dtype = at::autocast::get_autocast_dtype(device_type(call));
  // In Python's words: what a device without autocast has is no dtype.
  TORCH_CHECK(dtype != at::ScalarType::Undefined, "unsupported scalarType");
  return dtype;
}

void set_autocast_dtype(Call& call) {
  const c10::ScalarType dtype = call.dtype(1, "dtype");
  at::autocast::set_autocast_dtype(device_type(call), dtype);
}

int64_t autocast_increment_nesting(Call&) { return at::autocast::increment_nesting(); }

int64_t autocast_decrement_nesting(Call&) { return at::autocast::decrement_nesting(); }

bool is_autocast_cache_enabled(Call&) { return at::autocast::is_autocast_cache_enabled(); }

void set_autocast_cache_enabled(Call& call) {
  at::autocast::set_autocast_cache_enabled(call.boolean(0, "enabled"));
}

void clear_autocast_cache(Call&) { at::autocast::clear_cache(); }

}  // namespace

void define_autocast(Napi::Object exports) {
  define(exports,
         {ISOTORCH_FUNCTION(is_autocast_available), ISOTORCH_FUNCTION(is_autocast_enabled),
          ISOTORCH_FUNCTION(set_autocast_enabled), ISOTORCH_FUNCTION(get_autocast_dtype),
          ISOTORCH_FUNCTION(set_autocast_dtype), ISOTORCH_FUNCTION(autocast_increment_nesting),
          ISOTORCH_FUNCTION(autocast_decrement_nesting), ISOTORCH_FUNCTION(is_autocast_cache_enabled),
          ISOTORCH_FUNCTION(set_autocast_cache_enabled), ISOTORCH_FUNCTION(clear_autocast_cache)});
}

}  // namespace isotorch
