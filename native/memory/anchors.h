// The collector's hold on slots.
#pragma once

#include <cstdint>

namespace isotorch {

class Environment;

// An external that dies when the last JavaScript tensor behind it does.
//
// An external costs more than a small operator, so small tensors share one. What a long-lived tensor can
// hold back that way is bounded: kShare - 1 tensors of less than kReportFrom bytes, without a graph.
struct Anchor {
  static constexpr uint32_t kShare = 32;

  Environment* environment;
  const void* storage = nullptr;  // key of the reported storage; null for small tensors
  uint32_t count = 0;
  uint32_t slots[kShare] = {};  // 0 where released by hand, so that the next tenant is not freed
};

}  // namespace isotorch
