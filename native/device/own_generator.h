// A thread that draws from a generator of its own wherever none is given, as a process of its own would.
#pragma once

#include <ATen/core/Generator.h>

namespace isotorch {

// The generator of this thread; undefined where it draws from the process's, as every thread does at first.
at::Generator& own_generator();

// From now on this thread draws from a new generator.
void draw_from_own_generator();

// Arithmetic of this thread stays in it. No other thread's number changes.
void compute_alone();

}  // namespace isotorch
