#include "memory/number_memory.h"

#include <random>

#include "bridge/call.h"

namespace isotorch {

napi_value NumberMemory::share(napi_env env) {
  napi_value buffer, array;
  if (array_ != nullptr) {
    check(env, napi_get_reference_value(env, array_, &array));
    return array;
  }
  void* data = nullptr;
  check(env, napi_create_arraybuffer(env, 2 * kHalf * sizeof(double), &data, &buffer));
  check(env, napi_create_typedarray(env, napi_float64_array, 2 * kHalf, buffer, 0, &array));
  // The memory stays as long as the environment.
  check(env, napi_create_reference(env, array, 1, &array_));
  memory_ = static_cast<double*>(data);
  // No number that a user gives stands for a list: not whole, and drawn.
  key_ = -(static_cast<double>(std::random_device()()) + 4096.5);
  memory_[0] = 1;
  memory_[kHalf] = key_;
  return array;
}

napi_value number_memory(Call& call) { return call.env.numbers.share(call.env.napi); }

}  // namespace isotorch
