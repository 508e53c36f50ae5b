// Kinds of arguments that are numbers: scalars, ints, floats, bools.
#include <cmath>

#include "bridge/guard.h"
#include "bridge/readers.h"

namespace isotorch {
namespace {

constexpr double kMaxSafeInteger = 9007199254740991.0;

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

}  // namespace

c10::Scalar number_scalar(double number) {
  const bool whole = number == std::trunc(number) && std::abs(number) <= kMaxSafeInteger;
  const bool minus_zero = number == 0 && std::signbit(number);
  return whole && !minus_zero ? c10::Scalar(static_cast<int64_t>(number)) : c10::Scalar(number);
}

std::optional<c10::Scalar> try_scalar(const Site& site, napi_value value) {
  napi_env env = site.env.napi;
  double number;
  if (napi_get_value_double(env, value, &number) == napi_ok) return number_scalar(number);
  switch (type_of(site.env, value)) {
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

int64_t integer_value(const Site& site, napi_value value) {
  double number;
  if (napi_get_value_double(site.env.napi, value, &number) == napi_ok) {
    if (number != std::trunc(number) || std::abs(number) > kMaxSafeInteger) mismatch(site, value);
    return static_cast<int64_t>(number);
  }
  if (type_of(site.env, value) != napi_bigint) mismatch(site, value);
  return bigint_value(site, value);
}

c10::IValue read_int(const Site& site, napi_value value) { return integer_value(site, value); }

c10::IValue read_float(const Site& site, napi_value value) {
  double number;
  if (napi_get_value_double(site.env.napi, value, &number) == napi_ok) return number;
  const auto boxed =
      type_of(site.env, value) == napi_object ? number_property(site.env.napi, value, "float") : std::nullopt;
  if (!boxed) mismatch(site, value);
  return *boxed;
}

c10::IValue read_bool(const Site& site, napi_value value) {
  bool flag;
  if (napi_get_value_bool(site.env.napi, value, &flag) != napi_ok) mismatch(site, value);
  return flag;
}

}  // namespace isotorch
