// The environment at large: callbacks, versions, threads, devices.
#pragma once

#include <c10/core/Device.h>
#include <node_api.h>

namespace isotorch {

struct Call;

// Throws when the device does not exist on this machine or in this libtorch.
void require_device(const c10::Device& device);

// Loads libtorch's CUDA half if it lies beside the CPU half; the linker drops it, as nothing names it.
void load_cuda();

napi_value connect(Call& call);
napi_value versions(Call& call);
napi_value get_num_threads(Call& call);
napi_value set_num_threads(Call& call);
napi_value get_num_interop_threads(Call& call);
napi_value set_num_interop_threads(Call& call);
napi_value device_count(Call& call);
napi_value synchronize(Call& call);
napi_value pow(Call& call);
napi_value hypot(Call& call);
napi_value library_info(Call& call);

}  // namespace isotorch
