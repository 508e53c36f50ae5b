// The conversion table: how each kind of argument in an operator schema is read from JavaScript. One row per
// kind serves all operators. The way back is in results.h.
#pragma once

#include <ATen/core/function_schema.h>
#include <ATen/core/ivalue.h>
#include <node_api.h>

#include <optional>
#include <string>

#include "memory/environment.h"

namespace isotorch {

struct ArgumentPlan;

// Where a value is being read, for the error message.
struct Site {
  Environment& env;
  const std::string& function;
  const ArgumentPlan& argument;
  size_t position;  // from 0
};

// Reads one value, or throws through mismatch().
using Read = c10::IValue (*)(const Site&, napi_value);

// How one argument of an operator is read; compiled once per operator.
struct ArgumentPlan {
  std::string name;
  std::string type;                          // as the schema writes it
  Read read = nullptr;                       // the value, or one item of a list
  Read read_list = nullptr;                  // set for lists
  bool optional = false;                     // null is None
  bool optional_items = false;               // null inside the list is None
  int64_t expands_to = 0;                    // int[2]: a single int stands for two
  std::optional<c10::IValue> default_value;  // undefined takes it
  c10::TypePtr nested, nested_real;          // set instead of readers for what only a user's library has
};

// How one value of a kind is read; null for a kind that has no row in the table.
Read reader_of(c10::TypeKind kind);

// Throws a TypeError that names function, argument, position, expected and given type.
[[noreturn]] void mismatch(const Site& site, napi_value value, const char* detail = "");

// JavaScript has one number type: an operator scalar is an int when it is integer-valued. Minus zero has no integer
// form, and beyond 2^53 a double is no longer meant as an exact integer.
c10::Scalar number_scalar(double number);

// Compiles one schema argument. Throws a clear error for a type that has no row in the table.
ArgumentPlan plan_argument(const c10::Argument& argument);

// Reads `value` for `site.argument`.
c10::IValue read_argument(const Site& site, napi_value value);

}  // namespace isotorch
