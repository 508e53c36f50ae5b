#include "memory/collection.h"

#include <limits>

#include "device/cuda.h"
#include "memory/environment.h"

namespace isotorch {

bool is_out_of_memory(const c10::Error& error) {
  if (dynamic_cast<const c10::OutOfMemoryError*>(&error) != nullptr) return true;
  // The CPU allocator has no error class of its own.
  return std::string_view(error.what_without_backtrace()).find("DefaultCPUAllocator: ") !=
         std::string_view::npos;
}

bool collect_garbage(Environment& env) {
  // The number of the collector among callbacks: see lib/torch/native/index.ts.
  constexpr double kCollector = -1;
  if (env.invoke.IsEmpty() || is_capturing()) return false;
  const size_t before = env.slots.live();
  env.invoke.Call({Napi::Number::New(env.napi, kCollector), Napi::Array::New(env.napi)});
  env.slots.sweep();
  env.slots.bury(std::numeric_limits<size_t>::max());
  return env.slots.live() < before;
}

}  // namespace isotorch
