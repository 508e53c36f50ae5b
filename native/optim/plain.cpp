#include "optim/plain.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <ATen/TensorIterator.h>
#include <ATen/Version.h>
#include <ATen/record_function.h>
#include <c10/core/impl/LocalDispatchKeySet.h>
#include <c10/util/SmallVector.h>
#include <xmmintrin.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <utility>

namespace isotorch {
namespace {

using at::Tensor;

constexpr size_t kPiece = 1024;  // elements: of four tensors they fit the first cache

constexpr std::array<std::pair<const char*, Plain>, 6> kNames{{
    {"aten::mul_.Tensor", Plain::kMul},
    {"aten::div_.Tensor", Plain::kDiv},
    {"aten::add_.Tensor", Plain::kAdd},
    {"aten::lerp_.Scalar", Plain::kLerp},
    {"aten::addcmul_", Plain::kAddcmul},
    {"aten::addcdiv_", Plain::kAddcdiv},
}};

// Whether an operator would go straight to the CPU's kernel: no mode, transform or profiler that wants to see it, and no other
// treatment of the smallest numbers.
bool goes_straight() {
  const auto modes = c10::impl::tls_local_dispatch_key_set().included_ - c10::default_included_set;
  constexpr unsigned kFlushesOrRounds = 0x8040 | 0x6000;
  return modes.empty() && !at::hasCallbacks() && (_mm_getcsr() & kFlushesOrRounds) == 0;
}

bool is_plain(const Tensor& tensor, const Tensor& like) {
  if (!tensor.defined() || !tensor.has_storage() || tensor.scalar_type() != at::kFloat) return false;
  const auto keys =
      tensor.key_set() - c10::autograd_dispatch_keyset_with_ADInplaceOrView - c10::autocast_dispatch_keyset;
  return keys == c10::DispatchKeySet(c10::DispatchKey::CPU) && tensor.sizes() == like.sizes() &&
         tensor.strides() == like.strides();
}

// A Python number that is one as a float, too.
std::optional<float> number_of(double number) {
  if (!(std::abs(number) <= std::numeric_limits<float>::max())) return std::nullopt;
  return static_cast<float>(number);
}

std::optional<float> number_of(const Tensor& tensor) {
  if (!tensor.defined() || !tensor.unsafeGetTensorImpl()->is_wrapped_number()) return std::nullopt;
  return tensor.scalar_type() == at::kDouble ? number_of(*tensor.const_data_ptr<double>()) : std::nullopt;
}

using Steps = c10::SmallVector<PlainStep, 8>;

bool takes_two(Plain what) { return what == Plain::kAddcmul || what == Plain::kAddcdiv; }
bool takes_factor(Plain what) { return what != Plain::kMul && what != Plain::kDiv; }

// What a line does, with its tensors' memory; nothing where one of these is not plain.
std::optional<PlainStep> step_of(const Line& line, const Tensor* row, const Tensor& like) {
  const auto tensor = [&](size_t argument) -> const Tensor& {
    return row[static_cast<size_t>(line.arguments[argument])];
  };
  const Tensor& self = tensor(0);
  if (!is_plain(self, like)) return std::nullopt;
  PlainStep step{.what = line.op->plain(), .self = self.mutable_data_ptr<float>()};
  if (const std::optional<float> other = number_of(tensor(1))) {
    if (takes_two(step.what) || step.what == Plain::kLerp) return std::nullopt;
    step.other = *other;
  } else if (is_plain(tensor(1), like)) {
    step.b = tensor(1).const_data_ptr<float>();
  } else {
    return std::nullopt;
  }
  if (takes_two(step.what)) {
    if (!is_plain(tensor(2), like)) return std::nullopt;
    step.c = tensor(2).const_data_ptr<float>();
  }
  if (takes_factor(step.what)) {
    const std::optional<float> factor = number_of(line.arguments[line.op->arity() - 1]);
    if (!factor) return std::nullopt;
    step.factor = *factor;
  }
  return step;
}

// Whether each element depends on those at its own place alone, and everything is a number.
bool are_sound(const Steps& steps, size_t numel) {
  c10::SmallVector<const float*, 24> all;
  for (const PlainStep& step : steps) {
    for (const float* data : {static_cast<const float*>(step.self), step.b, step.c}) {
      if (data != nullptr && std::find(all.begin(), all.end(), data) == all.end()) all.push_back(data);
    }
  }
  for (const PlainStep& step : steps) {
    for (const float* data : all) {
      if (data != step.self && data < step.self + numel && step.self < data + numel) return false;
    }
  }
  return std::none_of(all.begin(), all.end(), [&](const float* data) { return has_nan(data, numel); });
}

void run(const Steps& steps, size_t numel) {
  for (size_t from = 0; from < numel; from += kPiece) {
    for (const PlainStep& step : steps) run_plain_step(step, from, std::min(from + kPiece, numel));
  }
}

// One step as libtorch does it.
void run_operator(Plain what, Tensor& self, const Tensor& b, const Tensor& c, double factor) {
  switch (what) {
    case Plain::kNone:
      return;
    case Plain::kMul:
      self.mul_(b);
      return;
    case Plain::kDiv:
      self.div_(b);
      return;
    case Plain::kAdd:
      self.add_(b, factor);
      return;
    case Plain::kLerp:
      self.lerp_(b, factor);
      return;
    case Plain::kAddcmul:
      self.addcmul_(b, c, factor);
      return;
    case Plain::kAddcdiv:
      self.addcdiv_(b, c, factor);
      return;
  }
}

// Whether libtorch's kernels, of this version and on this processor, give the bits of ours: a thousand numbers of all sizes, and some
// more than fit whole vectors.
bool kernels_agree() {
  if (!has_plain_kernels()) return false;
  constexpr int64_t kCount = 1029;
  uint32_t state = 1;
  const auto numbers = [&] {
    Tensor tensor = at::empty({kCount}, at::kFloat);
    auto* const data = tensor.mutable_data_ptr<float>();
    for (int64_t i = 0; i < kCount; i++) {
      state = state * 1664525 + 1013904223;
      data[i] =
          std::ldexp(static_cast<float>(static_cast<int32_t>(state)), static_cast<int>(state >> 4 & 31) - 47);
    }
    return tensor;
  };
  const Tensor start = numbers(), b = numbers(), c = numbers();
  for (const auto& [name, what] : kNames) {
    for (const double factor : {0.001, 0.9, -1.7}) {
      Tensor theirs = start.clone();
      const Tensor ours = start.clone();
      run_operator(what, theirs, b, c, factor);
      const PlainStep step{.what = what,
                           .self = ours.mutable_data_ptr<float>(),
                           .b = b.const_data_ptr<float>(),
                           .c = c.const_data_ptr<float>(),
                           .factor = static_cast<float>(factor)};
      run_plain_step(step, 0, kCount);
      if (std::memcmp(ours.const_data_ptr(), theirs.const_data_ptr(), kCount * sizeof(float)) != 0)
        return false;
    }
  }
  return true;
}

}  // namespace

Plain plain_of(const std::string& name) {
  for (const auto& [known, what] : kNames) {
    if (name == known) return what;
  }
  return Plain::kNone;
}

size_t plain_length(std::span<const Line> lines) {
  const auto end = std::find_if(lines.begin(), lines.end(), [](const Line& line) {
    return line.kind != LineKind::kCall || line.op->plain() == Plain::kNone || !line.own.empty();
  });
  return static_cast<size_t>(end - lines.begin());
}

bool run_plain(std::span<const Line> lines, const Tensor* row) {
  static const bool agree = kernels_agree();
  if (!agree || !goes_straight()) return false;
  const Tensor& first = row[static_cast<size_t>(lines[0].arguments[0])];
  if (!first.defined() || !first.is_non_overlapping_and_dense()) return false;
  const auto numel = static_cast<size_t>(first.numel());
  // Larger ones libtorch shares out among its threads.
  if (numel > at::internal::GRAIN_SIZE && at::get_num_threads() > 1) return false;
  Steps steps;
  for (const Line& line : lines) {
    const std::optional<PlainStep> step = step_of(line, row, first);
    if (!step) return false;
    steps.push_back(*step);
  }
  if (!are_sound(steps, numel)) return false;
  run(steps, numel);
  return true;
}

}  // namespace isotorch
