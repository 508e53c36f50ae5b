#include "bridge/kinds.h"

#include <ATen/ScalarOps.h>
#include <ATen/core/List.h>
#include <ATen/core/jit_type.h>

#include <cmath>

#include "bridge/call.h"
#include "bridge/nested_kinds.h"
#include "bridge/results.h"
#include "device/generator.h"
#include "device/system.h"
#include "tensor/sparse.h"

namespace isotorch {
namespace {

constexpr double kMaxSafeInteger = 9007199254740991.0;

napi_valuetype type_of(napi_env env, napi_value value) {
  napi_valuetype type;
  check(env, napi_typeof(env, value, &type));
  return type;
}

std::string describe(napi_env env, napi_value value) {
  if (array_length(env, value)) return "list";
  switch (type_of(env, value)) {
    case napi_undefined:
      return "undefined";
    case napi_null:
      return "None";
    case napi_boolean:
      return "bool";
    case napi_number: {
      double number;
      napi_get_value_double(env, value, &number);
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

int64_t bigint_value(const Site& site, napi_value value) {
  int64_t number;
  bool lossless;
  check(site.env.napi, napi_get_value_bigint_int64(site.env.napi, value, &number, &lossless));
  TORCH_CHECK_VALUE(lossless, "Overflow when unpacking long long");
  return number;
}

// As Python: what is too large for int64 may fit uint64, and the words for what does not are Python's own.
c10::Scalar bigint_scalar(napi_env env, napi_value value) {
  int64_t number;
  uint64_t large;
  bool lossless;
  check(env, napi_get_value_bigint_int64(env, value, &number, &lossless));
  if (lossless) return c10::Scalar(number);
  check(env, napi_get_value_bigint_uint64(env, value, &large, &lossless));
  if (lossless) return c10::Scalar(large);
  int sign = 0;
  size_t words = 1;
  uint64_t ignored[1];
  check(env, napi_get_value_bigint_words(env, value, &sign, &words, ignored));
  // The kind of error that becomes a RangeError, as OverflowError does.
  TORCH_CHECK_INDEX(sign == 0, "can't convert negative int to unsigned");
  TORCH_CHECK_INDEX(false, "int too big to convert");
}

std::optional<double> number_property(napi_env env, napi_value object, const char* name) {
  napi_value property;
  double number;
  if (napi_get_named_property(env, object, name, &property) != napi_ok ||
      napi_get_value_double(env, property, &number) != napi_ok) {
    return std::nullopt;
  }
  return number;
}

std::optional<c10::Scalar> try_scalar(const Site& site, napi_value value) {
  napi_env env = site.env.napi;
  double number;
  if (napi_get_value_double(env, value, &number) == napi_ok) return number_scalar(number);
  switch (type_of(env, value)) {
    case napi_boolean: {
      bool flag;
      check(env, napi_get_value_bool(env, value, &flag));
      return c10::Scalar(flag);
    }
    case napi_bigint:
      return bigint_scalar(env, value);
    case napi_object: {
      // lib/torch/call/arguments.ts: Float, a float whose value may be whole.
      if (const auto real = number_property(env, value, "float")) return c10::Scalar(*real);
      const auto real = number_property(env, value, "re");
      const auto imaginary = number_property(env, value, "im");
      if (!real || !imaginary) return std::nullopt;
      return c10::Scalar(c10::complex<double>(*real, *imaginary));
    }
    default:
      return std::nullopt;
  }
}

c10::IValue read_scalar(const Site& site, napi_value value) {
  const auto scalar = try_scalar(site, value);
  if (!scalar) mismatch(site, value);
  return c10::IValue(*scalar);
}

const at::Tensor& tensor_in_slot(const Site& site, uint32_t slot) {
  const at::Tensor* tensor = site.env.slots.find(slot);
  TORCH_CHECK(tensor != nullptr, site.function, "(): argument '", site.argument.name, "' (position ",
              site.position + 1,
              ") is a disposed tensor: it was freed by dispose() or at the end of its torch.scope. "
              "Return it from the scope or pass it to torch.keep() to use it later");
  if (is_sparse(*tensor)) refuse_stray_indices(*tensor);
  return *tensor;
}

c10::IValue read_tensor(const Site& site, napi_value value) {
  napi_env env = site.env.napi;
  uint32_t slot;
  if (napi_get_value_uint32(env, value, &slot) == napi_ok) return tensor_in_slot(site, slot);
  // [number] is what Python calls a wrapped number: it takes part as a scalar in type promotion.
  if (array_length(env, value) != 1u) mismatch(site, value);
  napi_value item = item_of(env, value, 0);
  const auto scalar = try_scalar(site, item);
  if (!scalar) mismatch(site, item);
  at::Tensor wrapped = c10::scalar_to_tensor(*scalar);
  wrapped.unsafeGetTensorImpl()->set_wrapped_number(true);
  return wrapped;
}

int64_t integer_value(const Site& site, napi_value value) {
  double number;
  if (napi_get_value_double(site.env.napi, value, &number) == napi_ok) {
    if (number != std::trunc(number) || std::abs(number) > kMaxSafeInteger) mismatch(site, value);
    return static_cast<int64_t>(number);
  }
  if (type_of(site.env.napi, value) != napi_bigint) mismatch(site, value);
  return bigint_value(site, value);
}

c10::IValue read_int(const Site& site, napi_value value) { return integer_value(site, value); }

template <int64_t limit>
c10::IValue read_code(const Site& site, napi_value value) {
  const int64_t code = integer_value(site, value);
  if (code < 0 || code >= limit) mismatch(site, value);
  return code;
}

c10::IValue read_float(const Site& site, napi_value value) {
  double number;
  if (napi_get_value_double(site.env.napi, value, &number) == napi_ok) return number;
  const auto boxed = type_of(site.env.napi, value) == napi_object
                         ? number_property(site.env.napi, value, "float")
                         : std::nullopt;
  if (!boxed) mismatch(site, value);
  return *boxed;
}

c10::IValue read_bool(const Site& site, napi_value value) {
  bool flag;
  if (napi_get_value_bool(site.env.napi, value, &flag) != napi_ok) mismatch(site, value);
  return flag;
}

std::string string_value(const Site& site, napi_value value) {
  napi_env env = site.env.napi;
  size_t length = 0;
  if (napi_get_value_string_utf8(env, value, nullptr, 0, &length) != napi_ok) mismatch(site, value);
  std::string text(length, '\0');
  check(env, napi_get_value_string_utf8(env, value, text.data(), length + 1, &length));
  return text;
}

c10::IValue read_string(const Site& site, napi_value value) { return string_value(site, value); }

c10::IValue read_device(const Site& site, napi_value value) {
  const c10::Device device(string_value(site, value));
  // The dispatcher's own words for a device that is missing are a list of backends.
  require_device(device);
  return device;
}

c10::IValue read_generator(const Site& site, napi_value value) {
  auto* box = dynamic_cast<GeneratorBox*>(site.env.owned(value));
  if (box == nullptr) mismatch(site, value);
  return box->generator;
}

c10::IValue read_object(const Site& site, napi_value value) {
  auto* box = dynamic_cast<ObjectBox*>(site.env.owned(value));
  if (box == nullptr) mismatch(site, value);
  return box->value;
}

// A storage travels as the tensor that holds it.
c10::IValue read_storage(const Site& site, napi_value value) {
  return read_tensor(site, value).toTensor().storage();
}

// [stream id, device index, device type], the three numbers that identify a stream.
c10::IValue read_stream(const Site& site, napi_value value) {
  if (array_length(site.env.napi, value) != 3u) mismatch(site, value);
  int64_t parts[3];
  for (uint32_t i = 0; i < 3; ++i) parts[i] = integer_value(site, item_of(site.env.napi, value, i));
  return c10::Stream::unpack3(parts[0], static_cast<c10::DeviceIndex>(parts[1]),
                              static_cast<c10::DeviceType>(parts[2]));
}

// Calls `add` for every item of a JavaScript array, or for a single value that stands for several.
template <typename Add>
void each_item(const Site& site, napi_value value, Add&& add) {
  const auto length = array_length(site.env.napi, value);
  if (!length) {
    if (site.argument.expands_to == 0) mismatch(site, value);
    for (int64_t i = 0; i < site.argument.expands_to; ++i) add(value);
    return;
  }
  for (uint32_t i = 0; i < *length; ++i) add(item_of(site.env.napi, value, i));
}

template <typename T, T (*convert)(c10::IValue)>
c10::IValue read_list(const Site& site, napi_value value) {
  c10::List<T> list;
  each_item(site, value, [&](napi_value item) { list.push_back(convert(site.argument.read(site, item))); });
  return list;
}

c10::IValue read_optional_tensors(const Site& site, napi_value value) {
  c10::List<std::optional<at::Tensor>> list;
  each_item(site, value, [&](napi_value item) {
    const napi_valuetype type = type_of(site.env.napi, item);
    const bool none = type == napi_null || type == napi_undefined;
    list.push_back(none ? std::nullopt
                        : std::optional<at::Tensor>(site.argument.read(site, item).toTensor()));
  });
  return list;
}

at::Tensor to_tensor(c10::IValue value) { return std::move(value).toTensor(); }
int64_t to_int(c10::IValue value) { return value.toInt(); }
double to_double(c10::IValue value) { return value.toDouble(); }
bool to_bool(c10::IValue value) { return value.toBool(); }
c10::Scalar to_scalar(c10::IValue value) { return value.toScalar(); }

c10::IValue read_objects(const Site& site, napi_value value) {
  c10::impl::GenericList list(c10::AnyType::get());
  each_item(site, value, [&](napi_value item) { list.push_back(site.argument.read(site, item)); });
  return list;
}

// A list that came through memory, see number_memory.h; else an array.
template <typename T, Read read_array, T (*convert)(const Site&, double)>
c10::IValue read_short_list(const Site& site, napi_value value) {
  double number;
  uint32_t length = 0;
  const double* items = napi_get_value_double(site.env.napi, value, &number) == napi_ok
                            ? site.env.numbers.find(number, length)
                            : nullptr;
  if (items == nullptr) return read_array(site, value);
  c10::List<T> list;
  for (uint32_t i = 0; i < length; ++i) list.push_back(convert(site, items[i]));
  return list;
}

int64_t whole(const Site&, double number) { return static_cast<int64_t>(number); }
at::Tensor tensor_at(const Site& site, double slot) {
  return tensor_in_slot(site, static_cast<uint32_t>(slot));
}

struct Kind {
  c10::TypeKind type;
  Read read;
  Read read_list;
};

// Every kind that occurs in libtorch's own operators. `real_type` tells dtypes and their like from plain
// ints, which the schema's `type` does not.
constexpr Kind kKinds[] = {
    {c10::TypeKind::TensorType, read_tensor,
     read_short_list<at::Tensor, read_list<at::Tensor, to_tensor>, tensor_at>},
    {c10::TypeKind::NumberType, read_scalar, read_list<c10::Scalar, to_scalar>},
    {c10::TypeKind::IntType, read_int, read_short_list<int64_t, read_list<int64_t, to_int>, whole>},
    {c10::TypeKind::SymIntType, read_int, read_short_list<int64_t, read_list<int64_t, to_int>, whole>},
    {c10::TypeKind::FloatType, read_float, read_list<double, to_double>},
    {c10::TypeKind::BoolType, read_bool, read_list<bool, to_bool>},
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

c10::Scalar number_scalar(double number) {
  const bool whole = number == std::trunc(number) && std::abs(number) <= kMaxSafeInteger;
  const bool minus_zero = number == 0 && std::signbit(number);
  return whole && !minus_zero ? c10::Scalar(static_cast<int64_t>(number)) : c10::Scalar(number);
}

void mismatch(const Site& site, napi_value value, const char* detail) {
  throw ArgumentError(site.function + "(): argument '" + site.argument.name + "' (position " +
                      std::to_string(site.position + 1) + ") must be " + site.argument.type + ", not " +
                      describe(site.env.napi, value) + detail);
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
  const napi_valuetype type = type_of(site.env.napi, value);
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
