// What stands in for operators that libtorch has no forward-mode formula for.
#pragma once

namespace isotorch {

// Registers the stand-ins, once per process. PyTorch's Python code registers its own when the first dual tensor is made.
void register_decompositions();

}  // namespace isotorch
