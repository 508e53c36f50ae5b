#include "device/accelerator.h"

#include <ATen/DeviceAccelerator.h>
#include <c10/core/Event.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include "bridge/call.h"
#include "device/system.h"

namespace isotorch {
namespace {

struct EventBox : Owned {
  explicit EventBox(c10::DeviceType type, c10::EventFlag flag) : event(type, flag) {}
  c10::Event event;
};

c10::Device device_argument(const Call& call) {
  const c10::Device device(call.text(0, "device"));
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

napi_value parts_of(const Call& call, const c10::Stream& stream) {
  const auto parts = stream.pack3();
  return call.numbers({parts.stream_id, parts.device_index, static_cast<int64_t>(parts.device_type)});
}

napi_value stats_entry(Call& call, const std::array<c10::CachingAllocator::Stat, 3>& stats) {
  const auto& all = stats[static_cast<size_t>(c10::CachingAllocator::StatType::AGGREGATE)];
  return call.numbers({all.current, all.peak, all.allocated, all.freed});
}

}  // namespace

napi_value current_accelerator(Call& call) {
  const auto type = at::accelerator::getAccelerator(call.boolean(0, "checked"));
  return type.has_value() ? call.text(c10::DeviceTypeName(*type, /*lower_case=*/true)) : call.null();
}

napi_value current_device_index(Call& call) {
  return call.number(guard_of(device_argument(call)).getDevice().index());
}

napi_value set_device_index(Call& call) {
  const c10::Device device = device_argument(call);
  guard_of(device).setDevice(device);
  return nullptr;
}

napi_value empty_device_cache(Call&) {
  at::accelerator::emptyCache();
  return nullptr;
}

// [allocated, reserved], each [current, peak, ever allocated, ever freed], in bytes.
napi_value device_memory_stats(Call& call) {
  const auto stats =
      at::accelerator::getDeviceStats(static_cast<c10::DeviceIndex>(call.integer(0, "device_index")));
  return call.array({stats_entry(call, stats.allocated_bytes), stats_entry(call, stats.reserved_bytes)});
}

napi_value reset_device_memory_stats(Call& call) {
  const auto index = static_cast<c10::DeviceIndex>(call.integer(0, "device_index"));
  if (call.boolean(1, "peak")) {
    at::accelerator::resetPeakStats(index);
  } else {
    at::accelerator::resetAccumulatedStats(index);
  }
  return nullptr;
}

napi_value current_stream(Call& call) {
  const c10::Device device = definite(device_argument(call));
  return parts_of(call, guard_of(device).getStream(device));
}

napi_value default_stream(Call& call) {
  const c10::Device device = definite(device_argument(call));
  return parts_of(call, guard_of(device).getDefaultStream(device));
}

napi_value new_stream(Call& call) {
  const c10::Device device = definite(device_argument(call));
  return parts_of(call, guard_of(device).getNewStream(device, static_cast<int>(call.integer(1, "priority"))));
}

napi_value set_stream(Call& call) {
  const c10::Stream stream = stream_argument(call, 0);
  return parts_of(call, guard_of(stream.device()).exchangeStream(stream));
}

napi_value query_stream(Call& call) { return call.boolean(stream_argument(call, 0).query()); }

napi_value synchronize_stream(Call& call) {
  stream_argument(call, 0).synchronize();
  return nullptr;
}

napi_value create_event(Call& call) {
  const c10::Device device = device_argument(call);
  const auto flag =
      call.boolean(1, "enable_timing") ? c10::EventFlag::BACKEND_DEFAULT : c10::EventFlag::PYTORCH_DEFAULT;
  return call.env.own(std::make_unique<EventBox>(device.type(), flag));
}

napi_value event_record(Call& call) {
  call.owned<EventBox>(0, "event").event.record(stream_argument(call, 1));
  return nullptr;
}

napi_value event_block(Call& call) {
  call.owned<EventBox>(0, "event").event.block(stream_argument(call, 1));
  return nullptr;
}

napi_value event_query(Call& call) { return call.boolean(call.owned<EventBox>(0, "event").event.query()); }

napi_value event_synchronize(Call& call) {
  call.owned<EventBox>(0, "event").event.synchronize();
  return nullptr;
}

napi_value event_elapsed_time(Call& call) {
  const c10::Event& end = call.owned<EventBox>(1, "end_event").event;
  return call.number(call.owned<EventBox>(0, "event").event.elapsedTime(end));
}

}  // namespace isotorch
