// Memory of accelerators and of the pinned host memory beside it, through libtorch's device-generic interface.
#include <ATen/Context.h>
#include <ATen/DeviceAccelerator.h>
#include <ATen/core/CachingHostAllocator.h>

#include "bridge/call.h"
#include "exports.h"

namespace isotorch {
namespace {

using c10::CachingAllocator::Stat;
using c10::CachingAllocator::StatArray;
using c10::CachingDeviceAllocator::DeviceStats;

// The allocator knows its devices once the accelerator is in use: these may be the first calls.
c10::DeviceIndex index_at(const Call& call) {
  at::globalContext().lazyInitDevice(at::accelerator::getAccelerator(/*checked=*/true).value());
  return static_cast<c10::DeviceIndex>(call.integer(0, "device_index"));
}

// Figures under Python's names, as JavaScript takes them: a name, its number, the next name, ….
class Figures {
 public:
  explicit Figures(const Call& call) : call_(call) {}

  void add(const std::string& name, double value) {
    values_.push_back(call_.text(name));
    values_.push_back(call_.number(value));
  }

  void add(const std::string& name, const Stat& stat) {
    add(name + ".current", static_cast<double>(stat.current));
    add(name + ".peak", static_cast<double>(stat.peak));
    add(name + ".allocated", static_cast<double>(stat.allocated));
    add(name + ".freed", static_cast<double>(stat.freed));
  }

  void add(const std::string& name, const StatArray& stats) {
    constexpr const char* kPools[] = {"all", "small_pool", "large_pool"};
    for (size_t i = 0; i < stats.size(); ++i) add(name + "." + kPools[i], stats[i]);
  }

  template <typename Duration>
  void add_time(const std::string& name, const Duration& time) {
    add(name + ".total", static_cast<double>(time.total));
    add(name + ".max", static_cast<double>(time.max));
    add(name + ".min", static_cast<double>(time.min));
    add(name + ".count", static_cast<double>(time.count));
    add(name + ".avg",
        time.count == 0 ? 0 : static_cast<double>(time.total) / static_cast<double>(time.count));
  }

  Napi::Value list() const { return call_.array(values_); }

 private:
  const Call& call_;
  std::vector<napi_value> values_;
};

Napi::Value totals(Call& call, const StatArray& stats) {
  const Stat& all = stats[static_cast<size_t>(c10::CachingAllocator::StatType::AGGREGATE)];
  return call.numbers({all.current, all.peak, all.allocated, all.freed});
}

// [allocated, reserved], each [current, peak, ever allocated, ever freed], in bytes.
Napi::Value device_memory_totals(Call& call) {
  const DeviceStats stats = at::accelerator::getDeviceStats(index_at(call));
  return call.array({totals(call, stats.allocated_bytes), totals(call, stats.reserved_bytes)});
}

template <typename Stats>
void add_newer(Figures& figures, const Stats& stats) {
  // Since libtorch 2.12.
  if constexpr (requires { stats.num_oom_rejections; })
    figures.add("num_oom_rejections", static_cast<double>(stats.num_oom_rejections));
}

Napi::Value device_memory_figures(Call& call) {
  const DeviceStats stats = at::accelerator::getDeviceStats(index_at(call));
  Figures figures(call);
  figures.add("allocation", stats.allocation);
  figures.add("segment", stats.segment);
  figures.add("active", stats.active);
  figures.add("inactive_split", stats.inactive_split);
  figures.add("allocated_bytes", stats.allocated_bytes);
  figures.add("reserved_bytes", stats.reserved_bytes);
  figures.add("active_bytes", stats.active_bytes);
  figures.add("inactive_split_bytes", stats.inactive_split_bytes);
  figures.add("requested_bytes", stats.requested_bytes);
  figures.add("oversize_allocations", stats.oversize_allocations);
  figures.add("oversize_segments", stats.oversize_segments);
  figures.add("num_alloc_retries", static_cast<double>(stats.num_alloc_retries));
  figures.add("num_ooms", static_cast<double>(stats.num_ooms));
  figures.add("num_sync_all_streams", static_cast<double>(stats.num_sync_all_streams));
  figures.add("num_device_alloc", static_cast<double>(stats.num_device_alloc));
  figures.add("num_device_free", static_cast<double>(stats.num_device_free));
  figures.add("max_split_size", static_cast<double>(stats.max_split_size));
  add_newer(figures, stats);
  return figures.list();
}

void reset_device_memory_stats(Call& call) {
  if (call.boolean(1, "peak")) {
    at::accelerator::resetPeakStats(index_at(call));
  } else {
    at::accelerator::resetAccumulatedStats(index_at(call));
  }
}

// [free, total] bytes of the device.
Napi::Value device_memory_info(Call& call) {
  const auto [free, total] = at::accelerator::getMemoryInfo(index_at(call));
  return call.numbers({static_cast<int64_t>(free), static_cast<int64_t>(total)});
}

void empty_device_cache(Call&) { at::accelerator::emptyCache(); }

at::HostAllocator& host_allocator() {
  return *at::getHostAllocator(at::accelerator::getAccelerator(/*checked=*/true).value());
}

void empty_host_cache(Call&) { host_allocator().empty_cache(); }

Napi::Value host_memory_figures(Call& call) {
  const at::HostStats stats = host_allocator().get_stats();
  Figures figures(call);
  figures.add("allocations", stats.allocations);
  figures.add("allocated_bytes", stats.allocated_bytes);
  figures.add("active_requests", stats.active_requests);
  figures.add("active_bytes", stats.active_bytes);
  figures.add("num_host_alloc", static_cast<double>(stats.num_host_alloc));
  figures.add("num_host_free", static_cast<double>(stats.num_host_free));
  figures.add_time("host_alloc_time", stats.host_alloc_time);
  figures.add_time("host_free_time", stats.host_free_time);
  return figures.list();
}

void reset_host_memory_stats(Call& call) {
  if (call.boolean(0, "peak")) {
    host_allocator().reset_peak_stats();
  } else {
    host_allocator().reset_accumulated_stats();
  }
}

}  // namespace

void define_device_memory(Napi::Object exports) {
  define(exports, {ISOTORCH_FUNCTION(device_memory_totals), ISOTORCH_FUNCTION(device_memory_figures),
                   ISOTORCH_FUNCTION(reset_device_memory_stats), ISOTORCH_FUNCTION(device_memory_info),
                   ISOTORCH_FUNCTION(empty_device_cache), ISOTORCH_FUNCTION(empty_host_cache),
                   ISOTORCH_FUNCTION(host_memory_figures), ISOTORCH_FUNCTION(reset_host_memory_stats)});
}

}  // namespace isotorch
