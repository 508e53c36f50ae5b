#include <ATen/Functions.h>
#include <ATen/native/TypeProperties.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "bridge/refusals/particular.h"
#include "tensor/storage.h"

namespace isotorch::rules {
namespace {

// The kernel divides in registers, and the processor traps where the quotient has no int.
void refuse_overflow(const Arguments& call) {
  const torch::jit::Stack& arguments = call.stack();
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

// The number of steps is a quotient of the start, end and step as whole numbers.
void refuse_step(const Arguments& arguments) {
  const c10::IValue* step = arguments.find("step");
  const c10::IValue* dtype = arguments.find("dtype");
  const at::Tensor* out = arguments.tensor("out");
  if (step == nullptr) return;
  const bool whole =
      out != nullptr ? c10::isIntegralType(out->scalar_type(), true)
                     : dtype != nullptr && dtype->isInt() && c10::isIntegralType(dtype->toScalarType(), true);
  const double size = std::abs(step->toScalar().toDouble());
  TORCH_CHECK(!whole || size >= 1, arguments.function(),
              "(): argument 'step' must be at least 1 for whole numbers, not ", size);
}

// Any operation on the tensor would then write to address 0. A part of a zero tensor's storage, too, is a tensor that does
// not know that it is one.
void refuse_set(const Arguments& arguments) {
  const c10::IValue* source = arguments.find("source");
  if (source == nullptr) return;
  const bool whole = arguments.find("storage_offset") == nullptr && arguments.function() == "aten::set_";
  const bool lacks = source->isTensor()
                         ? !(whole && source->toTensor()._is_zerotensor()) && lacks_memory(source->toTensor())
                         : lacks_memory(source->toStorage());
  TORCH_CHECK(!lacks, "set_(): the source has no memory, because its elements were never stored");
}

// The allocator that gave a zero tensor its storage is gone.
void refuse_resize(const Arguments& arguments) {
  TORCH_CHECK(!arguments.stack()[0].toTensor()._is_zerotensor(),
              "ZeroTensors are immutable. Please use the materialized zero tensor obtained using .clone() "
              "if you want a mutable tensor.");
}

// What is made of the storage is not compared with its size.
void refuse_view_outside(const Arguments& arguments) {
  const at::Tensor& self = arguments.required("self");
  const std::vector<int64_t> sizes = arguments.integers("size");
  const std::vector<int64_t> strides = arguments.integers("stride");
  const std::string& function = arguments.function();
  TORCH_CHECK(sizes.size() == strides.size(), function,
              "(): argument 'stride' must have as many items as 'size', ", sizes.size(), ", not ",
              strides.size());
  const c10::IValue* dtype = arguments.find("dtype");
  const auto width =
      static_cast<double>(dtype == nullptr ? self.element_size() : c10::elementSize(dtype->toScalarType()));
  // Doubles do not wrap around.
  double first = static_cast<double>(self.storage_offset()) * static_cast<double>(self.element_size());
  for (const int64_t bytes : arguments.integers("offset_bytes")) first = static_cast<double>(bytes);
  for (const int64_t elements : arguments.integers("offset_increment"))
    first += static_cast<double>(elements) * width;
  double last = first + width;
  for (size_t i = 0; i < sizes.size(); ++i) {
    TORCH_CHECK(sizes[i] >= 0 && strides[i] >= 0, function,
                "(): arguments 'size' and 'stride' must not be negative");
    if (sizes[i] == 0) last = first;
  }
  for (size_t i = 0; i < sizes.size() && last != first; ++i) {
    last += static_cast<double>(sizes[i] - 1) * static_cast<double>(strides[i]) * width;
  }
  const auto room = static_cast<double>(self.storage().nbytes());
  TORCH_CHECK(first >= 0 && last <= room, function,
              "(): arguments 'size' and 'stride' lead out of the storage of ", room, " bytes");
}

// oneDNN's zeros are written as floats, whatever the dtype.
void refuse_opaque_zeros(const Arguments& arguments) {
  const at::Tensor* self = arguments.tensor("self");
  const c10::IValue* layout = arguments.find("layout");
  const bool asked = layout != nullptr && !layout->isNone();
  const bool opaque = asked ? layout->toLayout() == at::kMkldnn : self != nullptr && self->is_mkldnn();
  if (!opaque) return;
  const c10::IValue* dtype = arguments.find("dtype");
  at::ScalarType type = self != nullptr ? self->scalar_type() : at::get_default_dtype_as_scalartype();
  if (dtype != nullptr && !dtype->isNone()) type = dtype->toScalarType();
  TORCH_CHECK(type == at::kFloat, arguments.function(),
              "(): argument 'dtype' must be float32 in the layout of mkldnn tensors, not ", type);
}

}  // namespace

Rule quotient_fits() { return {"no quotient without an int", refuse_overflow}; }
Rule source_in_memory() { return {"source with memory", refuse_set}; }
Rule resizable() { return {"self no zero tensor", refuse_resize}; }
Rule inside_storage() { return {"size and stride inside of the storage", refuse_view_outside}; }
Rule opaque_zeros() { return {"Float where in oneDNN's layout", refuse_opaque_zeros}; }
Rule step_of_one() { return {"step at least 1 for whole numbers", refuse_step}; }

}  // namespace isotorch::rules
