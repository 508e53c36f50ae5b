// Compiled with optimized loops, and without contraction: where two roundings become one is written here.
#include "optim/plain_kernels.h"

#if defined(__x86_64__)
#include <xmmintrin.h>

#define ISOTORCH_WIDE __attribute__((target("avx2,fma")))
// Memory of `self` may be that of `b` or `c`: the same element then, never another one.
#if defined(__clang__)
#define ISOTORCH_APART _Pragma("clang loop vectorize(assume_safety)")
#else
#define ISOTORCH_APART _Pragma("GCC ivdep")
#endif

namespace isotorch {
namespace {

ISOTORCH_WIDE inline float at(const float* b, size_t i) { return b[i]; }
ISOTORCH_WIDE inline float at(float b, size_t) { return b; }

template <typename B>
ISOTORCH_WIDE void mul(float* self, B b, size_t from, size_t to) {
  ISOTORCH_APART
  for (size_t i = from; i < to; i++) self[i] = self[i] * at(b, i);
}

template <typename B>
ISOTORCH_WIDE void div(float* self, B b, size_t from, size_t to) {
  ISOTORCH_APART
  for (size_t i = from; i < to; i++) self[i] = self[i] / at(b, i);
}

ISOTORCH_WIDE void add(float* self, float b, size_t from, size_t to) {
  ISOTORCH_APART
  for (size_t i = from; i < to; i++) self[i] = self[i] + b;
}

ISOTORCH_WIDE void add(float* self, const float* b, float alpha, size_t from, size_t to) {
  ISOTORCH_APART
  for (size_t i = from; i < to; i++) self[i] = __builtin_fmaf(b[i], alpha, self[i]);
}

// From whichever end is nearer.
ISOTORCH_WIDE void lerp(float* self, const float* end, float weight, size_t from, size_t to) {
  if ((weight < 0 ? -weight : weight) < 0.5f) {
    ISOTORCH_APART
    for (size_t i = from; i < to; i++) self[i] = __builtin_fmaf(weight, end[i] - self[i], self[i]);
  } else {
    const float back = weight - 1;
    ISOTORCH_APART
    for (size_t i = from; i < to; i++) self[i] = __builtin_fmaf(back, end[i] - self[i], end[i]);
  }
}

ISOTORCH_WIDE void addcmul(float* self, const float* b, const float* c, float value, size_t from, size_t to) {
  ISOTORCH_APART
  for (size_t i = from; i < to; i++) self[i] = __builtin_fmaf(value * b[i], c[i], self[i]);
}

ISOTORCH_WIDE void addcdiv(float* self, const float* b, const float* c, float value, size_t from, size_t to) {
  ISOTORCH_APART
  for (size_t i = from; i < to; i++) self[i] = self[i] + value * b[i] / c[i];
}

ISOTORCH_WIDE bool any_nan(const float* data, size_t count) {
  int found = 0;
  for (size_t i = 0; i < count; i++) found |= data[i] != data[i];
  return found != 0;
}

}  // namespace

bool has_plain_kernels() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }

bool rounds_as_usual() {
  constexpr unsigned kFlushes = 0x8040, kRounding = 0x6000;
  return (_mm_getcsr() & (kFlushes | kRounding)) == 0;
}

bool has_nan(const float* data, size_t count) { return any_nan(data, count); }

void run_plain_step(const PlainStep& step, size_t from, size_t to) {
  const auto& [what, self, b, c, other, factor] = step;
  switch (what) {
    case Plain::kNone:
      return;
    case Plain::kMul:
      return b != nullptr ? mul(self, b, from, to) : mul(self, other, from, to);
    case Plain::kDiv:
      return b != nullptr ? div(self, b, from, to) : div(self, other, from, to);
    case Plain::kAdd:
      return b != nullptr ? add(self, b, factor, from, to) : add(self, other, from, to);
    case Plain::kLerp:
      return lerp(self, b, factor, from, to);
    case Plain::kAddcmul:
      return addcmul(self, b, c, factor, from, to);
    case Plain::kAddcdiv:
      return addcdiv(self, b, c, factor, from, to);
  }
}

}  // namespace isotorch

#else

namespace isotorch {

bool has_plain_kernels() { return false; }
bool rounds_as_usual() { return false; }
bool has_nan(const float*, size_t) { return true; }
void run_plain_step(const PlainStep&, size_t, size_t) {}

}  // namespace isotorch

#endif
