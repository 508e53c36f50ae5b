#include "memory/number_memory.h"

#include <random>

#include "bridge/call.h"
#include "exports.h"

namespace isotorch {

Napi::Value NumberMemory::share(Napi::Env env) {
  if (array_.IsEmpty()) {
    array_ = Napi::Persistent(Napi::Float64Array::New(env, 2 * kHalf));
    memory_ = array_.Value().Data();
    // No number that a user gives stands for a list: not whole, and drawn.
    key_ = -(static_cast<double>(std::random_device()()) + 4096.5);
    memory_[0] = 1;
    memory_[kHalf] = key_;
  }
  return array_.Value();
}

namespace {

Napi::Value number_memory(Call& call) { return call.env.numbers.share(call.Env()); }

}  // namespace

void define_number_memory(Napi::Object exports) { define(exports, {ISOTORCH_FUNCTION(number_memory)}); }

}  // namespace isotorch
