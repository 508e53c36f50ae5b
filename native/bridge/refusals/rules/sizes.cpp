#include "bridge/refusals/arguments.h"
#include "bridge/refusals/rules.h"

namespace isotorch::rules {

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
