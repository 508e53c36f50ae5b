#include <ATen/Functions.h>

#include <algorithm>
#include <string>
#include <vector>

#include "bridge/refusals/arguments.h"
#include "bridge/refusals/particular.h"

namespace isotorch::rules {
namespace {

// The kernel takes a diagonal outside of the matrix for one of negative length, and writes the others beside the result.
void refuse_outside(const Arguments& call) {
  const torch::jit::Stack& arguments = call.stack();
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

// Each row is written from its start to the next one's.
void refuse_rows(const Arguments& arguments) {
  const at::Tensor& starts = arguments.required("crow_indices");
  const at::Tensor& columns = arguments.required("col_indices");
  if (!readable(starts) || !c10::isIntegralType(starts.scalar_type(), false)) return;
  const std::string& function = arguments.function();
  TORCH_CHECK(starts.dim() >= 1 && starts.dim() == columns.dim() && starts.size(-1) >= 1 &&
                  starts.sizes().slice(0, starts.dim() - 1) == columns.sizes().slice(0, columns.dim() - 1),
              function,
              "(): argument 'crow_indices' must have a start for each row of 'col_indices', and one more");
  const int64_t rows = starts.size(-1) - 1;
  const bool rising = rows == 0 || at::diff(starts).ge(0).all().item<bool>();
  const bool whole = starts.numel() == 0 || (starts.select(-1, 0).eq(0).all().item<bool>() &&
                                             starts.select(-1, rows).eq(columns.size(-1)).all().item<bool>());
  TORCH_CHECK(rising && whole, function, "(): argument 'crow_indices' must rise from 0 to ",
              columns.size(-1));
}

// Indices are clamped to the last element, which there must be.
void refuse_empty_indexed(const Arguments& arguments) {
  const at::Tensor& self = arguments.required("self");
  const c10::IValue* list = arguments.find("indices");
  int64_t dim = 0;
  for (const c10::IValue& index : list->toListRef()) {
    const bool given = index.isTensor() && index.toTensor().defined();
    TORCH_CHECK(!given || (dim < self.dim() && self.size(dim) > 0), arguments.function(),
                "(): argument 'indices' must index dimensions of 'self' that have elements, not ", dim,
                " of ", self.sizes());
    ++dim;
  }
}

// A vector for each index.
void refuse_vectors(const Arguments& arguments) {
  const at::Tensor* given = arguments.tensor("grad");
  const at::Tensor& gradient = given != nullptr ? *given : arguments.required("grad_output");
  const at::Tensor& indices = arguments.required("indices");
  TORCH_CHECK(gradient.dim() > 0 && gradient.numel() == indices.numel() * gradient.size(-1),
              arguments.function(), "(): the gradient must have a vector for each of ", indices.numel(),
              " indices, not the size ", gradient.sizes());
}

void refuse_pivots(const Arguments& arguments) {
  if (!flag(arguments, "unpack_pivots")) return;
  const at::Tensor& factors = arguments.required("LU_data");
  const at::Tensor& pivots = arguments.required("LU_pivots");
  if (factors.dim() < 2) return;
  std::vector<int64_t> sizes = factors.sizes().vec();
  sizes.pop_back();
  sizes.back() = std::min(factors.size(-1), factors.size(-2));
  TORCH_CHECK(pivots.sizes() == sizes, arguments.function(), "(): argument 'LU_pivots' must have the size ",
              at::IntArrayRef(sizes), ", not ", pivots.sizes());
}

// Half of the values stand for all: just that half must be there.
void refuse_half(const Arguments& arguments) {
  const at::Tensor& self = arguments.required("self");
  const std::vector<int64_t> dims = arguments.integers("dim");
  const int64_t size = arguments.integers("last_dim_size").at(0);
  if (dims.empty()) return;
  TORCH_CHECK(size >= 1 && self.size(dims.back()) == size / 2 + 1, arguments.function(),
              "(): argument 'last_dim_size' must be at least 1 and have ", size / 2 + 1,
              " values in 'self', not ", self.size(dims.back()));
}

// libtorch compares the first offset with 0 and the last with the rows of the indices, which may have no elements.
void refuse_bags(const Arguments& arguments) {
  const at::Tensor& indices = arguments.required("indices");
  const at::Tensor& offsets = arguments.required("offsets");
  const std::string& function = arguments.function();
  TORCH_CHECK(offsets.dim() < 2 || offsets.numel() > 0, function,
              "(): argument 'offsets' must have 1 dimension, not the size ", offsets.sizes());
  if (!readable(offsets) || !c10::isIntegralType(offsets.scalar_type(), false) || offsets.dim() != 1 ||
      offsets.numel() == 0 || offsets[0].item<int64_t>() != 0)
    return;
  TORCH_CHECK(offsets.ge(0).all().item<bool>(), function,
              "(): argument 'offsets' must not be negative, but has ", offsets.min().item<int64_t>());
  const bool inside = indices.dim() != 2 || indices.numel() > 0 || offsets.eq(0).all().item<bool>();
  TORCH_CHECK(inside, function, "(): argument 'offsets' must be 0 where 'indices' has no elements, but has ",
              offsets.max().item<int64_t>());
}

}  // namespace

Rule diagonals_inside() { return {"diagonals inside of the shape", refuse_outside}; }
Rule row_starts() { return {"crow_indices rising to the number of col_indices", refuse_rows}; }
Rule pivots_fit() { return {"LU_pivots of LU_data's size", refuse_pivots}; }
Rule indexed() { return {"indices of dimensions that have elements", refuse_empty_indexed}; }
Rule bags_inside() { return {"offsets from 0 on, and no more than the elements of indices", refuse_bags}; }
Rule vectors() { return {"a vector of the gradient for each index", refuse_vectors}; }
Rule half_of_last() { return {"last_dim_size within the values of self", refuse_half}; }

}  // namespace isotorch::rules
