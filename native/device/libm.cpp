// The C library's functions of plain numbers, which are Python's; V8 has its own, with other last bits.
#include <cmath>
#include <string>
#include <unordered_map>

#include "bridge/call.h"
#include "exports.h"

namespace isotorch {
namespace {

using One = double (*)(double);
using Two = double (*)(double, double);

const std::unordered_map<std::string, One> kOne = {
    {"acos", std::acos},   {"acosh", std::acosh}, {"asin", std::asin}, {"asinh", std::asinh},
    {"atan", std::atan},   {"atanh", std::atanh}, {"cbrt", std::cbrt}, {"cos", std::cos},
    {"cosh", std::cosh},   {"erf", std::erf},     {"erfc", std::erfc}, {"exp", std::exp},
    {"exp2", std::exp2},   {"expm1", std::expm1}, {"log", std::log},   {"log10", std::log10},
    {"log1p", std::log1p}, {"log2", std::log2},   {"sin", std::sin},   {"sinh", std::sinh},
    {"tan", std::tan},     {"tanh", std::tanh},
};
const std::unordered_map<std::string, Two> kTwo = {
    {"atan2", std::atan2}, {"fmod", std::fmod},           {"nextafter", std::nextafter},
    {"pow", std::pow},     {"remainder", std::remainder},
};

// A function of one or two doubles, by its C name.
double libm(Call& call) {
  const std::string name = call.text(0, "name");
  const auto one = kOne.find(name);
  if (one != kOne.end()) return one->second(call.real(1, "x"));
  const auto two = kTwo.find(name);
  if (two != kTwo.end()) return two->second(call.real(1, "x"), call.real(2, "y"));
  throw ArgumentError("libm has no function '" + name + "' here");
}

}  // namespace

void define_libm(Napi::Object exports) { define(exports, {ISOTORCH_FUNCTION(libm)}); }

}  // namespace isotorch
