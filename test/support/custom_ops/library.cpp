// Operators of a user's own library, as test/native/custom_ops.test.ts compiles and loads them.
#include <ATen/core/Tensor.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/ops/add.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <sstream>

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// y + scale * x², with a backward of its own.
at::Tensor square_add(const at::Tensor& x, const at::Tensor& y, double scale) {
  return at::add(y, at::mul(at::mul(x, x), scale));
}

struct SquareAdd : torch::autograd::Function<SquareAdd> {
  static at::Tensor forward(AutogradContext* ctx, const at::Tensor& x, const at::Tensor& y, double scale) {
    const at::AutoDispatchBelowADInplaceOrView below;
    ctx->save_for_backward({x});
    ctx->saved_data["scale"] = scale;
    static const auto op = c10::Dispatcher::singleton()
                               .findSchemaOrThrow("isotest::square_add", "")
                               .typed<at::Tensor(const at::Tensor&, const at::Tensor&, double)>();
    return op.call(x, y, scale);
  }

  static variable_list backward(AutogradContext* ctx, variable_list gradients) {
    const at::Tensor x = ctx->get_saved_variables()[0];
    const double scale = ctx->saved_data["scale"].toDouble();
    return {at::mul(at::mul(gradients[0], x), 2 * scale), gradients[0], at::Tensor()};
  }
};

at::Tensor square_add_autograd(const at::Tensor& x, const at::Tensor& y, double scale) {
  return SquareAdd::apply(x, y, scale);
}

// What arrived, in one line: for the kinds of arguments that libtorch's own operators do not have.
std::string describe(at::TensorList tensors, const c10::List<std::optional<at::Tensor>>& maybe,
                     c10::string_view mode, const c10::List<std::string>& names, at::ArrayRef<double> weights,
                     const c10::Dict<std::string, int64_t>& table, std::tuple<int64_t, double> pair,
                     std::optional<at::ScalarType> dtype, std::optional<at::Device> device,
                     const at::Scalar& scalar, c10::complex<double> z, const c10::List<c10::List<int64_t>>& nested) {
  std::ostringstream out;
  out << tensors.size() << " tensors, ";
  for (const std::optional<at::Tensor> item : maybe) out << (item.has_value() ? "some " : "none ");
  out << mode;
  for (const std::string name : names) out << ' ' << name;
  for (const double weight : weights) out << ' ' << weight;
  out << " two=" << table.at("two") << ' ' << std::get<0>(pair) << '/' << std::get<1>(pair);
  out << ' ' << (dtype ? c10::toString(*dtype) : "no dtype") << ' ' << (device ? device->str() : "no device");
  out << ' ' << (scalar.isIntegral(false) ? "int " : "float ") << scalar.toDouble();
  out << ' ' << z.real() << '+' << z.imag() << 'i';
  for (const c10::List<int64_t> row : nested) out << " row of " << row.size();
  return out.str();
}

// Results in a table and in a tuple.
c10::Dict<std::string, at::Tensor> table_of(const at::Tensor& x) {
  c10::Dict<std::string, at::Tensor> table;
  table.insert("x", x);
  table.insert("double", at::mul(x, 2));
  return table;
}

std::tuple<std::vector<at::Tensor>, std::string, std::vector<int64_t>> several(const at::Tensor& x) {
  return {{x, at::mul(x, 3)}, "three", {1, 2}};
}

void add_one_(at::Tensor& x) { x.add_(1); }

at::Tensor fail(const at::Tensor&) { TORCH_CHECK_VALUE(false, "isotest says no"); }

}  // namespace

TORCH_LIBRARY(isotest, m) {
  m.def("square_add(Tensor x, Tensor y, float scale=2.0) -> Tensor");
  m.def(
      "describe(Tensor[] tensors, Tensor?[] maybe, str mode, str[] names, float[] weights, Dict(str, int) table, "
      "(int, float) pair, *, ScalarType? dtype=None, Device? device=None, Scalar scalar=1, complex z, "
      "int[][] nested) -> str",
      describe);
  m.def("table_of(Tensor x) -> Dict(str, Tensor)", table_of);
  m.def("several(Tensor x) -> (Tensor[], str, int[])", several);
  m.def("add_one_(Tensor(a!) x) -> ()", add_one_);
  m.def("fail(Tensor x) -> Tensor", fail);
}

TORCH_LIBRARY_IMPL(isotest, CPU, m) { m.impl("square_add", square_add); }

TORCH_LIBRARY_IMPL(isotest, Autograd, m) { m.impl("square_add", square_add_autograd); }
