#pragma once

#include <ATen/core/Generator.h>

#include "memory/environment.h"

namespace isotorch {

// A random generator held by JavaScript.
struct GeneratorBox : Owned {
  explicit GeneratorBox(at::Generator value) : generator(std::move(value)) {}
  at::Generator generator;
};

}  // namespace isotorch
