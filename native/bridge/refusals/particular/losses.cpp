#include <ATen/ExpandUtils.h>
#include <ATen/Functions.h>
#include <ATen/core/Reduction.h>

#include <algorithm>
#include <string>
#include <vector>

#include "bridge/refusals/arguments.h"
#include "bridge/refusals/particular.h"

namespace isotorch::rules {
namespace {

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

void refuse_pairs(const Arguments& arguments) {
  const int64_t points = arguments.required("self").size(0);
  const int64_t pairs = points * (points - 1) / 2;
  TORCH_CHECK(arguments.required("pdist").numel() == pairs, arguments.function(),
              "(): argument 'pdist' must have ", pairs, " elements, one for each pair");
}

// The kernel reads a distance for each pair of rows, in each of the matrices that the batches are broadcast to.
void refuse_distances(const Arguments& arguments) {
  const at::Tensor& x1 = arguments.required("x1");
  const at::Tensor& x2 = arguments.required("x2");
  const std::string& function = arguments.function();
  TORCH_CHECK(x1.dim() >= 2 && x2.dim() >= 2 && x1.size(-1) == x2.size(-1), function,
              "(): arguments 'x1' and 'x2' must be matrices of as many columns, not of sizes ", x1.sizes(),
              " and ", x2.sizes());
  std::vector<int64_t> sizes =
      at::infer_size(x1.sizes().slice(0, x1.dim() - 2), x2.sizes().slice(0, x2.dim() - 2));
  sizes.insert(sizes.end(), {x1.size(-2), x2.size(-2)});
  for (const char* name : {"grad", "cdist"}) {
    const at::Tensor& distances = arguments.required(name);
    TORCH_CHECK(distances.sizes() == sizes, function, "(): argument '", name, "' must have the size ",
                at::IntArrayRef(sizes), ", not ", distances.sizes());
  }
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

}  // namespace

Rule segments() { return {"lengths or offsets inside of data", refuse_segments}; }
Rule distances() { return {"a distance for each pair of rows of x1 and x2", refuse_distances}; }
Rule pairs() { return {"an element of pdist for each pair", refuse_pairs}; }
Rule reduced() { return {"one element of grad_output, or one for each sample", refuse_reduced}; }
Rule whole_threshold() { return {"beta at least 1 for whole numbers", refuse_threshold}; }
Rule lengths_inside() { return {"lengths within log_probs, targets and log_alpha", refuse_lengths}; }

}  // namespace isotorch::rules
