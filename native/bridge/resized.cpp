#include "bridge/resized.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace isotorch {
namespace {

constexpr std::array<std::string_view, 4> kResize = {"aten::resize_", "aten::resize_as_", "aten::set_",
                                                     "aten::_resize_output_"};

}  // namespace

std::vector<size_t> resized_arguments(const c10::FunctionSchema& schema) {
  const bool in_place = std::find(kResize.begin(), kResize.end(), schema.name()) != kResize.end();
  std::vector<size_t> indices;
  for (size_t i = 0; i < schema.arguments().size(); ++i) {
    const c10::Argument& argument = schema.arguments()[i];
    const bool written = argument.alias_info() != nullptr && argument.alias_info()->isWrite();
    if (written && (argument.is_out() || in_place)) indices.push_back(i);
  }
  return indices;
}

FormerSizes::FormerSizes(const torch::jit::Stack& arguments, const std::vector<size_t>& indices) {
  for (const size_t index : indices) {
    const c10::IValue& value = arguments[index];
    if (value.isTensor()) {
      note(value.toTensor());
    } else if (value.isTensorList()) {
      for (const at::Tensor& tensor : value.toTensorVector()) note(tensor);
    }
  }
}

void FormerSizes::note(const at::Tensor& tensor) {
  // The kernel of a composite would write to address 0.
  TORCH_CHECK(!tensor.defined() || !tensor._is_zerotensor(),
              "ZeroTensors are immutable. Please use the materialized zero tensor obtained using .clone() "
              "if you want a mutable tensor.");
  if (!tensor.defined() || tensor.is_nested() || tensor.layout() != at::kStrided || !tensor.has_storage()) {
    return;
  }
  former_.push_back(
      {tensor, tensor.storage(), tensor.sizes().vec(), tensor.strides().vec(), tensor.storage_offset()});
}

void FormerSizes::restore() const {
  for (const Former& former : former_) {
    const at::Tensor& tensor = former.tensor;
    const bool same = tensor.storage().is_alias_of(former.storage) && tensor.sizes().equals(former.sizes) &&
                      tensor.strides().equals(former.strides) && tensor.storage_offset() == former.offset;
    if (same) continue;
    c10::TensorImpl* impl = tensor.unsafeGetTensorImpl();
    impl->set_storage_keep_dtype(former.storage);
    impl->set_sizes_and_strides(former.sizes, former.strides, former.offset);
  }
}

}  // namespace isotorch
