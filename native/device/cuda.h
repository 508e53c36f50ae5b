// The library for CUDA, to the rest of the addon.
#pragma once

#include "device/cuda_library.h"

namespace isotorch {

// Throws, in libtorch's words, where it has no CUDA, or the machine no driver, an old one, or no GPU.
void require_gpu();

// Whether work of the current stream is being recorded; false without the library.
bool is_capturing();

}  // namespace isotorch
