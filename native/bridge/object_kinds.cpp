// Kinds of arguments that are neither numbers nor tensors: texts, devices, streams, and objects that native code made.
#include "bridge/call.h"
#include "bridge/readers.h"
#include "bridge/results.h"
#include "device/generator.h"
#include "device/system.h"

namespace isotorch {
namespace {

std::string string_value(const Site& site, napi_value value) {
  const Napi::Value given(site.env.napi, value);
  if (!given.IsString()) mismatch(site, value);
  return given.As<Napi::String>();
}

}  // namespace

c10::IValue read_string(const Site& site, napi_value value) { return string_value(site, value); }

c10::IValue read_device(const Site& site, napi_value value) {
  const c10::Device device(string_value(site, value));
  // The dispatcher's own words for a device that is missing are a list of backends.
  require_device(device);
  return device;
}

c10::IValue read_generator(const Site& site, napi_value value) {
  auto* box = dynamic_cast<GeneratorBox*>(site.env.owned(value));
  if (box == nullptr) mismatch(site, value);
  return box->generator;
}

c10::IValue read_object(const Site& site, napi_value value) {
  auto* box = dynamic_cast<ObjectBox*>(site.env.owned(value));
  if (box == nullptr) mismatch(site, value);
  return box->value;
}

// [stream id, device index, device type], the three numbers that identify a stream.
c10::IValue read_stream(const Site& site, napi_value value) {
  if (array_length(site.env.napi, value) != 3u) mismatch(site, value);
  int64_t parts[3];
  for (uint32_t i = 0; i < 3; ++i) parts[i] = integer_value(site, item_of(site.env.napi, value, i));
  return c10::Stream::unpack3(parts[0], static_cast<c10::DeviceIndex>(parts[1]),
                              static_cast<c10::DeviceType>(parts[2]));
}

}  // namespace isotorch
