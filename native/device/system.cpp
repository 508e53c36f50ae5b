#include "device/system.h"

#include <ATen/Context.h>
#include <ATen/DeviceAccelerator.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <dlfcn.h>
#include <torch/csrc/inductor/aoti_torch/c/shim.h>
#include <torch/headeronly/version.h>

#include <cmath>
#include <filesystem>

#include "bridge/call.h"

namespace isotorch {
namespace {

bool exists(const c10::Device& device) {
  if (device.is_cpu()) return true;
  if (!c10::impl::hasDeviceGuardImpl(device.type())) return false;
  return device.index() < c10::impl::VirtualGuardImpl(device.type()).deviceCount();
}

napi_ref reference(const Call& call, size_t index, const char* name) {
  napi_ref result;
  napi_valuetype type;
  check(call.env.napi, napi_typeof(call.env.napi, call.args[index], &type));
  if (type != napi_function) throw call.wrong(name, "a function");
  check(call.env.napi, napi_create_reference(call.env.napi, call.args[index], 1, &result));
  return result;
}

// The version of the library in memory, which the headers cannot know: 8 bits each of major, minor, patch.
std::string loaded_version() {
  const uint64_t version = aoti_torch_abi_version();
  const auto part = [&](int shift) { return std::to_string((version >> shift) & 0xff); };
  return part(56) + "." + part(48) + "." + part(40);
}

}  // namespace

void require_device(const c10::Device& device) {
  TORCH_CHECK(exists(device), "device ", device.str(),
              " is not available: this libtorch has no support for it, or the machine has no such device. "
              "torch.cuda.is_available() and torch.cuda.device_count() tell");
}

void load_cuda() {
  Dl_info info;
  if (dladdr(reinterpret_cast<void*>(&at::get_num_threads), &info) == 0) return;
  const auto library = std::filesystem::path(info.dli_fname).parent_path() / "libtorch_cuda.so";
  if (std::filesystem::exists(library)) dlopen(library.c_str(), RTLD_NOW | RTLD_GLOBAL);
}

napi_value connect(Call& call) {
  call.env.invoke = reference(call, 0, "invoke");
  call.env.make_error = reference(call, 1, "error");
  call.env.emit_warning = reference(call, 2, "warn");
  return nullptr;
}

napi_value versions(Call& call) {
  napi_env env = call.env.napi;
  uint32_t napi_version = 0;
  check(env, napi_get_version(env, &napi_version));
  napi_value object;
  check(env, napi_create_object(env, &object));
  check(env, napi_set_named_property(env, object, "libtorch", call.text(loaded_version())));
  check(env, napi_set_named_property(env, object, "compiledFor", call.text(TORCH_VERSION)));
  check(env, napi_set_named_property(env, object, "napi", call.number(napi_version)));
  return object;
}

napi_value get_num_threads(Call& call) { return call.number(at::get_num_threads()); }

napi_value set_num_threads(Call& call) {
  const int64_t count = call.integer(0, "nthreads");
  if (count < 1 || count > 4096) throw ArgumentError("set_num_threads expects a positive integer");
  at::set_num_threads(static_cast<int>(count));
  return nullptr;
}

napi_value get_num_interop_threads(Call& call) { return call.number(at::get_num_interop_threads()); }

napi_value set_num_interop_threads(Call& call) {
  const int64_t count = call.integer(0, "nthreads");
  if (count < 1 || count > 4096) throw ArgumentError("set_num_interop_threads expects a positive integer");
  at::set_num_interop_threads(static_cast<int>(count));
  return nullptr;
}

napi_value device_count(Call& call) {
  const c10::Device device(call.text(0, "type"));
  if (device.is_cpu()) return call.number(1);
  if (!c10::impl::hasDeviceGuardImpl(device.type())) return call.number(0);
  return call.number(c10::impl::VirtualGuardImpl(device.type()).deviceCount());
}

napi_value synchronize(Call& call) {
  const c10::Device device(call.text(0, "device"));
  require_device(device);
  if (!device.is_cpu())
    c10::impl::VirtualGuardImpl(device.type())
        .synchronizeDevice(std::max<c10::DeviceIndex>(device.index(), 0));
  return nullptr;
}

napi_value pow(Call& call) { return call.number(std::pow(call.real(0, "base"), call.real(1, "exponent"))); }

napi_value hypot(Call& call) { return call.number(std::hypot(call.real(0, "x"), call.real(1, "y"))); }

napi_value library_info(Call& call) {
  const std::string topic = call.text(0, "topic");
  if (topic == "config") return call.text(at::show_config());
  if (topic == "parallel") return call.text(at::get_parallel_info());
  if (topic == "cxx_flags") return call.text(at::get_cxx_flags());
  if (topic == "cudnn_version") return call.text(std::to_string(at::Context::versionCuDNN()));
  if (topic == "cpu_capability") return call.text(at::get_cpu_capability());
  throw ArgumentError("unknown topic '" + topic + "'");
}

}  // namespace isotorch
