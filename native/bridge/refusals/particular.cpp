#include "bridge/refusals/particular.h"

#include <ATen/Functions.h>
#include <ATen/native/TypeProperties.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>

#include "tensor/storage.h"

namespace isotorch {
namespace {

bool readable(const at::Tensor& tensor) {
  return tensor.is_cpu() && tensor.layout() == at::kStrided && !tensor._is_zerotensor() &&
         !lacks_memory(tensor);
}

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

void refuse_without(const Arguments& arguments, bool needed, std::string_view name) {
  TORCH_CHECK(!needed || arguments.find(name) == nullptr || arguments.tensor(name) != nullptr,
              arguments.function(), "(): argument '", name, "' must be a tensor, not None");
}

bool flag(const Arguments& arguments, std::string_view name) {
  const c10::IValue* value = arguments.find(name);
  return value != nullptr && value->isBool() && value->toBool();
}

// Without training, the kernel reads the running statistics.
void refuse_without_statistics(const Arguments& arguments) {
  const bool training = flag(arguments, "training");
  refuse_without(arguments, !training, "running_mean");
  refuse_without(arguments, !training, "running_var");
  TORCH_CHECK(training || arguments.find("running_mean") != nullptr || arguments.find("training") == nullptr,
              arguments.function(),
              "(): argument 'training' must be true where there are no running statistics");
}

void refuse_without_saved_statistics(const Arguments& arguments) {
  const bool training = flag(arguments, "train") || flag(arguments, "update");
  for (const char* name : {"save_mean", "save_invstd", "save_var", "save_var_transform"}) {
    refuse_without(arguments, training, name);
  }
  for (const char* name : {"running_mean", "running_var"}) refuse_without(arguments, !training, name);
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

// The kernel walks the data by the lengths, or from offset to offset.
void refuse_segments(const Arguments& arguments) {
  const at::Tensor& data = arguments.required("data");
  const int64_t axis = arguments.integers("axis").at(0);
  const std::string& function = arguments.function();
  TORCH_CHECK(axis >= 0 && axis < data.dim(), function,
              "(): argument 'axis' must be a dimension of 'data', not ", axis);
  const at::Tensor* lengths = arguments.tensor("lengths");
  const at::Tensor* offsets = arguments.tensor("offsets");
  const at::Tensor* given = lengths != nullptr ? lengths : offsets;
  TORCH_CHECK(lengths == nullptr || offsets == nullptr, function,
              "(): only one of 'lengths' and 'offsets' may be given");
  TORCH_CHECK(
      given != nullptr && given->dim() == axis + 1 && c10::isIntegralType(given->scalar_type(), false),
      function, "(): argument 'lengths' or 'offsets' must be given, of whole numbers and ", axis + 1,
      " dimensions");
  TORCH_CHECK(given->sizes().slice(0, axis) == data.sizes().slice(0, axis), function,
              "(): argument 'lengths' or 'offsets' must have the sizes of 'data' before ", axis);
  if (!readable(*given) || given->numel() == 0) return;
  const at::Tensor steps = lengths != nullptr ? *lengths : at::diff(*given, 1, -1);
  const at::Tensor ends = lengths != nullptr ? lengths->sum(-1) : given->select(-1, given->size(-1) - 1);
  const bool rising = steps.ge(0).all().item<bool>();
  const bool inside =
      ends.le(data.size(axis)).all().item<bool>() && (lengths != nullptr || given->ge(0).all().item<bool>());
  TORCH_CHECK(rising && inside, function, "(): argument 'lengths' or 'offsets' must be segments of the ",
              data.size(axis), " items of 'data'");
  const at::Tensor* output = arguments.tensor("output");
  if (output == nullptr) return;
  std::vector<int64_t> sizes = data.sizes().vec();
  sizes[axis] = given->size(-1) - (lengths != nullptr ? 0 : 1);
  TORCH_CHECK(output->sizes() == sizes && arguments.required("grad").sizes() == sizes, function,
              "(): arguments 'grad' and 'output' must have the size ", at::IntArrayRef(sizes));
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

// Targets are read, and the alphas written, by the lengths that are given.
void refuse_lengths(const Arguments& arguments) {
  const at::Tensor& log_probs = arguments.required("log_probs");
  const at::Tensor& targets = arguments.required("targets");
  const std::string& function = arguments.function();
  if (log_probs.dim() != 3 || arguments.tensor("input_lengths") != nullptr) return;
  const std::vector<int64_t> inputs = arguments.integers("input_lengths");
  const std::vector<int64_t> lengths = arguments.integers("target_lengths");
  const int64_t batch = log_probs.size(1);
  TORCH_CHECK(static_cast<int64_t>(inputs.size()) == batch && inputs.size() == lengths.size(), function,
              "(): arguments 'input_lengths' and 'target_lengths' must have a length for each of ", batch,
              " samples");
  int64_t total = 0;
  int64_t longest = 0;
  for (size_t i = 0; i < inputs.size(); ++i) {
    TORCH_CHECK(inputs[i] >= 0 && inputs[i] <= log_probs.size(0) && lengths[i] >= 0, function,
                "(): arguments 'input_lengths' and 'target_lengths' must be from 0, and inputs to ",
                log_probs.size(0));
    total += lengths[i];
    longest = std::max(longest, lengths[i]);
  }
  const bool flat = targets.dim() == 1;
  TORCH_CHECK(flat ? targets.size(0) >= total
                   : targets.dim() == 2 && targets.size(0) == batch && targets.size(1) >= longest,
              function, "(): argument 'targets' must have an element for each of the target lengths, not ",
              targets.sizes());
  const at::Tensor* alpha = arguments.tensor("log_alpha");
  if (alpha == nullptr) return;
  TORCH_CHECK(alpha->dim() == 3 && alpha->size(0) == batch && alpha->size(1) == log_probs.size(0) &&
                  alpha->size(2) >= 2 * longest + 1,
              function, "(): argument 'log_alpha' must have the size [", batch, ", ", log_probs.size(0), ", ",
              2 * longest + 1, "], not ", alpha->sizes());
}

// The kernels take the statistics of so many groups, or rows, for given.
void refuse_groups(const Arguments& arguments) {
  const at::Tensor& input = arguments.required("input");
  const int64_t batch = arguments.integers("N").at(0);
  const int64_t channels = arguments.integers("C").at(0);
  const int64_t area = arguments.integers("HxW").at(0);
  const int64_t groups = arguments.integers("group").at(0);
  const std::string& function = arguments.function();
  TORCH_CHECK(groups >= 1 && channels % groups == 0, function,
              "(): argument 'group' must divide the number of channels, ", channels, ", not ", groups);
  const double elements =
      static_cast<double>(batch) * static_cast<double>(channels) * static_cast<double>(area);
  TORCH_CHECK(batch >= 0 && channels >= 0 && area >= 0 && static_cast<double>(input.numel()) == elements,
              function, "(): argument 'input' must have N * C * HxW elements, ", elements, ", not ",
              input.numel());
  for (const char* name : {"weight", "bias", "gamma"}) {
    const at::Tensor* tensor = arguments.tensor(name);
    TORCH_CHECK(tensor == nullptr || tensor->numel() == channels, function, "(): argument '", name,
                "' must have ", channels, " elements");
  }
  for (const char* name : {"mean", "rstd"}) {
    const at::Tensor* tensor = arguments.tensor(name);
    TORCH_CHECK(tensor == nullptr || tensor->numel() == batch * groups, function, "(): argument '", name,
                "' must have ", batch * groups, " elements");
  }
}

void refuse_rows_of_norm(const Arguments& arguments) {
  const at::Tensor& input = arguments.required("input");
  const std::vector<int64_t> shape = arguments.integers("normalized_shape");
  const std::string& function = arguments.function();
  TORCH_CHECK(!shape.empty() && static_cast<int64_t>(shape.size()) <= input.dim() &&
                  input.sizes().slice(input.dim() - static_cast<int64_t>(shape.size())) == shape,
              function, "(): argument 'normalized_shape' must be the last sizes of 'input', ", input.sizes());
  const int64_t rows =
      c10::multiply_integers(input.sizes().slice(0, input.dim() - static_cast<int64_t>(shape.size())));
  for (const char* name : {"mean", "rstd"}) {
    const at::Tensor* tensor = arguments.tensor(name);
    TORCH_CHECK(tensor == nullptr || tensor->numel() == rows, function, "(): argument '", name,
                "' must have ", rows, " elements, not ", tensor->numel());
  }
  const at::Tensor* weight = arguments.tensor("weight");
  TORCH_CHECK(weight == nullptr || weight->sizes() == shape, function,
              "(): argument 'weight' must have the size ", at::IntArrayRef(shape), ", not ", weight->sizes());
}

void refuse_pairs(const Arguments& arguments) {
  const int64_t points = arguments.required("self").size(0);
  const int64_t pairs = points * (points - 1) / 2;
  TORCH_CHECK(arguments.required("pdist").numel() == pairs, arguments.function(),
              "(): argument 'pdist' must have ", pairs, " elements, one for each pair");
}

// One vector of norms for each size of the dimension.
void refuse_norms(const Arguments& arguments) {
  const at::Tensor* saved = arguments.tensor("saved_v");
  const at::Tensor& v = saved != nullptr ? *saved : arguments.required("v");
  const at::Tensor& g = arguments.required(saved != nullptr ? "saved_g" : "g");
  const int64_t dim = arguments.integers("dim").at(0);
  const std::string& function = arguments.function();
  TORCH_CHECK(v.dim() > 0 && dim >= -v.dim() && dim < v.dim() && v.numel() > 0, function,
              "(): argument 'dim' must be a dimension of a tensor that has elements");
  TORCH_CHECK(g.numel() == v.size(dim) && g.scalar_type() == v.scalar_type(), function,
              "(): argument 'g' must have a norm of the same dtype for each of ", v.size(dim),
              ", not the size ", g.sizes());
}

// One number, or one for each sample where nothing is reduced.
void refuse_reduced(const Arguments& arguments) {
  const at::Tensor& self = arguments.required("self");
  const int64_t count =
      arguments.integers("reduction").at(0) == at::Reduction::None && self.dim() > 1 ? self.size(0) : 1;
  TORCH_CHECK(arguments.required("grad_output").numel() == count, arguments.function(),
              "(): argument 'grad_output' must have ", count, " elements");
}

// Whole numbers are divided by the threshold as a whole number.
void refuse_threshold(const Arguments& arguments) {
  const double beta = arguments.find("beta")->toDouble();
  const bool whole = c10::isIntegralType(arguments.required("self").scalar_type(), true);
  TORCH_CHECK(!whole || beta >= 1, arguments.function(),
              "(): argument 'beta' must be at least 1 for whole numbers, not ", beta);
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

// In libtorch's words: its own check stands in one of the kernels only.
void refuse_no_tensors(const Arguments& arguments) {
  TORCH_CHECK_VALUE(!arguments.find("tensors")->toListRef().empty(),
                    "torch.cat(): expected a non-empty list of Tensors");
}

Rule particular(std::string text, std::function<void(const Arguments&)> check) {
  return {std::move(text), std::move(check)};
}

}  // namespace

namespace rules {

Rule quotient_fits() { return particular("no quotient without an int", refuse_overflow); }
Rule diagonals_inside() { return particular("diagonals inside of the shape", refuse_outside); }
Rule source_in_memory() { return particular("source with memory", refuse_set); }
Rule resizable() { return particular("self no zero tensor", refuse_resize); }
Rule padded(int64_t dims, bool reflected) {
  return particular("grad_output of self's size and the padding of " + std::to_string(dims) + " dimensions",
                    [=](const Arguments& arguments) { refuse_unpadded(arguments, dims, reflected); });
}
Rule statistics() {
  return particular("running statistics given where not training", refuse_without_statistics);
}
Rule saved_statistics() {
  return particular("saved statistics given where training, else the running ones",
                    refuse_without_saved_statistics);
}
Rule inside_storage() { return particular("size and stride inside of the storage", refuse_view_outside); }
Rule row_starts() { return particular("crow_indices rising to the number of col_indices", refuse_rows); }
Rule step_of_one() { return particular("step at least 1 for whole numbers", refuse_step); }
Rule segments() { return particular("lengths or offsets inside of data", refuse_segments); }
Rule groups() { return particular("sizes that N, C, HxW and group tell", refuse_groups); }
Rule normalized_rows() { return particular("sizes that normalized_shape tells", refuse_rows_of_norm); }
Rule pairs() { return particular("an element of pdist for each pair", refuse_pairs); }
Rule norms() { return particular("a norm for each size at dim", refuse_norms); }
Rule reduced() { return particular("one element of grad_output, or one for each sample", refuse_reduced); }
Rule whole_threshold() { return particular("beta at least 1 for whole numbers", refuse_threshold); }
Rule pivots_fit() { return particular("LU_pivots of LU_data's size", refuse_pivots); }
Rule windows() { return particular("grad_in of the size of the windows", refuse_windows); }
Rule indexed() { return particular("indices of dimensions that have elements", refuse_empty_indexed); }
Rule vectors() { return particular("a vector of the gradient for each index", refuse_vectors); }
Rule some_tensors() { return particular("tensors not empty", refuse_no_tensors); }
Rule place_inside() { return particular("out_dim a place in self", refuse_place); }
Rule packed_weights() { return particular("packed_weights for all features", refuse_packed); }
Rule convolved() { return particular("lists for each dimension of weight", refuse_unlike_weight); }
Rule padded_enough() { return particular("sizes within those of padded", refuse_padding); }
Rule half_of_last() { return particular("last_dim_size within the values of self", refuse_half); }
Rule chunkable() { return particular("no tensor without dimensions", refuse_chunks); }
Rule lengths_inside() {
  return particular("lengths within log_probs, targets and log_alpha", refuse_lengths);
}

}  // namespace rules
}  // namespace isotorch
