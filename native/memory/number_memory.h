// Short lists of numbers between JavaScript and native code go through memory that both see, because an array costs 40 ns
// an item through Node-API. lib/torch/memory/number_lists.ts is the other side.
#pragma once

#include <napi.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

namespace isotorch {

class NumberMemory {
 public:
  // Items of the longest list.
  static constexpr size_t kLongest = 8;

  // The memory, a Float64Array: the place of the next list, the lists of arguments, and results from the middle on, where
  // at first the key is.
  Napi::Value share(Napi::Env env);

  // The items of the list that a number stands for: the key less the place of the list's length. Null for any other.
  const double* find(double number, uint32_t& length) const {
    const double place = key_ - number;
    if (!(place >= 1 && place < kHalf) || place != static_cast<double>(static_cast<size_t>(place)))
      return nullptr;
    const double* list = memory_ + static_cast<size_t>(place);
    if (!(*list >= 0 && *list <= kLongest)) return nullptr;
    lowest_ = std::min(lowest_, place);
    length = static_cast<uint32_t>(*list);
    return list + 1;
  }

  // Gives the array back to JavaScript's collector, before the environment ends.
  void close() { array_.Reset(); }

  // Where up to kLongest results go; what JavaScript gets is their number. Null before share().
  double* results() { return memory_ == nullptr ? nullptr : memory_ + kHalf; }

  // One call of an operator. Its lists lie above those of the calls whose arguments are still being read (a getter in a
  // list may call operators), and their room is free when it ends.
  class Lists {
   public:
    explicit Lists(NumberMemory& memory) : memory_(memory), outer_(std::exchange(memory.lowest_, kHalf)) {}
    ~Lists() {
      if (memory_.lowest_ < kHalf) memory_.memory_[0] = memory_.lowest_;
      memory_.lowest_ = outer_;
    }
    Lists(const Lists&) = delete;
    Lists& operator=(const Lists&) = delete;

   private:
    NumberMemory& memory_;
    double outer_;
  };

 private:
  // Room for more lists than a call has arguments.
  static constexpr size_t kHalf = 512;

  Napi::Reference<Napi::Float64Array> array_;
  double* memory_ = nullptr;
  // No number's distance from it is a place before share().
  double key_ = std::numeric_limits<double>::quiet_NaN();
  mutable double lowest_ = kHalf;  // place of the call's first list
};

}  // namespace isotorch
