// Switches of the process that libtorch keeps: determinism, libraries, precisions, the default dtype.
#include <ATen/Context.h>
#include <c10/core/DefaultDtype.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <c10/util/Exception.h>

#include <optional>
#include <string>

#include "bridge/call.h"
#include "exports.h"

namespace isotorch {
namespace {

using at::Context;

struct Flag {
  const char* name;
  bool (*get)(Context&);
  void (*set)(Context&, bool);  // null: what this libtorch was built with, to be read only
};

bool reduced(at::CuBLASReductionOption option) {
  return option == at::CuBLASReductionOption::AllowReducedPrecisionWithSplitK;
}

constexpr Flag kFlags[] = {
    {"cudnn.enabled", [](Context& c) { return c.userEnabledCuDNN(); },
     [](Context& c, bool v) { c.setUserEnabledCuDNN(v); }},
    {"cudnn.benchmark", [](Context& c) { return c.benchmarkCuDNN(); },
     [](Context& c, bool v) { c.setBenchmarkCuDNN(v); }},
    {"cudnn.deterministic", [](Context& c) { return c.deterministicCuDNN(); },
     [](Context& c, bool v) { c.setDeterministicCuDNN(v); }},
    {"cudnn.allow_tf32", [](Context& c) { return c.allowTF32CuDNN(); },
     [](Context& c, bool v) { c.setAllowTF32CuDNN(v); }},
    {"cuda.matmul.allow_tf32", [](Context& c) { return c.allowTF32CuBLAS(); },
     [](Context& c, bool v) { c.setAllowTF32CuBLAS(v); }},
    {"cuda.matmul.allow_fp16_reduced_precision_reduction",
     [](Context& c) { return reduced(c.allowFP16ReductionCuBLAS()); },
     [](Context& c, bool v) { c.setAllowFP16ReductionCuBLAS(v); }},
    {"cuda.matmul.allow_bf16_reduced_precision_reduction",
     [](Context& c) { return reduced(c.allowBF16ReductionCuBLAS()); },
     [](Context& c, bool v) { c.setAllowBF16ReductionCuBLAS(v); }},
    {"cuda.matmul.allow_fp16_accumulation", [](Context& c) { return c.allowFP16AccumulationCuBLAS(); },
     [](Context& c, bool v) { c.setAllowFP16AccumulationCuBLAS(v); }},
    {"sdp.flash", [](Context& c) { return c.userEnabledFlashSDP(); },
     [](Context& c, bool v) { c.setSDPUseFlash(v); }},
    {"sdp.mem_efficient", [](Context& c) { return c.userEnabledMemEfficientSDP(); },
     [](Context& c, bool v) { c.setSDPUseMemEfficient(v); }},
    {"sdp.math", [](Context& c) { return c.userEnabledMathSDP(); },
     [](Context& c, bool v) { c.setSDPUseMath(v); }},
    {"sdp.cudnn", [](Context& c) { return c.userEnabledCuDNNSDP(); },
     [](Context& c, bool v) { c.setSDPUseCuDNN(v); }},
    {"sdp.fp16_bf16_reduction_math", [](Context& c) { return c.allowFP16BF16ReductionMathSDP(); },
     [](Context& c, bool v) { c.setAllowFP16BF16ReductionMathSDP(v); }},
    {"mkldnn.enabled", [](Context& c) { return c.userEnabledMkldnn(); },
     [](Context& c, bool v) { c.setUserEnabledMkldnn(v); }},
    {"mkldnn.deterministic", [](Context& c) { return c.deterministicMkldnn(); },
     [](Context& c, bool v) { c.setDeterministicMkldnn(v); }},
    {"mkldnn.allow_tf32", [](Context& c) { return c.allowTF32OneDNN(); },
     [](Context& c, bool v) { c.setAllowTF32OneDNN(v); }},
    {"nnpack.enabled", [](Context& c) { return c.userEnabledNNPACK(); },
     [](Context& c, bool v) { c.setUserEnabledNNPACK(v); }},
    {"deterministic.enabled", [](Context& c) { return c.deterministicAlgorithms(); }, nullptr},
    {"deterministic.warn_only", [](Context& c) { return c.deterministicAlgorithmsWarnOnly(); }, nullptr},
    {"deterministic.fill_uninitialized_memory",
     [](Context& c) { return c.deterministicFillUninitializedMemory(); },
     [](Context& c, bool v) { c.setDeterministicFillUninitializedMemory(v); }},
    {"sparse.check_invariants",
     [](Context& c) { return std::optional<bool>(c.checkSparseTensorInvariants()).value_or(false); },
     [](Context& c, bool v) { c.setCheckSparseTensorInvariants(v); }},
    {"warnings.always", [](Context&) { return c10::WarningUtils::get_warnAlways(); },
     [](Context&, bool v) { c10::WarningUtils::set_warnAlways(v); }},
    {"has.openmp", [](Context&) { return Context::hasOpenMP(); }, nullptr},
    {"has.mkl", [](Context&) { return Context::hasMKL(); }, nullptr},
    {"has.mkldnn", [](Context&) { return Context::hasMKLDNN(); }, nullptr},
    {"has.lapack", [](Context&) { return Context::hasLAPACK(); }, nullptr},
    // Whether libtorch was built for it: Context::hasCUDA() is false where there is no driver.
    {"has.cuda", [](Context&) { return c10::impl::hasDeviceGuardImpl(c10::kCUDA); }, nullptr},
    {"has.cudnn", [](Context&) { return Context::hasCuDNN(); }, nullptr},
    {"has.xpu", [](Context&) { return Context::hasXPU(); }, nullptr},
    {"has.mps", [](Context&) { return Context::hasMPS(); }, nullptr},
    {"has.kleidiai", [](Context&) { return Context::hasKleidiAI(); }, nullptr},
    {"has.xnnpack", [](Context&) { return Context::isXNNPACKAvailable(); }, nullptr},
};

const Flag& find_flag(const std::string& name) {
  for (const Flag& flag : kFlags) {
    if (name == flag.name) return flag;
  }
  throw ArgumentError("unknown flag '" + name + "'");
}

bool get_backend_flag(Call& call) { return find_flag(call.text(0, "name")).get(at::globalContext()); }

void set_backend_flag(Call& call) {
  const Flag& flag = find_flag(call.text(0, "name"));
  if (flag.set == nullptr) throw ArgumentError(std::string("flag '") + flag.name + "' can only be read");
  flag.set(at::globalContext(), call.boolean(1, "value"));
}

std::string get_precision(Call& call) {
  const auto backend = at::str2backend(call.text(0, "backend"));
  const auto op = at::str2op(call.text(1, "op"));
  return at::precision2str(at::globalContext().float32Precision(backend, op));
}

void set_precision(Call& call) {
  const auto backend = at::str2backend(call.text(0, "backend"));
  const auto op = at::str2op(call.text(1, "op"));
  at::globalContext().setFloat32Precision(backend, op, at::str2precision(call.text(2, "precision")));
}

std::string get_matmul_precision(Call&) {
  switch (at::globalContext().float32MatmulPrecision()) {
    case at::Float32MatmulPrecision::MEDIUM:
      return "medium";
    case at::Float32MatmulPrecision::HIGH:
      return "high";
    default:
      return "highest";
  }
}

void set_matmul_precision(Call& call) {
  at::globalContext().setFloat32MatmulPrecision(call.text(0, "precision"));
}

at::QEngine get_quantized_engine(Call&) { return at::globalContext().qEngine(); }

void set_quantized_engine(Call& call) {
  at::globalContext().setQEngine(static_cast<at::QEngine>(call.integer(0, "engine")));
}

Napi::Value supported_quantized_engines(Call& call) {
  std::vector<int64_t> engines;
  for (const at::QEngine engine : Context::supportedQEngines())
    engines.push_back(static_cast<int64_t>(engine));
  return call.numbers(engines);
}

void set_deterministic(Call& call) {
  at::globalContext().setDeterministicAlgorithms(call.boolean(0, "mode"), call.boolean(1, "warn_only"));
}

bool set_flush_denormal(Call& call) { return at::globalContext().setFlushDenormal(call.boolean(0, "mode")); }

c10::ScalarType get_default_dtype(Call&) { return c10::get_default_dtype_as_scalartype(); }

void set_default_dtype(Call& call) {
  const c10::ScalarType type = call.dtype(0, "dtype");
  TORCH_CHECK_TYPE(c10::isFloatingType(type), "only floating-point types are supported as the default type");
  c10::set_default_dtype(c10::scalarTypeToTypeMeta(type));
}

}  // namespace

void define_switches(Napi::Object exports) {
  define(exports, {ISOTORCH_FUNCTION(get_backend_flag), ISOTORCH_FUNCTION(set_backend_flag),
                   ISOTORCH_FUNCTION(get_precision), ISOTORCH_FUNCTION(set_precision),
                   ISOTORCH_FUNCTION(get_matmul_precision), ISOTORCH_FUNCTION(set_matmul_precision),
                   ISOTORCH_FUNCTION(get_quantized_engine), ISOTORCH_FUNCTION(set_quantized_engine),
                   ISOTORCH_FUNCTION(supported_quantized_engines), ISOTORCH_FUNCTION(set_deterministic),
                   ISOTORCH_FUNCTION(set_flush_denormal), ISOTORCH_FUNCTION(get_default_dtype),
                   ISOTORCH_FUNCTION(set_default_dtype)});
}

}  // namespace isotorch
