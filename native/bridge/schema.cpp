// What an operator's schema says, as JavaScript objects.
#include "bridge/schema.h"

#include <torch/csrc/jit/frontend/function_schema_parser.h>
#include <torch/csrc/jit/frontend/script_type_parser.h>

#include "bridge/call.h"
#include "bridge/operators.h"
#include "bridge/results.h"
#include "exports.h"

namespace isotorch {
namespace {

Napi::Value alias_names(Call& call, const std::unordered_set<c10::Symbol>& sets) {
  std::vector<napi_value> names;
  for (const auto& name : sets) names.push_back(call.text(name.toUnqualString()));
  return call.array(names);
}

Napi::Object describe_alias(Call& call, const c10::AliasInfo& alias) {
  auto object = Napi::Object::New(call.Env());
  object["is_write"] = alias.isWrite();
  object["before_set"] = alias_names(call, alias.beforeSets());
  object["after_set"] = alias_names(call, alias.afterSets());
  return object;
}

Napi::Object describe_argument(Call& call, const c10::Argument& argument) {
  auto object = Napi::Object::New(call.Env());
  object["name"] = argument.name();
  object["type"] = argument.real_type()->annotation_str();
  object["plainType"] = argument.type()->annotation_str();
  object["hasDefault"] = argument.default_value().has_value();
  object["kwargOnly"] = argument.kwarg_only();
  object["isOut"] = argument.is_out();
  if (argument.N()) object["length"] = *argument.N();
  const std::string alias = written_to(argument);
  if (!alias.empty()) object["writes"] = alias;
  if (argument.alias_info() != nullptr) object["alias"] = describe_alias(call, *argument.alias_info());
  if (argument.default_value()) object["defaultValue"] = write_result(call.env, *argument.default_value());
  return object;
}

Napi::Object describe_schema(Call& call, const c10::FunctionSchema& schema) {
  std::vector<napi_value> arguments;
  std::vector<napi_value> results;
  for (const auto& argument : schema.arguments()) arguments.push_back(describe_argument(call, argument));
  for (const auto& result : schema.returns()) results.push_back(describe_argument(call, result));
  auto object = Napi::Object::New(call.Env());
  object["name"] = schema.name();
  object["overload"] = schema.overload_name();
  object["args"] = call.array(arguments);
  object["returns"] = call.array(results);
  object["isMutable"] = schema.is_mutable();
  object["text"] = c10::toString(schema);
  return object;
}

c10::TypePtr type_argument(const Call& call, size_t index) {
  return torch::jit::ScriptTypeParser().parseType(call.text(index, "type"));
}

}  // namespace

std::string written_to(const c10::Argument& argument) {
  const c10::AliasInfo* alias = argument.alias_info();
  if (alias == nullptr || !alias->isWrite() || alias->beforeSets().empty()) return "";
  return alias->beforeSets().begin()->toUnqualString();
}

namespace {

Napi::Object schema(Call& call) {
  return describe_schema(call, find_operator(call.text(0, "name")).schema());
}

Napi::Object parse_schema(Call& call) {
  return describe_schema(call,
                         torch::jit::parseSchema(call.text(0, "schema"), call.boolean(1, "allow_typevars")));
}

// Backward: whether what called `other` can call this one. Forward: null, or why the old cannot take the new's calls.
Napi::Value schema_is_compatible(Call& call) {
  const c10::FunctionSchema schema = torch::jit::parseSchema(call.text(0, "schema"));
  const c10::FunctionSchema other = torch::jit::parseSchema(call.text(1, "other"));
  std::ostringstream why;
  const bool compatible = call.boolean(2, "forward") ? schema.isForwardCompatibleWith(other, why)
                                                     : schema.isBackwardCompatibleWith(other, &why);
  return compatible ? call.null() : call.text(why.str());
}

bool type_is_subtype(Call& call) { return type_argument(call, 0)->isSubtypeOf(*type_argument(call, 1)); }

}  // namespace

void define_schema(Napi::Object exports) {
  define(exports, {ISOTORCH_FUNCTION(schema), ISOTORCH_FUNCTION(parse_schema),
                   ISOTORCH_FUNCTION(schema_is_compatible), ISOTORCH_FUNCTION(type_is_subtype)});
}

}  // namespace isotorch
