// Memory that nobody needs and the collector has not given back: asked for when there is none.
#pragma once

#include <c10/util/Exception.h>

namespace isotorch {

class Environment;

// Whether the error is an allocator's that found no memory, of the CPU or of a device.
bool is_out_of_memory(const c10::Error& error);

// Collects garbage at once, and frees the tensors that only it held. Whether there were any. Not while a CUDA graph is
// being captured, which a failed call has ended anyhow.
bool collect_garbage(Environment& env);

}  // namespace isotorch
