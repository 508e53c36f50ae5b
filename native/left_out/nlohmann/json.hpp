// Stands for a header that libtorch's functorch headers include and its packages leave out. They use it to write levels as
// text, which nobody does here: what is declared is never defined.
#pragma once

#include <string>

namespace nlohmann {

struct json {
  json() = default;
  template <typename T>
  explicit json(const T&);
  static json parse(const std::string&);
  std::string dump() const;
  template <typename T>
  T get() const;
};

}  // namespace nlohmann
