// The benchmark's small conv2d called from C++ alone: what no binding can go below. Prints nanoseconds per call.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

int main() {
  at::set_num_threads(1);
  const at::Tensor x = at::randn({1, 3, 8, 8}), w = at::randn({4, 3, 3, 3}), b = at::randn({4});
  double best = 1e9;
  for (int round = 0; round < 15; ++round) {
    constexpr int kCalls = 20000;
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < kCalls; ++i) at::conv2d(x, w, b, /*stride=*/2, /*padding=*/1);
    const std::chrono::duration<double, std::nano> spent = std::chrono::steady_clock::now() - start;
    best = std::min(best, spent.count() / kCalls);
  }
  std::printf("%.0f\n", best);
}
