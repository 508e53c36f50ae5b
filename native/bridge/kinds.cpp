#include "bridge/kinds.h"

#include <ATen/core/jit_type.h>

#include <cmath>

#include "bridge/call.h"
#include "bridge/nested_kinds.h"
#include "bridge/readers.h"
#include "tensor/sparse.h"

namespace isotorch {
namespace {

std::string describe(const Environment& env, napi_value value) {
  if (array_length(env.napi, value)) return "list";
  switch (type_of(env, value)) {
    case napi_undefined:
      return "undefined";
    case napi_null:
      return "None";
    case napi_boolean:
      return "bool";
    case napi_number: {
      const double number = Napi::Number(env.napi, value);
      return number == std::trunc(number) ? "int" : "float";
    }
    case napi_string:
      return "str";
    case napi_bigint:
      return "BigInt";
    case napi_function:
      return "function";
    case napi_symbol:
      return "symbol";
    default:
      return "object";
  }
}

struct Kind {
  c10::TypeKind type;
  Read read;
  Read read_list;
};

// Every kind that occurs in libtorch's own operators. `real_type` tells dtypes and their like from plain
// ints, which the schema's `type` does not.
constexpr Kind kKinds[] = {
    {c10::TypeKind::TensorType, read_tensor, read_tensors},
    {c10::TypeKind::NumberType, read_scalar, read_scalars},
    {c10::TypeKind::IntType, read_int, read_ints},
    {c10::TypeKind::SymIntType, read_int, read_ints},
    {c10::TypeKind::FloatType, read_float, read_floats},
    {c10::TypeKind::BoolType, read_bool, read_bools},
    {c10::TypeKind::StringType, read_string, nullptr},
    {c10::TypeKind::ScalarTypeType, read_code<static_cast<int64_t>(c10::ScalarType::NumOptions)>, nullptr},
    {c10::TypeKind::LayoutType, read_code<static_cast<int64_t>(c10::Layout::NumOptions)>, nullptr},
    {c10::TypeKind::MemoryFormatType, read_code<static_cast<int64_t>(c10::MemoryFormat::NumOptions)>,
     nullptr},
    {c10::TypeKind::QSchemeType, read_code<c10::COMPILE_TIME_NUM_QSCHEMES>, nullptr},
    {c10::TypeKind::DeviceObjType, read_device, nullptr},
    {c10::TypeKind::GeneratorType, read_generator, nullptr},
    {c10::TypeKind::StorageType, read_storage, nullptr},
    {c10::TypeKind::StreamObjType, read_stream, nullptr},
    {c10::TypeKind::ClassType, read_object, read_objects},
};

const Kind* find_kind(c10::TypeKind type) {
  for (const Kind& kind : kKinds) {
    if (kind.type == type) return &kind;
  }
  return nullptr;
}

}  // namespace

Read reader_of(c10::TypeKind kind) {
  const Kind* row = find_kind(kind);
  return row == nullptr ? nullptr : row->read;
}

void mismatch(const Site& site, napi_value value, const char* detail) {
  throw ArgumentError(site.function + "(): argument '" + site.argument.name + "' (position " +
                      std::to_string(site.position + 1) + ") must be " + site.argument.type + ", not " +
                      describe(site.env, value) + detail);
}

ArgumentPlan plan_argument(const c10::Argument& argument) {
  ArgumentPlan plan;
  plan.name = argument.name();
  plan.default_value = argument.default_value();
  c10::TypePtr type = argument.real_type();
  plan.type = type->annotation_str();
  if (auto optional = type->cast<c10::OptionalType>()) {
    plan.optional = true;
    type = optional->getElementType();
  }
  const bool list = type->kind() == c10::TypeKind::ListType;
  if (list) {
    type = type->expectRef<c10::ListType>().getElementType();
    plan.expands_to = argument.N().value_or(0);
    if (auto optional = type->cast<c10::OptionalType>()) {
      plan.optional_items = true;
      type = optional->getElementType();
    }
  }
  const Kind* kind = find_kind(type->kind());
  const bool readable = kind != nullptr && (!list || kind->read_list != nullptr) &&
                        (!plan.optional_items || kind->type == c10::TypeKind::TensorType);
  if (!readable && can_nest(*argument.real_type())) {
    plan.nested = argument.type();
    plan.nested_real = argument.real_type();
    return plan;
  }
  TORCH_CHECK_NOT_IMPLEMENTED(readable, "argument '", plan.name, "' has type ", plan.type,
                              ", which isotorch cannot pass from JavaScript");
  plan.read = kind->read;
  if (list) plan.read_list = plan.optional_items ? read_optional_tensors : kind->read_list;
  return plan;
}

c10::IValue read_argument(const Site& site, napi_value value) {
  const ArgumentPlan& plan = site.argument;
  // The common case first: a plain value that is neither null nor undefined.
  if (plan.read == read_tensor && plan.read_list == nullptr) {
    uint32_t slot;
    if (napi_get_value_uint32(site.env.napi, value, &slot) == napi_ok) {
      const at::Tensor* tensor = site.env.slots.find(slot);
      if (tensor != nullptr && !is_sparse(*tensor)) return *tensor;
    }
  }
  const napi_valuetype type = type_of(site.env, value);
  if (type == napi_undefined) {
    if (plan.default_value) return *plan.default_value;
    throw ArgumentError(site.function + "() missing required argument '" + plan.name + "' (position " +
                        std::to_string(site.position + 1) + ")");
  }
  if (type == napi_null && plan.optional) return c10::IValue();
  if (plan.nested != nullptr) return read_nested(site, *plan.nested, *plan.nested_real, value);
  return plan.read_list != nullptr ? plan.read_list(site, value) : plan.read(site, value);
}

}  // namespace isotorch
