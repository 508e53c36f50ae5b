#include "tensor/sparse.h"

#include <ATen/Functions.h>
#include <ATen/SparseCsrTensorImpl.h>
#include <ATen/SparseTensorImpl.h>

#include <cstring>

namespace isotorch {
namespace {

bool is_row_major_on_cpu(const at::Tensor& indices) { return indices.is_cpu() && indices.is_contiguous(); }

// Negative ones are large numbers here.
template <typename Index>
bool all_below(const Index* indices, int64_t count, int64_t size) {
  bool below = true;
  for (int64_t i = 0; i < count; ++i)
    below &= static_cast<uint64_t>(indices[i]) < static_cast<uint64_t>(size);
  return below;
}

bool fits(const at::SparseTensorImpl& impl) {
  const at::Tensor& indices = impl.indices();
  const at::Tensor& values = impl.values();
  if (indices.dim() != 2 || values.dim() < 1 || indices.size(1) != values.size(0)) return false;
  const int64_t count = indices.size(1);
  const int64_t* data = indices.const_data_ptr<int64_t>();
  for (int64_t dim = 0; dim < indices.size(0); ++dim) {
    if (!all_below(data + dim * count, count, impl.size(dim))) return false;
  }
  return true;
}

void check_coordinates(const at::Tensor& tensor, const at::SparseTensorImpl& impl) {
  if (!impl.indices().is_cpu()) return;
  if (is_row_major_on_cpu(impl.indices()) && fits(impl)) return;
  at::_validate_sparse_coo_tensor_args(impl.indices(), impl.values(), tensor.sizes());
}

// Each row's elements start where those of the row before end.
template <typename Index>
bool rows_follow(const at::Tensor& compressed, int64_t count, int64_t most) {
  const int64_t length = compressed.size(-1);
  const int64_t rows = compressed.numel() / length;
  const Index* data = compressed.const_data_ptr<Index>();
  bool follow = true;
  for (int64_t row = 0; row < rows; ++row, data += length) {
    follow &= data[0] == 0 && data[length - 1] == count;
    for (int64_t i = 1; i < length; ++i) follow &= data[i] >= data[i - 1] && data[i] - data[i - 1] <= most;
  }
  return follow;
}

template <typename Index>
bool fits(const at::SparseCsrTensorImpl& impl, const at::Tensor& compressed, const at::Tensor& plain,
          const at::Tensor& values) {
  const bool by_row = impl.layout() == at::kSparseCsr || impl.layout() == at::kSparseBsr;
  const bool blocks = impl.layout() == at::kSparseBsr || impl.layout() == at::kSparseBsc;
  const int64_t batches = compressed.dim() - 1;
  if (batches < 0 || plain.dim() != batches + 1 || values.dim() < batches + (blocks ? 3 : 1)) return false;
  const int64_t count = plain.size(-1);
  if (values.size(batches) != count || impl.dim() < batches + 2) return false;
  int64_t lines = impl.size(batches + (by_row ? 0 : 1));
  int64_t places = impl.size(batches + (by_row ? 1 : 0));
  if (blocks) {
    const int64_t line = values.size(batches + (by_row ? 1 : 2));
    const int64_t place = values.size(batches + (by_row ? 2 : 1));
    if (line < 1 || place < 1) return false;
    lines /= line;
    places /= place;
  }
  for (int64_t i = 0; i < batches; ++i) {
    const int64_t size = impl.size(i);
    if (compressed.size(i) != size || plain.size(i) != size || values.size(i) != size) return false;
  }
  if (compressed.size(-1) != lines + 1) return false;
  return rows_follow<Index>(compressed, count, places) &&
         all_below(plain.const_data_ptr<Index>(), plain.numel(), places);
}

void check_rows(const at::Tensor& tensor, at::SparseCsrTensorImpl& impl) {
  const at::Tensor& compressed = impl.compressed_indices();
  const at::Tensor& plain = impl.plain_indices();
  const at::Tensor& values = impl.values();
  if (!compressed.is_cpu() || !plain.is_cpu()) return;
  if (is_row_major_on_cpu(compressed) && is_row_major_on_cpu(plain) &&
      compressed.scalar_type() == plain.scalar_type() &&
      (compressed.scalar_type() == at::kLong ? fits<int64_t>(impl, compressed, plain, values)
                                             : fits<int32_t>(impl, compressed, plain, values))) {
    return;
  }
  at::_validate_sparse_compressed_tensor_args(compressed, plain, values, tensor.sizes(), impl.layout());
}

}  // namespace

void refuse_stray_indices(const at::Tensor& sparse) {
  c10::TensorImpl* impl = sparse.unsafeGetTensorImpl();
  if (const auto* coordinates = dynamic_cast<at::SparseTensorImpl*>(impl)) {
    check_coordinates(sparse, *coordinates);
  } else if (auto* rows = dynamic_cast<at::SparseCsrTensorImpl*>(impl)) {
    check_rows(sparse, *rows);
  }
}

void settle_unusual(const at::Tensor& result) {
  if (result.is_nested()) {
    // Joined along a dimension in which the parts differ, for instance.
    TORCH_CHECK(!result.has_storage() || result.nbytes() <= result.storage().nbytes(),
                "the nested tensor would have ", result.numel(), " elements, and memory for ",
                result.storage().nbytes() / result.element_size());
    return;
  }
  // What was allocated without elements has rows that start and end anywhere.
  auto* impl = dynamic_cast<at::SparseCsrTensorImpl*>(result.unsafeGetTensorImpl());
  if (impl == nullptr || impl->plain_indices().numel() > 0) return;
  const at::Tensor& compressed = impl->compressed_indices();
  if (!is_row_major_on_cpu(compressed)) return;
  std::memset(compressed.mutable_data_ptr(), 0, compressed.nbytes());
}

}  // namespace isotorch
