#pragma once

namespace isotorch {

// Puts lists of free blocks in front of malloc for the small objects that libtorch makes: nodes of graphs, tensors' C++ sides, and
// oneDNN's descriptions, of which a convolution makes hundreds. Once per process; malloc's other callers are not touched. glibc does not see
// any more whether libtorch frees such an object twice.
void install_small_object_lists();

}  // namespace isotorch
