// Conditions that the kernels of several operators leave to their callers. Each passes where an argument that it names is absent.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "bridge/refusals.h"

namespace isotorch::rules {

using Names = std::vector<std::string>;

// A size that a tensor should have: a number, or one that the call's arguments tell. Nothing where any will do.
struct Size {
  Size(int64_t number);  // NOLINT: a number in a list is one
  Size(std::string text, std::function<std::optional<int64_t>(const Arguments&)> value)
      : text(std::move(text)), value(std::move(value)) {}

  std::string text;
  std::function<std::optional<int64_t>(const Arguments&)> value;
};

Size any();
Size of(const std::string& name, int64_t dim);  // a tensor's size; negative dimensions count from the end
Size area(const std::string& name, int64_t trailing);  // the product of a tensor's last sizes
Size count_of(const std::string& name);                // a tensor's elements
Size places_in(const std::string& name);               // a tensor's dimensions, and one more
Size number_of(const std::string& name);               // an int of the call

// Where the flag is set.
Rule where(std::string flag, Rule rule);

// Tensors.
Rule never(std::string reason);                      // no call at all
Rule given(Names names);                             // not None
Rule together(std::string name, std::string other);  // both given, or neither
Rule strided(Names names);                           // neither sparse nor opaque, and with memory
Rule opaque(std::string name);                       // in oneDNN's layout
Rule opaque_floats(std::string name);                // float32 where in that layout
Rule not_quantized(std::string name);
Rule quantized(std::string name);
Rule complex_of(std::string name, std::string other);  // of the complex dtype of its
Rule type_of(std::string name, c10::ScalarType type);
Rule same_type(Names names);  // as the first

// Sizes.
Rule dims(std::string name, int64_t least, int64_t most);
inline Rule dims(std::string name, int64_t count) { return dims(std::move(name), count, count); }
Rule sized(std::string name, std::vector<Size> sizes);  // these, and no others
Rule elements(std::string name, const Size& count);
Rule same_shape(Names names);                                              // as the first
Rule same_leading(std::string name, std::string other, int64_t trailing);  // but for the last ones
Rule square(std::string name);                                             // in its last two
Rule not_empty(std::string name);                                          // a tensor or a list
Rule filled(std::string name, int64_t dim);                                // a size that is not 0
Rule divisible(std::string name, int64_t dim, int64_t divisor);

// Elements, read only where they are in memory; numbers, and lists of them.
Rule below(std::string name, const Size& limit,
           int64_t start = 0);                    // from the start on, as many as the limit
Rule rising(std::string name, const Size& most);  // from 0 to that
Rule finite(std::string name);
Rule within(std::string name, int64_t least, int64_t most);
Rule least(std::string name, int64_t least);
Rule length(std::string name, size_t least, size_t most);
inline Rule length(std::string name, size_t count) { return length(std::move(name), count, count); }
Rule same_length(std::string name, std::string other);
Rule dimensions_of(std::string name, std::string tensor);  // different ones
Rule each_dims(std::string list, int64_t least);

}  // namespace isotorch::rules
