// Element-wise arithmetic on floats in memory, bit for bit as libtorch's kernels with AVX2 and AVX512 do it: with a single rounding
// where those have one.
#pragma once

#include <cstddef>
#include <cstdint>

namespace isotorch {

// What an operator in place does.
enum class Plain : uint8_t { kNone, kMul, kDiv, kAdd, kLerp, kAddcmul, kAddcdiv };

struct PlainStep {
  Plain what = Plain::kNone;
  float* self = nullptr;
  const float* b = nullptr;  // null for mul, div and add of one number, `other`
  const float* c = nullptr;  // of addcmul and addcdiv
  float other = 0;
  float factor = 0;  // weight, value, or alpha of `b`
};

// Whether this processor has what the kernels are made of.
bool has_plain_kernels();
// Whether this thread rounds to the nearest number, the smallest ones included.
bool rounds_as_usual();
// Elements [from, to) of one step.
void run_plain_step(const PlainStep& step, size_t from, size_t to);
// Whether one of them is no number. Of two such, which one an operation hands on is the compiler's choice.
bool has_nan(const float* data, size_t count);

}  // namespace isotorch
