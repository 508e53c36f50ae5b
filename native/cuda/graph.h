#pragma once

#include <memory>

#include "device/cuda_library.h"

namespace isotorch {

std::unique_ptr<CudaGraph> new_cuda_graph(bool keep_graph);

}  // namespace isotorch
