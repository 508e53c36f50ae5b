#include "bridge/fast_path.h"

#include "bridge/unboxed.h"

namespace isotorch {
namespace {

using at::Tensor;
using c10::Scalar;
using c10::ScalarType;
using c10::SymInt;
using c10::SymIntArrayRef;
using Ints = at::IntArrayRef;
using MaybeTensor = const std::optional<Tensor>&;
using MaybeScalar = const std::optional<Scalar>&;
using MaybeType = std::optional<ScalarType>;
using MaybeLayout = std::optional<c10::Layout>;
using MaybeDevice = std::optional<c10::Device>;
using MaybeBool = std::optional<bool>;
using MaybeFormat = std::optional<c10::MemoryFormat>;
using MaybeDouble = std::optional<double>;
using Two = std::tuple<Tensor, Tensor>;

using Make = std::unique_ptr<FastPath> (*)(const c10::OperatorHandle&, bool);

// One row per C++ signature; the operators of the benchmark that have it are named. Others with it gain as well.
constexpr Make kRows[] = {
    Unboxed<Tensor(const Tensor&)>::make,                                // relu
    Unboxed<Tensor(const Tensor&, const Tensor&)>::make,                 // matmul, mul, bmm
    Unboxed<Tensor(const Tensor&, const Tensor&, const Tensor&)>::make,  // where
    Unboxed<Tensor(const Tensor&, const Tensor&, const Scalar&)>::make,  // add, where
    Unboxed<Tensor(const Tensor&, const Tensor&, const Tensor&, const Scalar&,
                   const Scalar&)>::make,                              // addmm
    Unboxed<Tensor(const Tensor&, const Tensor&, MaybeTensor)>::make,  // linear
    Unboxed<Tensor(const Tensor&, const Tensor&, MaybeTensor, int64_t, SymInt,
                   double)>::make,                                                   // cross_entropy_loss
    Unboxed<Tensor(const Tensor&, const Scalar&)>::make,                             // pow, gt
    Unboxed<Tensor(const Tensor&, MaybeScalar, MaybeScalar)>::make,                  // clamp
    Unboxed<Tensor(const Tensor&, Ints)>::make,                                      // permute
    Unboxed<Tensor(const Tensor&, SymIntArrayRef)>::make,                            // view, reflection_pad2d
    Unboxed<Tensor(const Tensor&, at::OptionalIntArrayRef, bool, MaybeType)>::make,  // sum, mean
    Unboxed<Tensor(const Tensor&, MaybeType)>::make,                                 // sum of everything
    Unboxed<Tensor(const Tensor&, int64_t)>::make,                                   // unsqueeze
    Unboxed<Tensor(const Tensor&, int64_t, int64_t)>::make,                          // transpose
    Unboxed<Tensor(const Tensor&, int64_t, SymInt)>::make,                           // select
    Unboxed<Tensor(const Tensor&, int64_t, MaybeType)>::make,                        // softmax
    Unboxed<Tensor(const Tensor&, int64_t, const Tensor&)>::make,                    // index_select
    Unboxed<Tensor(const Tensor&, int64_t, const Tensor&, bool)>::make,              // gather
    Unboxed<Two(const Tensor&, int64_t, bool)>::make,                                // max over a dimension
    Unboxed<Two(const Tensor&, SymInt, int64_t, bool, bool)>::make,                  // topk
    Unboxed<Tensor(at::TensorList, int64_t)>::make,                                  // stack
    Unboxed<Tensor(const at::ITensorListRef&, int64_t)>::make,                       // cat
    Unboxed<std::vector<Tensor>(const Tensor&, int64_t, int64_t)>::make,             // chunk
    Unboxed<Tensor(const Tensor&, const Tensor&, MaybeTensor, SymIntArrayRef, SymIntArrayRef, SymIntArrayRef,
                   SymInt)>::make,  // conv2d
    Unboxed<Tensor(const Tensor&, SymIntArrayRef, MaybeTensor, MaybeTensor, double,
                   bool)>::make,  // layer_norm
    Unboxed<Tensor(const Tensor&, MaybeTensor, MaybeTensor, MaybeTensor, MaybeTensor, bool, double, double,
                   bool)>::make,                                                          // batch_norm
    Unboxed<Tensor(const Tensor&, SymIntArrayRef, c10::string_view, MaybeDouble)>::make,  // pad
    Unboxed<Tensor(const Tensor&, at::OptionalSymIntArrayRef,
                   std::optional<at::ArrayRef<double>>)>::make,                        // upsample
    Unboxed<Tensor(c10::string_view, at::TensorList, at::OptionalIntArrayRef)>::make,  // einsum
    Unboxed<Tensor(const Tensor&, MaybeType, MaybeLayout, MaybeDevice, MaybeBool,
                   MaybeFormat)>::make,  // zeros_like
    Unboxed<Tensor(const Tensor&, MaybeType, MaybeLayout, MaybeDevice, MaybeBool, bool, bool,
                   MaybeFormat)>::make,  // to
    Unboxed<Tensor(const Scalar&, const Scalar&, const Scalar&, MaybeType, MaybeLayout, MaybeDevice,
                   MaybeBool)>::make,  // arange
};

}  // namespace

std::unique_ptr<FastPath> make_fast_path(const c10::OperatorHandle& op, bool factory) {
  const c10::FunctionSchema& schema = op.schema();
  if (schema.name().rfind("aten::", 0) != 0) return nullptr;
  for (const c10::Argument& result : schema.returns()) {
    // A written result is an argument, which the boxed way knows not to hand out again.
    if (result.alias_info() != nullptr && result.alias_info()->isWrite()) return nullptr;
  }
  for (const Make make : kRows) {
    try {
      if (auto path = make(op, factory)) return path;
    } catch (const c10::Error&) {
      // The schema fits but the kernels' C++ signature is another: TensorList and ITensorListRef look the same to it.
    }
  }
  return nullptr;
}

}  // namespace isotorch
