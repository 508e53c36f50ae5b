// Short lists of numbers between JavaScript and native code go through memory that both see, because an array costs 40 ns
// an item through Node-API. lib/tensor/number_lists.ts is the other side.
#pragma once

#include <node_api.h>

#include <cstddef>
#include <cstdint>

namespace isotorch {

class NumberMemory {
 public:
  // Items of the longest list.
  static constexpr size_t kLongest = 8;

  // The memory, a Float64Array: the key, then the arguments, and results from the middle on.
  napi_value share(napi_env env);

  // The items of the list that a number stands for: the key less the place of the list's length. Null for any other.
  const double* find(double number, uint32_t& length) const {
    const double place = key_ - number;
    if (!(place >= 1 && place < kHalf) || place != static_cast<double>(static_cast<size_t>(place)))
      return nullptr;
    const double* list = memory_ + static_cast<size_t>(place);
    if (!(*list >= 0 && *list <= kLongest)) return nullptr;
    length = static_cast<uint32_t>(*list);
    return list + 1;
  }

  // Where up to kLongest results go; what JavaScript gets is their number. Null before share().
  double* results() { return memory_ == nullptr ? nullptr : memory_ + kHalf; }

 private:
  // Room for more lists than a call has arguments.
  static constexpr size_t kHalf = 512;

  napi_ref array_ = nullptr;
  double* memory_ = nullptr;
  double key_ = 0;
};

napi_value number_memory(struct Call& call);

}  // namespace isotorch
