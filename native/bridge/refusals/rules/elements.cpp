#include <ATen/Functions.h>

#include <algorithm>
#include <set>

#include "bridge/refusals/arguments.h"
#include "bridge/refusals/rules.h"

namespace isotorch::rules {
namespace {

// The least and the greatest of the whole numbers that the argument holds; nothing where there are none to look at.
std::optional<std::pair<int64_t, int64_t>> range_of(const Arguments& arguments, const std::string& name) {
  const at::Tensor* tensor = arguments.tensor(name);
  if (tensor == nullptr) {
    const std::vector<int64_t> numbers = arguments.integers(name);
    if (numbers.empty()) return std::nullopt;
    const auto [low, high] = std::minmax_element(numbers.begin(), numbers.end());
    return std::pair(*low, *high);
  }
  if (!readable(*tensor) || tensor->numel() == 0 || !c10::isIntegralType(tensor->scalar_type(), false))
    return std::nullopt;
  const at::NoGradGuard no_grad;
  return std::pair(tensor->min().item<int64_t>(), tensor->max().item<int64_t>());
}

}  // namespace

Rule below(std::string name, const Size& limit, int64_t start) {
  return {name + " from " + std::to_string(start) + " on, " + limit.text + " values",
          [=](const Arguments& arguments) {
            const std::optional<int64_t> count = limit.value(arguments);
            const auto range = range_of(arguments, name);
            if (!count || !range) return;
            expect(range->first >= start && range->second < start + *count, arguments, "'", name,
                   "' must be from ", start, " to ", start + *count - 1, " (", limit.text, "), but has ",
                   range->first < start ? range->first : range->second);
          }};
}

Rule rising(std::string name, const Size& most) {
  return {name + " rising from 0 to " + most.text, [=](const Arguments& arguments) {
            const at::Tensor* tensor = arguments.tensor(name);
            const std::optional<int64_t> end = most.value(arguments);
            const auto range = range_of(arguments, name);
            if (!end || !range || tensor->dim() == 0) return;
            const bool rises = tensor->size(-1) < 2 || at::diff(*tensor).ge(0).all().item<bool>();
            expect(rises && range->first >= 0 && range->second <= *end, arguments, "'", name,
                   "' must rise from 0 to ", *end);
          }};
}

Rule finite(std::string name) {
  return {name + " finite", [=](const Arguments& arguments) {
            const at::Tensor* tensor = arguments.tensor(name);
            if (tensor == nullptr || !readable(*tensor)) return;
            expect(at::isfinite(*tensor).all().item<bool>(), arguments, "'", name,
                   "' must not have infs or NaNs");
          }};
}

Rule within(std::string name, int64_t least, int64_t most) {
  return {name + " from " + std::to_string(least) + " to " + std::to_string(most),
          [=](const Arguments& arguments) {
            const auto range = range_of(arguments, name);
            if (!range) return;
            expect(range->first >= least && range->second <= most, arguments, "'", name, "' must be from ",
                   least, " to ", most, ", not ", range->first < least ? range->first : range->second);
          }};
}

Rule least(std::string name, int64_t least) {
  return {name + " at least " + std::to_string(least), [=](const Arguments& arguments) {
            const auto range = range_of(arguments, name);
            if (!range) return;
            expect(range->first >= least, arguments, "'", name, "' must be at least ", least, ", not ",
                   range->first);
          }};
}

Rule dimensions_of(std::string name, std::string tensor) {
  return {name + " different dimensions of " + tensor, [=](const Arguments& arguments) {
            const at::Tensor* self = with_sizes(arguments, tensor);
            if (self == nullptr) return;
            std::set<int64_t> seen;
            for (const int64_t dim : arguments.integers(name)) {
              expect(dim >= -self->dim() && dim < self->dim(), arguments, "'", name,
                     "' must be dimensions of '", tensor, "', which has ", self->dim(), ", not ", dim);
              const bool first = seen.insert(dim < 0 ? dim + self->dim() : dim).second;
              expect(first, arguments, "'", name, "' must be different dimensions, but has ", dim, " twice");
            }
          }};
}

}  // namespace isotorch::rules
