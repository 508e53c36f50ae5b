// Indexing with the operator calls of torch/csrc/autograd/python_variable_indexing.cpp, in their order: then results,
// graph nodes, aliasing and errors are Python's.
//
// JavaScript sends an index as a program: four doubles an item, the kind and up to three operands. Tensors in it are
// handles.
#include <ATen/DeviceGuard.h>
#include <ATen/SparseCsrTensorUtils.h>
#include <ATen/TensorIndexing.h>
#include <ATen/ops/alias.h>
#include <ATen/ops/lift_fresh.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "bridge/call.h"
#include "exports.h"

namespace isotorch {
namespace {

using at::indexing::TensorIndex;

// The order of Kind in lib/torch/tensor/index/program.ts.
enum class Kind { kInt, kInt64, kSlice, kNone, kEllipsis, kBool, kTensor, kSequence, kInvalid };
// The order of ValueKind there.
enum class ValueKind { kTensor, kInt, kInt64, kFloat, kComplex };

struct Item {
  double kind, a, b, c;
  Kind index_kind() const { return static_cast<Kind>(static_cast<int>(kind)); }
};

// The first `count` items of a program; `extra` more must follow.
c10::ArrayRef<Item> read_items(const Call& call, size_t index, int64_t count, int64_t extra) {
  const auto program = call.elements<double>(index, "index");
  if (count < 0 || static_cast<size_t>(count + extra) * 4 > program.size()) {
    throw call.wrong("count", "the number of items in the index");
  }
  return {reinterpret_cast<const Item*>(program.data()), static_cast<size_t>(count + extra)};
}

int64_t bits(double value) {
  int64_t integer;
  std::memcpy(&integer, &value, sizeof integer);
  return integer;
}

constexpr double kTwoTo63 = 9223372036854775808.0;

// As PySlice_Unpack: bounds beyond int64 are as good as its ends.
int64_t clamp(double bound) {
  if (bound >= kTwoTo63) return std::numeric_limits<int64_t>::max();
  if (bound <= -kTwoTo63) return std::numeric_limits<int64_t>::min();
  return static_cast<int64_t>(bound);
}

at::indexing::Slice slice(const Item& item) {
  const auto bound = [](double value) {
    return std::isnan(value) ? std::nullopt : std::optional<c10::SymInt>(clamp(value));
  };
  return at::indexing::Slice(bound(item.a), bound(item.b), bound(item.c));
}

int64_t integer(const Item& item) {
  if (item.index_kind() == Kind::kInt64) return bits(item.a);
  TORCH_CHECK_VALUE(item.a < kTwoTo63 && item.a >= -kTwoTo63, "Overflow when unpacking long long");
  return static_cast<int64_t>(item.a);
}

const at::Tensor& tensor_of(const Call& call, double handle, const char* name) {
  const at::Tensor* tensor = call.env.slots.find(static_cast<uint32_t>(handle));
  TORCH_CHECK(tensor != nullptr, "argument '", name,
              "' is a disposed tensor: it was freed by dispose() or at the end of its torch.scope. "
              "Return it from the scope or pass it to torch.keep() to use it later");
  return *tensor;
}

TensorIndex to_index(const Call& call, const Item& item) {
  switch (item.index_kind()) {
    case Kind::kInt:
    case Kind::kInt64:
      return TensorIndex(integer(item));
    case Kind::kSlice:
      return TensorIndex(slice(item));
    case Kind::kNone:
      return TensorIndex(std::nullopt);
    case Kind::kEllipsis:
      return TensorIndex(at::indexing::Ellipsis);
    case Kind::kBool:
      return TensorIndex(item.a != 0);
    default:
      return TensorIndex(tensor_of(call, item.a, "index"));
  }
}

bool is_simple(Kind kind) { return kind <= Kind::kBool; }

// How many dimensions the items take up: a mask takes as many as it has, a nested list always one.
int64_t count_dimensions(const Call& call, c10::ArrayRef<Item> items) {
  int64_t count = 0;
  for (const Item& item : items) {
    const Kind kind = item.index_kind();
    if (kind == Kind::kNone || kind == Kind::kEllipsis || kind == Kind::kBool) continue;
    if (kind == Kind::kTensor) {
      const at::Tensor& tensor = tensor_of(call, item.a, "index");
      const bool mask = tensor.scalar_type() == at::kByte || tensor.scalar_type() == at::kBool;
      count += mask ? tensor.dim() : 1;
    } else {
      ++count;
    }
  }
  return count;
}

// Applies everything but index tensors, which are left in `indices`. False at an item that JavaScript could not
// convert: Python notices that one only after the items before it were applied.
bool apply(const Call& call, const at::Tensor& self, c10::ArrayRef<Item> items, at::Tensor& result,
           std::vector<at::Tensor>& indices) {
  int64_t specified = count_dimensions(call, items);
  if (!self.is_nested()) {
    TORCH_CHECK_INDEX(specified <= self.dim(), "too many indices for tensor of dimension ", self.dim());
  }
  int64_t dim = 0;
  result = self;
  for (size_t i = 0; i < items.size(); ++i) {
    if (items[i].index_kind() == Kind::kInvalid) return false;
    const auto sizes = result.is_nested() ? std::nullopt : std::make_optional(result.sym_sizes());
    result = at::indexing::handleDimInMultiDimIndexing(result, self, to_index(call, items[i]), &dim,
                                                       &specified, static_cast<int64_t>(i), indices, false,
                                                       self.device(), sizes);
  }
  return true;
}

at::Tensor scalar_value(const Item& item, const at::TensorOptions& options, at::Device device) {
  c10::Scalar scalar;
  switch (static_cast<ValueKind>(static_cast<int>(item.kind))) {
    case ValueKind::kInt:
      scalar = c10::Scalar(static_cast<int64_t>(item.a));
      break;
    case ValueKind::kInt64:
      scalar = c10::Scalar(bits(item.a));
      break;
    case ValueKind::kFloat:
      scalar = c10::Scalar(item.a);
      break;
    default:
      scalar = c10::Scalar(c10::complex<double>(item.a, item.b));
  }
  const at::AutoDispatchBelowADInplaceOrView guard;
  const at::Tensor value = at::indexing::scalarToTensor(scalar, options, device);
  return device == at::kCPU ? at::lift_fresh(value) : value;
}

at::Tensor value_for(const Call& call, const at::Tensor& self, const Item& item) {
  if (static_cast<int>(item.kind) == static_cast<int>(ValueKind::kTensor))
    return tensor_of(call, item.a, "value");
  if (c10::isQIntType(self.scalar_type())) {
    return scalar_value(item, at::device(at::kCPU).dtype(at::kFloat), at::kCPU);
  }
  return scalar_value(item, self.options(), self.is_cuda() ? at::Device(at::kCPU) : self.device());
}

// (self, program, count, tuple): undefined where an item is invalid.
Napi::Value getitem(Call& call) {
  const at::Tensor self = call.tensor(0, "self");
  const auto items = read_items(call, 1, call.integer(2, "count"), 0);
  const at::OptionalDeviceGuard guard(at::device_of(self));
  if (!call.boolean(3, "tuple") && items.size() == 1 && is_simple(items[0].index_kind())) {
    return call.handle(at::indexing::get_item(self, TensorIndex(to_index(call, items[0]))));
  }
  at::Tensor result;
  std::vector<at::Tensor> indices;
  if (!apply(call, self, items, result, indices)) return {};
  if (!indices.empty()) return call.handle(at::indexing::dispatch_index(result, std::move(indices)));
  return call.handle(result.is_same(self) ? at::alias(result) : result);
}

// (self, program, count, tuple): the value follows the items. False where an item is invalid.
bool setitem(Call& call) {
  const at::Tensor self = call.tensor(0, "self");
  const auto all = read_items(call, 1, call.integer(2, "count"), 1);
  const auto items = all.slice(0, all.size() - 1);
  const bool sparse = self.layout() == at::kSparse || at::sparse_csr::is_sparse_compressed(self);
  TORCH_CHECK_TYPE(!sparse, "Cannot assign to a sparse tensor");
  const at::OptionalDeviceGuard guard(at::device_of(self));
  const at::Tensor value = value_for(call, self, all.back());
  if (!call.boolean(3, "tuple") && items.size() == 1 && is_simple(items[0].index_kind())) {
    at::indexing::set_item(self, TensorIndex(to_index(call, items[0])), value);
    return true;
  }
  at::Tensor result;
  std::vector<at::Tensor> indices;
  if (!apply(call, self, items, result, indices)) return false;
  if (indices.empty()) {
    at::indexing::copy_to(result, value);
    return true;
  }
  const auto sizes = value.sym_sizes();
  const auto significant = at::indexing::slicePrefix1sSize(sizes);
  at::indexing::dispatch_index_put_(result, std::move(indices),
                                    sizes.equals(significant) ? value : value.view_symint(significant));
  return true;
}

}  // namespace

void define_indexing(Napi::Object exports) {
  define(exports, {ISOTORCH_FUNCTION(getitem), ISOTORCH_FUNCTION(setitem)});
}

}  // namespace isotorch
