// What the process has: devices, and libtorch's half for them.
#pragma once

#include <c10/core/Device.h>

namespace isotorch {

// Throws when the device does not exist on this machine or in this libtorch.
void require_device(const c10::Device& device);

}  // namespace isotorch
