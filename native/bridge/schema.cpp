#include "bridge/schema.h"

#include <torch/csrc/jit/frontend/function_schema_parser.h>
#include <torch/csrc/jit/frontend/script_type_parser.h>

#include "bridge/call.h"
#include "bridge/operators.h"
#include "bridge/results.h"

namespace isotorch {
namespace {

void set(napi_env env, napi_value object, const char* key, napi_value value) {
  check(env, napi_set_named_property(env, object, key, value));
}

napi_value alias_names(Call& call, const std::unordered_set<c10::Symbol>& sets) {
  std::vector<napi_value> names;
  for (const auto& name : sets) names.push_back(call.text(name.toUnqualString()));
  return call.array(names);
}

napi_value describe_alias(Call& call, const c10::AliasInfo& alias) {
  napi_env env = call.env.napi;
  napi_value object;
  check(env, napi_create_object(env, &object));
  set(env, object, "is_write", call.boolean(alias.isWrite()));
  set(env, object, "before_set", alias_names(call, alias.beforeSets()));
  set(env, object, "after_set", alias_names(call, alias.afterSets()));
  return object;
}

napi_value describe_argument(Call& call, const c10::Argument& argument) {
  napi_env env = call.env.napi;
  napi_value object;
  check(env, napi_create_object(env, &object));
  set(env, object, "name", call.text(argument.name()));
  set(env, object, "type", call.text(argument.real_type()->annotation_str()));
  set(env, object, "plainType", call.text(argument.type()->annotation_str()));
  set(env, object, "hasDefault", call.boolean(argument.default_value().has_value()));
  set(env, object, "kwargOnly", call.boolean(argument.kwarg_only()));
  set(env, object, "isOut", call.boolean(argument.is_out()));
  if (argument.N()) set(env, object, "length", call.number(*argument.N()));
  const std::string alias = written_to(argument);
  if (!alias.empty()) set(env, object, "writes", call.text(alias));
  if (argument.alias_info() != nullptr) {
    set(env, object, "alias", describe_alias(call, *argument.alias_info()));
  }
  if (argument.default_value()) {
    set(env, object, "defaultValue", write_result(call.env, *argument.default_value()));
  }
  return object;
}

napi_value describe_schema(Call& call, const c10::FunctionSchema& schema) {
  napi_env env = call.env.napi;
  std::vector<napi_value> arguments;
  std::vector<napi_value> results;
  for (const auto& argument : schema.arguments()) arguments.push_back(describe_argument(call, argument));
  for (const auto& result : schema.returns()) results.push_back(describe_argument(call, result));
  napi_value object;
  check(env, napi_create_object(env, &object));
  set(env, object, "name", call.text(schema.name()));
  set(env, object, "overload", call.text(schema.overload_name()));
  set(env, object, "args", call.array(arguments));
  set(env, object, "returns", call.array(results));
  set(env, object, "isMutable", call.boolean(schema.is_mutable()));
  set(env, object, "text", call.text(c10::toString(schema)));
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

napi_value schema(Call& call) { return describe_schema(call, find_operator(call.text(0, "name")).schema()); }

napi_value parse_schema(Call& call) {
  return describe_schema(call,
                         torch::jit::parseSchema(call.text(0, "schema"), call.boolean(1, "allow_typevars")));
}

// Backward: whether what called `other` can call this one. Forward: null, or why the old cannot take the new's calls.
napi_value schema_is_compatible(Call& call) {
  const c10::FunctionSchema schema = torch::jit::parseSchema(call.text(0, "schema"));
  const c10::FunctionSchema other = torch::jit::parseSchema(call.text(1, "other"));
  std::ostringstream why;
  const bool compatible = call.boolean(2, "forward") ? schema.isForwardCompatibleWith(other, why)
                                                     : schema.isBackwardCompatibleWith(other, &why);
  return compatible ? call.null() : call.text(why.str());
}

napi_value type_is_subtype(Call& call) {
  return call.boolean(type_argument(call, 0)->isSubtypeOf(*type_argument(call, 1)));
}

}  // namespace isotorch
