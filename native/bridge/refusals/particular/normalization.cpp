#include <string>
#include <string_view>
#include <vector>

#include "bridge/refusals/arguments.h"
#include "bridge/refusals/particular.h"

namespace isotorch::rules {
namespace {

void refuse_without(const Arguments& arguments, bool needed, std::string_view name) {
  TORCH_CHECK(!needed || arguments.find(name) == nullptr || arguments.tensor(name) != nullptr,
              arguments.function(), "(): argument '", name, "' must be a tensor, not None");
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

// One vector of norms for each size of the dimension. The operator itself has a kernel for the first and the last one only;
// for any other, and for -1, which stands for one norm of all, it is made of operators that check by themselves.
void refuse_norms(const Arguments& arguments) {
  const at::Tensor* saved = arguments.tensor("saved_v");
  const at::Tensor& v = saved != nullptr ? *saved : arguments.required("v");
  const at::Tensor& g = arguments.required(saved != nullptr ? "saved_g" : "g");
  const int64_t dim = arguments.integers("dim").at(0);
  const std::string& function = arguments.function();
  if (function == "aten::_weight_norm" && dim != 0 && dim != v.dim() - 1) return;
  TORCH_CHECK(v.dim() > 0 && dim >= -v.dim() && dim < v.dim() && v.numel() > 0, function,
              "(): argument 'dim' must be a dimension of a tensor that has elements");
  TORCH_CHECK(g.numel() == v.size(dim) && g.scalar_type() == v.scalar_type(), function,
              "(): argument 'g' must have a norm of the same dtype for each of ", v.size(dim),
              ", not the size ", g.sizes());
}

}  // namespace

Rule statistics() { return {"running statistics given where not training", refuse_without_statistics}; }
Rule saved_statistics() {
  return {"saved statistics given where training, else the running ones", refuse_without_saved_statistics};
}
Rule groups() { return {"sizes that N, C, HxW and group tell", refuse_groups}; }
Rule normalized_rows() { return {"sizes that normalized_shape tells", refuse_rows_of_norm}; }
Rule norms() { return {"a norm for each size at dim", refuse_norms}; }

}  // namespace isotorch::rules
