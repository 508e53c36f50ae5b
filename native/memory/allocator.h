#pragma once

namespace isotorch {

// Makes libtorch take the data of CPU tensors from per-thread free lists, larger blocks from a heap of our own, in place of
// posix_memalign, which costs a fifth of a small operator. Once per process.
void install_tensor_allocator();

}  // namespace isotorch
