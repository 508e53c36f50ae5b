#include "bridge/refusals.h"

#include <ATen/Functions.h>
#include <ATen/native/TypeProperties.h>

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>

#include "tensor/storage.h"

namespace isotorch {
namespace {

// The kernel divides in registers, and the processor traps where the quotient has no int.
void refuse_overflow(const torch::jit::Stack& arguments) {
  const at::Tensor& self = arguments[0].toTensor();
  const c10::IValue& mode = arguments[2];
  if (mode.isNone() || mode.toStringRef() != "trunc" || !self.is_cpu()) return;
  const c10::IValue& other = arguments[1];
  const at::Tensor divisor =
      other.isTensor() ? other.toTensor() : at::scalar_tensor(other.toScalar(), at::dtype(at::kDouble));
  if (self.layout() != at::kStrided || divisor.layout() != at::kStrided) return;
  const at::ScalarType type =
      other.isTensor() ? at::result_type(self, divisor) : at::result_type(self, other.toScalar());
  if (type != at::kInt && type != at::kLong) return;
  const int64_t least =
      type == at::kInt ? std::numeric_limits<int32_t>::min() : std::numeric_limits<int64_t>::min();
  // Few divisors are -1, so that the dividends are rarely looked at.
  const at::Tensor negates = divisor.eq(-1);
  if (!negates.any().item<bool>()) return;
  const bool overflows = at::logical_and(self.to(type).eq(least), negates).any().item<bool>();
  TORCH_CHECK(!overflows, "div(): ", least, " / -1 does not fit into ", type == at::kInt ? "int32" : "int64");
}

// The kernel takes a diagonal outside of the matrix for one of negative length, and writes the others beside the result.
void refuse_outside(const torch::jit::Stack& arguments) {
  const at::Tensor& diagonals = arguments[0].toTensor();
  const at::Tensor& offsets = arguments[1].toTensor();
  const std::vector<int64_t> shape = arguments[2].toIntVector();
  if (shape.size() != 2 || diagonals.dim() < 1 || offsets.scalar_type() != at::kLong || offsets.dim() > 1)
    return;
  const int64_t width = diagonals.size(-1);
  const at::Tensor below = offsets.add(shape[0]).clamp_max(width);
  const at::Tensor above = offsets.sub(std::min(shape[1], width)).neg();
  const at::Tensor lengths = at::where(offsets.le(0), below, above).reshape({-1}).cpu().contiguous();
  const int64_t total = lengths.sum().item<int64_t>();
  int64_t start = 0;
  for (int64_t i = 0; i < lengths.numel(); ++i) {
    const int64_t length = lengths.const_data_ptr<int64_t>()[i];
    TORCH_CHECK(total < 0 || length <= 0 || (start >= 0 && start + length <= total),
                "spdiags(): an offset lies outside of the shape [", shape[0], ", ", shape[1], "]");
    start += length;
  }
}

// Any operation on the tensor would then write to address 0.
void refuse_set(const torch::jit::Stack& arguments) {
  const c10::IValue& source = arguments[1];
  const bool lacks = source.isTensor()
                         ? !source.toTensor()._is_zerotensor() && lacks_memory(source.toTensor())
                         : lacks_memory(source.toStorage());
  TORCH_CHECK(!lacks, "set_(): the source has no memory, because its elements were never stored");
}

// A part of a zero tensor's storage is a tensor that does not know that it is one.
void refuse_set_part(const torch::jit::Stack& arguments) {
  TORCH_CHECK(!arguments[1].toTensor()._is_zerotensor(),
              "set_(): the source has no memory, because its elements were never stored");
  refuse_set(arguments);
}

// The allocator that gave a zero tensor its storage is gone.
void refuse_resize(const torch::jit::Stack& arguments) {
  TORCH_CHECK(!arguments[0].toTensor()._is_zerotensor(),
              "ZeroTensors are immutable. Please use the materialized zero tensor obtained using .clone() "
              "if you want a mutable tensor.");
}

struct Row {
  std::string_view name;
  std::string_view overload;  // empty: every one that `argument` is an argument of
  std::string_view argument;  // empty: whatever the arguments
  Refusal refuse;
};

// All calls that are refused because they would end the process; each reason stands above its function.
constexpr Row kRefusals[] = {
    {"aten::_spdiags", "", "", refuse_outside},
    {"aten::div", "", "rounding_mode", refuse_overflow},
    {"aten::div_", "", "rounding_mode", refuse_overflow},
    {"aten::divide", "", "rounding_mode", refuse_overflow},
    {"aten::divide_", "", "rounding_mode", refuse_overflow},
    {"aten::resize_", "", "", refuse_resize},
    {"aten::_resize_output_", "", "", refuse_resize},
    {"aten::set_", "source_Storage", "", refuse_set},
    {"aten::set_", "source_Storage_storage_offset", "", refuse_set},
    {"aten::set_", "source_Tensor", "", refuse_set},
    {"aten::set_", "source_Tensor_storage_offset", "", refuse_set_part},
};

}  // namespace

Refusal refusal_of(const c10::FunctionSchema& schema) {
  for (const Row& row : kRefusals) {
    if (row.name != schema.name()) continue;
    if (!row.overload.empty() && row.overload != schema.overload_name()) continue;
    if (row.argument.empty() || schema.argumentIndexWithName(std::string(row.argument))) return row.refuse;
  }
  return nullptr;
}

}  // namespace isotorch
