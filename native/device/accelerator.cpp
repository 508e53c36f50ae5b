// The current device, streams and events of accelerators, through libtorch's device-generic interface.
#include <ATen/DeviceAccelerator.h>
#include <c10/core/Event.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include "bridge/call.h"
#include "device/system.h"
#include "exports.h"

namespace isotorch {
namespace {

struct EventBox : Owned {
  explicit EventBox(c10::DeviceType type, c10::EventFlag flag) : event(type, flag) {}
  c10::Event event;
};

c10::Device device_argument(const Call& call) {
  const c10::Device device(call.text(0, "device"));
  TORCH_CHECK(c10::impl::hasDeviceGuardImpl(device.type()), "PyTorch is not linked with support for ",
              c10::DeviceTypeName(device.type(), /*lower_case=*/true), " devices");
  require_device(device);
  return device;
}

c10::impl::VirtualGuardImpl guard_of(const c10::Device& device) {
  return c10::impl::VirtualGuardImpl(device.type());
}

// The device itself, or the current one of its kind where no index was given.
c10::Device definite(const c10::Device& device) {
  return device.has_index() || device.is_cpu() ? device : guard_of(device).getDevice();
}

c10::Stream stream_argument(const Call& call, size_t index) {
  const std::vector<int64_t> parts = call.integers(index, "stream");
  if (parts.size() != 3) throw call.wrong("stream", "a torch.Stream");
  const c10::Stream stream = c10::Stream::unpack3(parts[0], static_cast<c10::DeviceIndex>(parts[1]),
                                                  static_cast<c10::DeviceType>(parts[2]));
  require_device(stream.device());
  return stream;
}

// The three numbers that identify a stream.
Napi::Value parts_of(const Call& call, const c10::Stream& stream) {
  const auto parts = stream.pack3();
  return call.numbers({parts.stream_id, parts.device_index, static_cast<int64_t>(parts.device_type)});
}

Napi::Value current_accelerator(Call& call) {
  const auto type = at::accelerator::getAccelerator(call.boolean(0, "checked"));
  return type.has_value() ? call.text(c10::DeviceTypeName(*type, /*lower_case=*/true)) : call.null();
}

int64_t current_device_index(Call& call) { return guard_of(device_argument(call)).getDevice().index(); }

void set_device_index(Call& call) {
  const c10::Device device = device_argument(call);
  guard_of(device).setDevice(device);
}

// The dtypes that tensors on the device may have.
Napi::Value device_dtypes(Call& call) {
  const auto capability =
      at::accelerator::getDeviceCapability(static_cast<c10::DeviceIndex>(call.integer(0, "device_index")));
  std::vector<int64_t> codes;
  capability.forEachSupportedScalarType(
      [&](c10::ScalarType type) { codes.push_back(static_cast<int64_t>(type)); });
  return call.numbers(codes);
}

Napi::Value current_stream(Call& call) {
  const c10::Device device = definite(device_argument(call));
  return parts_of(call, guard_of(device).getStream(device));
}

Napi::Value default_stream(Call& call) {
  const c10::Device device = definite(device_argument(call));
  return parts_of(call, guard_of(device).getDefaultStream(device));
}

Napi::Value new_stream(Call& call) {
  const c10::Device device = definite(device_argument(call));
  return parts_of(call, guard_of(device).getNewStream(device, static_cast<int>(call.integer(1, "priority"))));
}

Napi::Value set_stream(Call& call) {
  const c10::Stream stream = stream_argument(call, 0);
  return parts_of(call, guard_of(stream.device()).exchangeStream(stream));
}

bool query_stream(Call& call) { return stream_argument(call, 0).query(); }

void synchronize_stream(Call& call) { stream_argument(call, 0).synchronize(); }

Napi::Value create_event(Call& call) {
  const c10::Device device = device_argument(call);
  const auto flag =
      call.boolean(1, "enable_timing") ? c10::EventFlag::BACKEND_DEFAULT : c10::EventFlag::PYTORCH_DEFAULT;
  return call.env.own(std::make_unique<EventBox>(device.type(), flag));
}

void event_record(Call& call) { call.owned<EventBox>(0, "event").event.record(stream_argument(call, 1)); }

void event_block(Call& call) { call.owned<EventBox>(0, "event").event.block(stream_argument(call, 1)); }

bool event_query(Call& call) { return call.owned<EventBox>(0, "event").event.query(); }

void event_synchronize(Call& call) { call.owned<EventBox>(0, "event").event.synchronize(); }

double event_elapsed_time(Call& call) {
  const c10::Event& end = call.owned<EventBox>(1, "end_event").event;
  return call.owned<EventBox>(0, "event").event.elapsedTime(end);
}

}  // namespace

void define_accelerator(Napi::Object exports) {
  define(exports,
         {ISOTORCH_FUNCTION(current_accelerator), ISOTORCH_FUNCTION(current_device_index),
          ISOTORCH_FUNCTION(set_device_index), ISOTORCH_FUNCTION(device_dtypes),
          ISOTORCH_FUNCTION(current_stream), ISOTORCH_FUNCTION(default_stream), ISOTORCH_FUNCTION(new_stream),
          ISOTORCH_FUNCTION(set_stream), ISOTORCH_FUNCTION(query_stream),
          ISOTORCH_FUNCTION(synchronize_stream), ISOTORCH_FUNCTION(create_event),
          ISOTORCH_FUNCTION(event_record), ISOTORCH_FUNCTION(event_block), ISOTORCH_FUNCTION(event_query),
          ISOTORCH_FUNCTION(event_synchronize), ISOTORCH_FUNCTION(event_elapsed_time)});
}

}  // namespace isotorch
