#include "optim/plain.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <ATen/TensorIterator.h>
#include <ATen/record_function.h>
#include <c10/core/impl/LocalDispatchKeySet.h>
#include <c10/util/SmallVector.h>

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

// Whether an operator would go straight to the CPU's kernel: no mode, transform or profiler that wants to see it.
bool goes_straight() {
  const auto modes = c10::impl::tls_local_dispatch_key_set().included_ - c10::default_included_set;
  return modes.empty() && !at::hasCallbacks() && rounds_as_usual();
}

bool is_plain(const Tensor& tensor, const Tensor& like) {
  if (!tensor.defined() || !tensor.has_storage() || tensor.scalar_type() != at::kFloat) return false;
  const auto keys =
      tensor.key_set() - c10::autograd_dispatch_keyset_with_ADInplaceOrView - c10::autocast_dispatch_keyset;
  return keys == c10::DispatchKeySet(c10::DispatchKey::CPU) && tensor.sizes() == like.sizes() &&
         (tensor.strides() == like.strides() || (tensor.is_contiguous() && like.is_contiguous()));
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

bool takes_number(Plain what) { return what == Plain::kMul || what == Plain::kDiv || what == Plain::kAdd; }
bool takes_two(Plain what) { return what == Plain::kAddcmul || what == Plain::kAddcdiv; }
bool takes_factor(Plain what) { return what != Plain::kMul && what != Plain::kDiv; }

// What a line does, with its tensors' memory; nothing where one of these is not plain, or may not be written to.
std::optional<PlainStep> step_of(const Line& line, const Tensor* row, const Tensor& like) {
  const auto tensor = [&](size_t argument) -> const Tensor& {
    return row[static_cast<size_t>(line.arguments[argument])];
  };
  const Tensor& self = tensor(0);
  if (!is_plain(self, like)) return std::nullopt;
  if (self.is_inference() && !c10::InferenceMode::is_enabled()) return std::nullopt;
  PlainStep step{.what = line.op->plain(), .self = self.mutable_data_ptr<float>()};
  if (takes_factor(step.what)) {
    const std::optional<float> factor = number_of(line.arguments[line.op->arity() - 1]);
    if (!factor) return std::nullopt;
    step.factor = *factor;
  }
  if (is_plain(tensor(1), like)) {
    step.b = tensor(1).const_data_ptr<float>();
  } else {
    // libtorch rounds a number times alpha now here, now there.
    const std::optional<float> other = number_of(tensor(1));
    if (!other || !takes_number(step.what) || (step.what == Plain::kAdd && step.factor != 1))
      return std::nullopt;
    step.other = *other;
  }
  if (takes_two(step.what)) {
    if (!is_plain(tensor(2), like)) return std::nullopt;
    step.c = tensor(2).const_data_ptr<float>();
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
void run_operator(const PlainStep& step, Tensor& self, const Tensor& b, const Tensor& c) {
  switch (step.what) {
    case Plain::kNone:
      return;
    case Plain::kMul:
      self.mul_(b);
      return;
    case Plain::kDiv:
      self.div_(b);
      return;
    case Plain::kAdd:
      self.add_(b, step.b != nullptr ? step.factor : 1);
      return;
    case Plain::kLerp:
      self.lerp_(b, step.factor);
      return;
    case Plain::kAddcmul:
      self.addcmul_(b, c, step.factor);
      return;
    case Plain::kAddcdiv:
      self.addcdiv_(b, c, step.factor);
      return;
  }
}

// Whether our kernel gives the bits of libtorch's.
bool agrees(PlainStep step, const Tensor& start, const Tensor& b, const Tensor& c) {
  Tensor theirs = start.clone();
  const Tensor ours = start.clone();
  step.self = ours.mutable_data_ptr<float>();
  if (const std::optional<float> other = number_of(b)) {
    step.other = *other;
  } else {
    step.b = b.const_data_ptr<float>();
  }
  step.c = c.const_data_ptr<float>();
  run_operator(step, theirs, b, c);
  run_plain_step(step, 0, static_cast<size_t>(start.numel()));
  return std::memcmp(ours.const_data_ptr(), theirs.const_data_ptr(), start.nbytes()) == 0;
}

// Numbers of all sizes.
Tensor drawn(int64_t count, uint32_t& state) {
  const Tensor tensor = at::empty({count}, at::kFloat);
  auto* const data = tensor.mutable_data_ptr<float>();
  for (int64_t i = 0; i < count; i++) {
    state = state * 1664525 + 1013904223;
    data[i] =
        std::ldexp(static_cast<float>(static_cast<int32_t>(state)), static_cast<int>(state >> 4 & 31) - 47);
  }
  return tensor;
}

// Whether all our kernels give the bits of libtorch's, of this version and on this processor: for one number, and for a thousand and
// some more than fit whole vectors.
bool kernels_agree() {
  if (!has_plain_kernels()) return false;
  uint32_t state = 1;
  for (const int64_t count : {1, 1029}) {
    const Tensor start = drawn(count, state), b = drawn(count, state), c = drawn(count, state);
    for (const auto& [name, what] : kNames) {
      for (const float factor : {0.001f, 0.9f, -1.7f}) {
        const PlainStep step{.what = what, .factor = factor};
        if (!agrees(step, start, b, c)) return false;
        if (takes_number(what) && !agrees(step, start, wrapped_number(factor), c)) return false;
      }
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
  if (!goes_straight()) return false;
  static const bool agree = kernels_agree();
  if (!agree) return false;
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
