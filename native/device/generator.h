#pragma once

#include <ATen/core/Generator.h>

#include "memory/environment.h"

namespace isotorch {

struct Call;

// A random generator held by JavaScript.
struct GeneratorBox : Owned {
  explicit GeneratorBox(at::Generator value) : generator(std::move(value)) {}
  at::Generator generator;
};

napi_value create_generator(Call& call);
napi_value default_generator(Call& call);
napi_value generator_manual_seed(Call& call);
napi_value generator_seed(Call& call);
napi_value generator_initial_seed(Call& call);
napi_value generator_get_state(Call& call);
napi_value generator_set_state(Call& call);
napi_value generator_device(Call& call);
napi_value manual_seed(Call& call);

}  // namespace isotorch
