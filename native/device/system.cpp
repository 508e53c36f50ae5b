// The environment at large: callbacks, versions, threads, devices.
#include "device/system.h"

#include <ATen/Context.h>
#include <ATen/DeviceAccelerator.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <torch/csrc/inductor/aoti_torch/c/shim.h>
#include <torch/headeronly/version.h>

#include <algorithm>
#include <cmath>

#include "bridge/call.h"
#include "device/cuda.h"
#include "exports.h"

#if defined(__GLIBC__) && defined(__x86_64__)
// The function that every glibc has. Linked by its plain name it would be the one that came with 2.35, and the addon would not
// load on older systems; the two differ in how they report errors.
__asm__(".symver hypot, hypot@GLIBC_2.2.5");
#endif

namespace isotorch {
namespace {

bool exists(const c10::Device& device) {
  if (device.is_cpu()) return true;
  if (!c10::impl::hasDeviceGuardImpl(device.type())) return false;
  // Without an index it is the current one, which is there if any is.
  const c10::DeviceIndex index = std::max<c10::DeviceIndex>(device.index(), 0);
  return index < c10::impl::VirtualGuardImpl(device.type()).deviceCount();
}

int thread_count(const Call& call, const char* function) {
  const int64_t count = call.integer(0, "nthreads");
  if (count < 1 || count > 4096) throw ArgumentError(std::string(function) + " expects a positive integer");
  return static_cast<int>(count);
}

// The version of the library in memory, which the headers cannot know: 8 bits each of major, minor, patch.
std::string loaded_version() {
  const uint64_t version = aoti_torch_abi_version();
  const auto part = [&](int shift) { return std::to_string((version >> shift) & 0xff); };
  return part(56) + "." + part(48) + "." + part(40);
}

}  // namespace

void require_device(const c10::Device& device) {
  if (exists(device)) return;
  // What Python says, unless only this one is missing.
  if (device.is_cuda() && !exists({c10::kCUDA, 0})) require_gpu();
  TORCH_CHECK(false, "device ", device.str(),
              " is not available: this libtorch has no support for it, or the machine has no such device. "
              "torch.cuda.is_available() and torch.cuda.device_count() tell");
}

namespace {

void connect(Call& call) {
  call.env.invoke = Napi::Persistent(call.function(0, "invoke"));
  call.env.make_error = Napi::Persistent(call.function(1, "error"));
  call.env.emit_warning = Napi::Persistent(call.function(2, "warn"));
}

Napi::Value versions(Call& call) {
  auto object = Napi::Object::New(call.Env());
  object["libtorch"] = loaded_version();
  object["compiledFor"] = TORCH_VERSION;
  object["napi"] = Napi::VersionManagement::GetNapiVersion(call.Env());
  return object;
}

int64_t get_num_threads(Call&) { return at::get_num_threads(); }

void set_num_threads(Call& call) { at::set_num_threads(thread_count(call, "set_num_threads")); }

int64_t get_num_interop_threads(Call&) { return at::get_num_interop_threads(); }

void set_num_interop_threads(Call& call) {
  at::set_num_interop_threads(thread_count(call, "set_num_interop_threads"));
}

int64_t device_count(Call& call) {
  const c10::Device device(call.text(0, "type"));
  if (device.is_cpu()) return 1;
  if (!c10::impl::hasDeviceGuardImpl(device.type())) return 0;
  return c10::impl::VirtualGuardImpl(device.type()).deviceCount();
}

void synchronize(Call& call) {
  const c10::Device device(call.text(0, "device"));
  require_device(device);
  if (!device.is_cpu())
    c10::impl::VirtualGuardImpl(device.type())
        .synchronizeDevice(std::max<c10::DeviceIndex>(device.index(), 0));
}

double pow(Call& call) { return std::pow(call.real(0, "base"), call.real(1, "exponent")); }

double hypot(Call& call) { return std::hypot(call.real(0, "x"), call.real(1, "y")); }

std::string library_info(Call& call) {
  const std::string topic = call.text(0, "topic");
  if (topic == "config") return at::show_config();
  if (topic == "parallel") return at::get_parallel_info();
  if (topic == "cxx_flags") return at::get_cxx_flags();
  if (topic == "cudnn_version") return std::to_string(at::Context::versionCuDNN());
  if (topic == "cpu_capability") return at::get_cpu_capability();
  throw ArgumentError("unknown topic '" + topic + "'");
}

}  // namespace

void define_system(Napi::Object exports) {
  define(exports, {ISOTORCH_FUNCTION(connect), ISOTORCH_FUNCTION(versions),
                   ISOTORCH_FUNCTION(get_num_threads), ISOTORCH_FUNCTION(set_num_threads),
                   ISOTORCH_FUNCTION(get_num_interop_threads), ISOTORCH_FUNCTION(set_num_interop_threads),
                   ISOTORCH_FUNCTION(device_count), ISOTORCH_FUNCTION(synchronize), ISOTORCH_FUNCTION(pow),
                   ISOTORCH_FUNCTION(hypot), ISOTORCH_FUNCTION(library_info)});
}

}  // namespace isotorch
