#include "bridge/refusals/rules.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <set>

#include "tensor/storage.h"

namespace isotorch::rules {
namespace {

// Of a dimension that a tensor lacks; no tensor has it.
constexpr int64_t kNoSize = -2;

std::string listed(const Names& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

template <typename... Parts>
void expect(bool holds, const Arguments& arguments, const Parts&... parts) {
  TORCH_CHECK(holds, arguments.function(), "(): argument ", parts...);
}

// Nested tensors have no sizes to compare; their kernels are others.
const at::Tensor* with_sizes(const Arguments& arguments, const std::string& name) {
  const at::Tensor* tensor = arguments.tensor(name);
  return tensor == nullptr || tensor->is_nested() ? nullptr : tensor;
}

std::vector<at::Tensor> tensors_in(const Arguments& arguments, const std::string& name) {
  const c10::IValue* value = arguments.find(name);
  if (value != nullptr && value->isTensorList()) return value->toTensorVector();
  const at::Tensor* tensor = arguments.tensor(name);
  return tensor == nullptr ? std::vector<at::Tensor>() : std::vector{*tensor};
}

// The least and the greatest of the whole numbers that the argument holds; nothing where there are none to look at.
std::optional<std::pair<int64_t, int64_t>> range_of(const Arguments& arguments, const std::string& name) {
  const at::Tensor* tensor = arguments.tensor(name);
  if (tensor == nullptr) {
    const std::vector<int64_t> numbers = arguments.integers(name);
    if (numbers.empty()) return std::nullopt;
    const auto [low, high] = std::minmax_element(numbers.begin(), numbers.end());
    return std::pair(*low, *high);
  }
  const bool readable = tensor->is_cpu() && tensor->layout() == at::kStrided && !tensor->is_nested() &&
                        !tensor->_is_zerotensor() && !lacks_memory(*tensor) && tensor->numel() > 0;
  if (!readable || !c10::isIntegralType(tensor->scalar_type(), false)) return std::nullopt;
  const at::NoGradGuard no_grad;
  return std::pair(tensor->min().item<int64_t>(), tensor->max().item<int64_t>());
}

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

Rule where(std::string flag, Rule rule) {
  return {rule.text + " where " + flag, [=](const Arguments& arguments) {
            const c10::IValue* value = arguments.find(flag);
            if (value != nullptr && value->isBool() && value->toBool()) rule.check(arguments);
          }};
}

Rule never(std::string reason) {
  return {reason,
          [reason](const Arguments& arguments) { TORCH_CHECK(false, arguments.function(), "(): ", reason); }};
}

Rule given(Names names) {
  return {listed(names) + " given", [names](const Arguments& arguments) {
            for (const std::string& name : names) {
              const bool has = arguments.find(name) == nullptr || arguments.tensor(name) != nullptr;
              expect(has, arguments, "'", name, "' must be a tensor, not None");
            }
          }};
}

Rule together(std::string name, std::string other) {
  return {name + " and " + other + " both or neither", [=](const Arguments& arguments) {
            const bool both = (arguments.tensor(name) == nullptr) == (arguments.tensor(other) == nullptr);
            expect(both, arguments, "'", name, "' must be given where '", other, "' is, and only there");
          }};
}

Rule strided(Names names) {
  return {listed(names) + " strided", [names](const Arguments& arguments) {
            for (const std::string& name : names) {
              for (const at::Tensor& tensor : tensors_in(arguments, name)) {
                const bool plain =
                    tensor.is_meta() || (tensor.layout() == at::kStrided && !tensor._is_zerotensor() &&
                                         !tensor.is_nested() && !lacks_memory(tensor));
                expect(plain, arguments, "'", name, "' must be a strided tensor with memory, not ",
                       tensor.layout());
              }
            }
          }};
}

Rule opaque(std::string name) {
  return {name + " in oneDNN's layout", [name](const Arguments& arguments) {
            const at::Tensor* tensor = arguments.tensor(name);
            expect(tensor == nullptr || tensor->is_mkldnn(), arguments, "'", name,
                   "' must be a packed (mkldnn) tensor");
          }};
}

Rule not_quantized(std::string name) {
  return {name + " not quantized", [name](const Arguments& arguments) {
            const at::Tensor* tensor = arguments.tensor(name);
            expect(tensor == nullptr || !tensor->is_quantized(), arguments, "'", name,
                   "' must not be quantized");
          }};
}

Rule quantized(std::string name) {
  return {name + " quantized", [name](const Arguments& arguments) {
            const at::Tensor* tensor = arguments.tensor(name);
            expect(tensor == nullptr || tensor->is_quantized(), arguments, "'", name, "' must be quantized");
          }};
}

Rule complex_of(std::string name, std::string other) {
  return {name + " of the complex dtype of " + other, [=](const Arguments& arguments) {
            const at::Tensor* tensor = arguments.tensor(name);
            const at::Tensor* model = arguments.tensor(other);
            if (tensor == nullptr || model == nullptr) return;
            const bool fits = c10::isFloatingType(model->scalar_type()) &&
                              tensor->scalar_type() == c10::toComplexType(model->scalar_type());
            expect(fits, arguments, "'", name, "' must be of the complex dtype of '", other, "', ",
                   model->scalar_type(), ", not of ", tensor->scalar_type());
          }};
}

Rule type_of(std::string name, c10::ScalarType type) {
  return {name + " " + c10::toString(type), [=](const Arguments& arguments) {
            const at::Tensor* tensor = arguments.tensor(name);
            if (tensor == nullptr) return;
            expect(tensor->scalar_type() == type, arguments, "'", name, "' must be of dtype ", type, ", not ",
                   tensor->scalar_type());
          }};
}

Rule same_type(Names names) {
  return {listed(names) + " of one dtype", [names](const Arguments& arguments) {
            const at::Tensor* first = arguments.tensor(names[0]);
            if (first == nullptr) return;
            for (const std::string& name : names) {
              const at::Tensor* tensor = arguments.tensor(name);
              if (tensor == nullptr) continue;
              expect(tensor->scalar_type() == first->scalar_type(), arguments, "'", name,
                     "' must have the dtype of '", names[0], "', ", first->scalar_type(), ", not ",
                     tensor->scalar_type());
            }
          }};
}

Rule dims(std::string name, int64_t least, int64_t most) {
  const std::string count =
      std::to_string(least) + (least == most ? "" : " to " + std::to_string(most)) + " dimensions";
  return {name + " of " + count, [=](const Arguments& arguments) {
            const at::Tensor* tensor = with_sizes(arguments, name);
            if (tensor == nullptr) return;
            expect(tensor->dim() >= least && tensor->dim() <= most, arguments, "'", name, "' must have ",
                   count, ", not ", tensor->dim());
          }};
}

Rule sized(std::string name, std::vector<Size> sizes) {
  Names texts;
  for (const Size& size : sizes) texts.push_back(size.text);
  return {name + " of size [" + listed(texts) + "]", [=](const Arguments& arguments) {
            const at::Tensor* tensor = with_sizes(arguments, name);
            if (tensor == nullptr) return;
            bool fits = tensor->dim() == static_cast<int64_t>(sizes.size());
            for (size_t i = 0; fits && i < sizes.size(); ++i) {
              const std::optional<int64_t> size = sizes[i].value(arguments);
              fits = !size || tensor->size(static_cast<int64_t>(i)) == *size;
            }
            expect(fits, arguments, "'", name, "' must have the size [", listed(texts), "], not ",
                   tensor->sizes());
          }};
}

Rule elements(std::string name, const Size& count) {
  return {count.text + " elements of " + name, [=](const Arguments& arguments) {
            const at::Tensor* tensor = with_sizes(arguments, name);
            const std::optional<int64_t> number = count.value(arguments);
            if (tensor == nullptr || !number) return;
            expect(tensor->numel() == *number, arguments, "'", name, "' must have ", count.text,
                   " elements, not ", tensor->numel());
          }};
}

Rule same_shape(Names names) {
  return {listed(names) + " of one size", [names](const Arguments& arguments) {
            const at::Tensor* first = with_sizes(arguments, names[0]);
            if (first == nullptr) return;
            for (const std::string& name : names) {
              const at::Tensor* tensor = with_sizes(arguments, name);
              if (tensor == nullptr) continue;
              expect(tensor->sizes() == first->sizes(), arguments, "'", name, "' must have the size of '",
                     names[0], "', ", first->sizes(), ", not ", tensor->sizes());
            }
          }};
}

Rule same_leading(std::string name, std::string other, int64_t trailing) {
  return {name + " sized as " + other + " but for " + std::to_string(trailing),
          [=](const Arguments& arguments) {
            const at::Tensor* tensor = with_sizes(arguments, name);
            const at::Tensor* model = with_sizes(arguments, other);
            if (tensor == nullptr || model == nullptr) return;
            const int64_t leading = model->dim() - trailing;
            const bool fits = leading >= 0 && tensor->dim() == model->dim() &&
                              tensor->sizes().slice(0, leading) == model->sizes().slice(0, leading);
            expect(fits, arguments, "'", name, "' must have the size of '", other, "', ", model->sizes(),
                   ", but for the last ", trailing, ", not ", tensor->sizes());
          }};
}

Rule square(std::string name) {
  return {name + " square", [=](const Arguments& arguments) {
            const at::Tensor* tensor = with_sizes(arguments, name);
            if (tensor == nullptr) return;
            expect(tensor->dim() >= 2 && tensor->size(-1) == tensor->size(-2), arguments, "'", name,
                   "' must be square matrices, not of size ", tensor->sizes());
          }};
}

Rule not_empty(std::string name) {
  return {name + " not empty", [name](const Arguments& arguments) {
            const c10::IValue* value = arguments.find(name);
            if (value == nullptr || value->isNone()) return;
            const at::Tensor* tensor = with_sizes(arguments, name);
            const bool empty =
                tensor != nullptr ? tensor->numel() == 0 : value->isList() && value->toListRef().empty();
            expect(!empty, arguments, "'", name, "' must not be empty");
          }};
}

Rule filled(std::string name, int64_t dim) {
  return {name + ".size(" + std::to_string(dim) + ") not 0", [=](const Arguments& arguments) {
            const at::Tensor* tensor = with_sizes(arguments, name);
            if (tensor == nullptr || dim >= tensor->dim() || dim < -tensor->dim()) return;
            expect(tensor->size(dim) > 0, arguments, "'", name, "' must have a size at ", dim, ", not 0");
          }};
}

Rule divisible(std::string name, int64_t dim, int64_t divisor) {
  return {name + ".size(" + std::to_string(dim) + ") divisible by " + std::to_string(divisor),
          [=](const Arguments& arguments) {
            const at::Tensor* tensor = with_sizes(arguments, name);
            if (tensor == nullptr || tensor->dim() <= dim) return;
            expect(tensor->size(dim) % divisor == 0, arguments, "'", name, "' must have a multiple of ",
                   divisor, " as its size at ", dim, ", not ", tensor->size(dim));
          }};
}

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
            if (tensor == nullptr || !tensor->is_cpu() || tensor->layout() != at::kStrided ||
                tensor->_is_zerotensor())
              return;
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

Rule length(std::string name, size_t least, size_t most) {
  const std::string count =
      std::to_string(least) + (least == most ? "" : " to " + std::to_string(most)) + " items";
  return {name + " of " + count, [=](const Arguments& arguments) {
            const c10::IValue* value = arguments.find(name);
            if (value == nullptr || !value->isList()) return;
            const size_t size = value->toListRef().size();
            expect(size >= least && size <= most, arguments, "'", name, "' must have ", count, ", not ",
                   size);
          }};
}

Rule same_length(std::string name, std::string other) {
  return {name + " as long as " + other, [=](const Arguments& arguments) {
            const c10::IValue* list = arguments.find(name);
            const c10::IValue* model = arguments.find(other);
            if (list == nullptr || model == nullptr || !list->isList() || !model->isList()) return;
            expect(list->toListRef().size() == model->toListRef().size(), arguments, "'", name,
                   "' must have as many items as '", other, "', ", model->toListRef().size(), ", not ",
                   list->toListRef().size());
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

Rule each_dims(std::string list, int64_t least) {
  return {list + " of at least " + std::to_string(least) + " dimensions each",
          [=](const Arguments& arguments) {
            const c10::IValue* value = arguments.find(list);
            if (value == nullptr || !value->isTensorList()) return;
            for (const at::Tensor& tensor : value->toTensorList()) {
              if (!tensor.defined() || tensor.is_nested()) continue;
              expect(tensor.dim() >= least, arguments, "'", list, "' must be tensors of at least ", least,
                     " dimensions, not ", tensor.dim());
            }
          }};
}

}  // namespace isotorch::rules
