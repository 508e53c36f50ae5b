#include <string>
#include <vector>

#include "bridge/refusals/particular.h"

namespace isotorch::rules {
namespace {

// The kernel walks both tensors by the gradient's sizes.
void refuse_unpadded(const Arguments& arguments, int64_t padded_dims, bool reflected) {
  const at::Tensor& self = arguments.required("self");
  const at::Tensor& gradient = arguments.required("grad_output");
  const std::vector<int64_t> padding = arguments.integers("padding");
  const std::string& function = arguments.function();
  TORCH_CHECK(static_cast<int64_t>(padding.size()) == 2 * padded_dims, function,
              "(): argument 'padding' must have ", 2 * padded_dims, " items, not ", padding.size());
  TORCH_CHECK(self.dim() == padded_dims + 1 || self.dim() == padded_dims + 2, function,
              "(): argument 'self' must have ", padded_dims + 1, " or ", padded_dims + 2, " dimensions, not ",
              self.dim());
  std::vector<int64_t> sizes = self.sizes().vec();
  for (int64_t i = 0; i < padded_dims; ++i) {
    const int64_t before = padding[2 * i];
    const int64_t after = padding[2 * i + 1];
    int64_t& size = sizes[sizes.size() - 1 - i];
    TORCH_CHECK(size > 0 && (!reflected || (before < size && after < size)), function,
                "(): argument 'padding' must be less than the sizes of 'self', ", self.sizes());
    size += before + after;
  }
  TORCH_CHECK(gradient.sizes() == sizes, function, "(): argument 'grad_output' must have the size ",
              at::IntArrayRef(sizes), ", not ", gradient.sizes());
}

// The lists are read by the weight's dimensions.
void refuse_unlike_weight(const Arguments& arguments) {
  const at::Tensor& weight = arguments.required("weight");
  const std::string& function = arguments.function();
  TORCH_CHECK(weight.dim() >= 3 && arguments.required("self").dim() == weight.dim() &&
                  arguments.required("gO").dim() == weight.dim(),
              function,
              "(): arguments 'self' and 'gO' must have the dimensions of 'weight', at least 3, not ",
              weight.dim());
  for (const char* name : {"stride", "padding", "dilation", "output_padding"}) {
    TORCH_CHECK(static_cast<int64_t>(arguments.integers(name).size()) == weight.dim() - 2, function,
                "(): argument '", name, "' must have ", weight.dim() - 2, " items");
  }
  TORCH_CHECK(arguments.integers("groups").at(0) >= 1, function, "(): argument 'groups' must be at least 1");
}

void refuse_windows(const Arguments& arguments) {
  const at::Tensor& gradient = arguments.required("grad_in");
  std::vector<int64_t> sizes = arguments.integers("input_sizes");
  const int64_t dim = arguments.integers("dim").at(0);
  const int64_t size = arguments.integers("size").at(0);
  const int64_t step = arguments.integers("step").at(0);
  const std::string& function = arguments.function();
  const auto count = static_cast<int64_t>(sizes.size());
  TORCH_CHECK(step >= 1 && size >= 0 && (count == 0 || (dim >= -count && dim < count)), function,
              "(): arguments 'dim', 'size' and 'step' must be of a window in ", count, " dimensions");
  if (count > 0) {
    int64_t& length = sizes[dim < 0 ? dim + count : dim];
    length = length < size ? -1 : (length - size) / step + 1;
    sizes.push_back(size);
    TORCH_CHECK(gradient.sizes() == sizes, function, "(): argument 'grad_in' must have the size ",
                at::IntArrayRef(sizes), ", not ", gradient.sizes());
  }
}

// The weight is read by the kernel's size. Lists of another length are left to libtorch.
void refuse_unlike_kernel(const Arguments& arguments) {
  const at::Tensor& weight = arguments.required("weight");
  const std::vector<int64_t> kernel = arguments.integers("kernel_size");
  if (weight.dim() != static_cast<int64_t>(kernel.size()) + 2) return;
  TORCH_CHECK(weight.sizes().slice(2) == kernel, arguments.function(),
              "(): argument 'kernel_size' must be the last sizes of 'weight', ", weight.sizes(), ", not ",
              at::IntArrayRef(kernel));
}

}  // namespace

Rule padded(int64_t dims, bool reflected) {
  return {"grad_output of self's size and the padding of " + std::to_string(dims) + " dimensions",
          [=](const Arguments& arguments) { refuse_unpadded(arguments, dims, reflected); }};
}
Rule windows() { return {"grad_in of the size of the windows", refuse_windows}; }
Rule kernel_of_weight() { return {"kernel_size the last sizes of weight", refuse_unlike_kernel}; }
Rule convolved() { return {"lists for each dimension of weight", refuse_unlike_weight}; }

}  // namespace isotorch::rules
