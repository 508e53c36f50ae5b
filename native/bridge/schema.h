// What an operator's schema says, as JavaScript objects.
#pragma once

#include <ATen/core/function_schema.h>
#include <node_api.h>

#include <string>

namespace isotorch {

struct Call;

// The alias set that an argument or result is written through; empty when it is not.
std::string written_to(const c10::Argument& argument);

napi_value schema(Call& call);
napi_value parse_schema(Call& call);
napi_value schema_is_compatible(Call& call);
napi_value type_is_subtype(Call& call);

}  // namespace isotorch
