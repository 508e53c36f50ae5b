#include "device/autocast.h"

#include <ATen/autocast_mode.h>

#include "bridge/call.h"

namespace isotorch {
namespace {

c10::DeviceType device_type(const Call& call) { return c10::Device(call.text(0, "device_type")).type(); }

}  // namespace

napi_value is_autocast_available(Call& call) {
  return call.boolean(at::autocast::is_autocast_available(device_type(call)));
}

napi_value is_autocast_enabled(Call& call) {
  return call.boolean(at::autocast::is_autocast_enabled(device_type(call)));
}

napi_value set_autocast_enabled(Call& call) {
  at::autocast::set_autocast_enabled(device_type(call), call.boolean(1, "enabled"));
  return nullptr;
}

napi_value get_autocast_dtype(Call& call) {
  const at::ScalarType dtype = at::autocast::get_autocast_dtype(device_type(call));
  // In Python's words: what a device without autocast has is no dtype.
  TORCH_CHECK(dtype != at::ScalarType::Undefined, "unsupported scalarType");
  return call.number(static_cast<double>(dtype));
}

napi_value set_autocast_dtype(Call& call) {
  const int64_t code = call.integer(1, "dtype");
  if (code < 0 || code >= static_cast<int64_t>(c10::ScalarType::NumOptions)) {
    throw call.wrong("dtype", "a dtype");
  }
  at::autocast::set_autocast_dtype(device_type(call), static_cast<c10::ScalarType>(code));
  return nullptr;
}

napi_value autocast_increment_nesting(Call& call) { return call.number(at::autocast::increment_nesting()); }

napi_value autocast_decrement_nesting(Call& call) { return call.number(at::autocast::decrement_nesting()); }

napi_value is_autocast_cache_enabled(Call& call) {
  return call.boolean(at::autocast::is_autocast_cache_enabled());
}

napi_value set_autocast_cache_enabled(Call& call) {
  at::autocast::set_autocast_cache_enabled(call.boolean(0, "enabled"));
  return nullptr;
}

napi_value clear_autocast_cache(Call&) {
  at::autocast::clear_cache();
  return nullptr;
}

}  // namespace isotorch
