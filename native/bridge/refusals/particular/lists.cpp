#include <ATen/Functions.h>

#include <cmath>
#include <string>
#include <vector>

#include "bridge/refusals/arguments.h"
#include "bridge/refusals/particular.h"

namespace isotorch::rules {
namespace {

// In libtorch's words: its own check stands in one of the kernels only.
void refuse_no_tensors(const Arguments& arguments) {
  TORCH_CHECK_VALUE(!arguments.find("tensors")->toListRef().empty(),
                    "torch.cat(): expected a non-empty list of Tensors");
}

// Dimension 0 of a tensor that has none passes the kernel's check of the dimension.
void refuse_chunks(const Arguments& arguments) {
  const std::vector<at::Tensor> tensors = arguments.find("tensors")->toTensorVector();
  for (const at::Tensor& tensor : tensors) {
    TORCH_CHECK(tensor.dim() > 0, "_chunk_cat expects dim < ndim for all input tensors");
  }
}

// A tensor that is not vmap's is expanded at the place.
void refuse_place(const Arguments& arguments) {
  const at::Tensor& self = arguments.required("self");
  const c10::DispatchKeySet keys = self.key_set();
  if (keys.has(c10::DispatchKey::FuncTorchBatched) || keys.has(c10::DispatchKey::Batched)) return;
  const int64_t place = arguments.integers("out_dim").at(0);
  TORCH_CHECK(place >= 0 && place <= self.dim(), arguments.function(),
              "(): argument 'out_dim' must be from 0 to ", self.dim(), ", not ", place);
}

// Each row of the example has the sizes of one tensor inside of the padding.
void refuse_padding(const Arguments& arguments) {
  const at::Tensor& padded = arguments.required("padded");
  const at::Tensor& sizes = arguments.required("cpu_nested_shape_example");
  const std::string& function = arguments.function();
  TORCH_CHECK(padded.dim() > 0 && sizes.dim() == 2 && sizes.scalar_type() == at::kLong &&
                  sizes.size(0) == padded.size(0) && sizes.size(1) == padded.dim() - 1 && readable(sizes) &&
                  padded.layout() == at::kStrided,
              function, "(): argument 'cpu_nested_shape_example' must be int64 sizes for each of 'padded'");
  const at::Tensor room = at::tensor(padded.sizes().slice(1), at::kLong);
  const bool inside = at::logical_and(sizes.ge(0), sizes.le(room)).all().item<bool>();
  TORCH_CHECK(inside, function,
              "(): argument 'cpu_nested_shape_example' must be sizes within those of 'padded', ",
              padded.sizes());
}

// Weights, of which one element holds two, and the scale of each block.
void refuse_packed(const Arguments& arguments) {
  const at::Tensor& packed = arguments.required("packed_weights");
  const auto inputs = static_cast<double>(arguments.integers("in_features").at(0));
  const auto outputs = static_cast<double>(arguments.integers("out_features").at(0));
  const auto block = static_cast<double>(arguments.integers("block_size").at(0));
  const double least = outputs * std::floor(inputs / 2) + outputs * std::ceil(inputs / block);
  // Packed for a processor's own instructions, they are bytes.
  const bool portable = c10::isFloatingType(packed.scalar_type());
  TORCH_CHECK(!portable || static_cast<double>(packed.numel()) >= least, arguments.function(),
              "(): argument 'packed_weights' must have ", least, " elements, not ", packed.numel());
}

}  // namespace

Rule some_tensors() { return {"tensors not empty", refuse_no_tensors}; }
Rule place_inside() { return {"out_dim a place in self", refuse_place}; }
Rule packed_weights() { return {"packed_weights for all features", refuse_packed}; }
Rule padded_enough() { return {"sizes within those of padded", refuse_padding}; }
Rule chunkable() { return {"no tensor without dimensions", refuse_chunks}; }

}  // namespace isotorch::rules
