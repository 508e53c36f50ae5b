#include "bridge/refusals/arguments.h"

#include "tensor/storage.h"

namespace isotorch {

const c10::IValue* Arguments::find(std::string_view name) const {
  const std::vector<c10::Argument>& arguments = schema_.arguments();
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i].name() == name) return &stack_[i];
  }
  return nullptr;
}

const at::Tensor* Arguments::tensor(std::string_view name) const {
  const c10::IValue* value = find(name);
  if (value == nullptr || !value->isTensor() || !value->toTensor().defined()) return nullptr;
  return &value->toTensor();
}

const at::Tensor& Arguments::required(std::string_view name) const {
  const at::Tensor* tensor = this->tensor(name);
  TORCH_CHECK(tensor != nullptr, function(), "(): argument '", name, "' must be a tensor, not None");
  return *tensor;
}

std::vector<int64_t> Arguments::integers(std::string_view name) const {
  const c10::IValue* value = find(name);
  if (value == nullptr || value->isNone()) return {};
  if (value->isInt()) return {value->toInt()};
  return value->isIntList() ? value->toIntVector() : std::vector<int64_t>();
}

void refuse(const Rules& rules, const Arguments& arguments) {
  for (const Rule& rule : rules) rule.check(arguments);
}

namespace rules {

bool readable(const at::Tensor& tensor) {
  return tensor.is_cpu() && tensor.layout() == at::kStrided && !tensor.is_nested() &&
         !tensor._is_zerotensor() && !lacks_memory(tensor);
}

bool flag(const Arguments& arguments, std::string_view name) {
  const c10::IValue* value = arguments.find(name);
  return value != nullptr && value->isBool() && value->toBool();
}

const at::Tensor* with_sizes(const Arguments& arguments, std::string_view name) {
  const at::Tensor* tensor = arguments.tensor(name);
  return tensor == nullptr || tensor->is_nested() ? nullptr : tensor;
}

std::vector<at::Tensor> tensors_in(const Arguments& arguments, std::string_view name) {
  const c10::IValue* value = arguments.find(name);
  if (value != nullptr && value->isTensorList()) return value->toTensorVector();
  const at::Tensor* tensor = arguments.tensor(name);
  return tensor == nullptr ? std::vector<at::Tensor>() : std::vector{*tensor};
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace rules
}  // namespace isotorch
