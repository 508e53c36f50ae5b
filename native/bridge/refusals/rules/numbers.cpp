#include "bridge/refusals/arguments.h"
#include "bridge/refusals/rules.h"

namespace isotorch::rules {
namespace {

// Of a dimension that a tensor lacks; no tensor has it.
constexpr int64_t kNoSize = -2;

}  // namespace

Size::Size(int64_t number)
    : text(std::to_string(number)), value([number](const Arguments&) { return std::optional(number); }) {}

Size any() {
  return {"any", [](const Arguments&) { return std::optional<int64_t>(); }};
}

Size of(const std::string& name, int64_t dim) {
  return {name + ".size(" + std::to_string(dim) + ")", [=](const Arguments& arguments) {
            const at::Tensor* tensor = with_sizes(arguments, name);
            if (tensor == nullptr) return std::optional<int64_t>();
            const bool has = dim < tensor->dim() && dim >= -tensor->dim();
            return std::optional(has ? tensor->size(dim) : kNoSize);
          }};
}

Size area(const std::string& name, int64_t trailing) {
  return {"the last " + std::to_string(trailing) + " sizes of " + name, [=](const Arguments& arguments) {
            const at::Tensor* tensor = with_sizes(arguments, name);
            if (tensor == nullptr) return std::optional<int64_t>();
            const int64_t leading = std::max<int64_t>(0, tensor->dim() - trailing);
            return std::optional(c10::multiply_integers(tensor->sizes().slice(leading)));
          }};
}

Size count_of(const std::string& name) {
  return {name + ".numel()", [=](const Arguments& arguments) {
            const at::Tensor* tensor = with_sizes(arguments, name);
            return tensor == nullptr ? std::nullopt : std::optional(tensor->numel());
          }};
}

Size places_in(const std::string& name) {
  return {name + ".dim() + 1", [=](const Arguments& arguments) {
            const at::Tensor* tensor = with_sizes(arguments, name);
            return tensor == nullptr ? std::nullopt : std::optional(tensor->dim() + 1);
          }};
}

Size number_of(const std::string& name) {
  return {name, [=](const Arguments& arguments) {
            const c10::IValue* value = arguments.find(name);
            return value == nullptr || !value->isInt() ? std::nullopt : std::optional(value->toInt());
          }};
}

}  // namespace isotorch::rules
