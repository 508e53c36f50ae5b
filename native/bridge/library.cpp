// A user's own operators: a shared library that registers them.
#include <ATen/core/dispatch/Dispatcher.h>
#include <dlfcn.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "bridge/call.h"
#include "exports.h"

namespace isotorch {
namespace {

bool has_operators(const std::string& space) {
  for (const auto& name : c10::Dispatcher::singleton().getAllOpNames()) {
    if (name.name.compare(0, space.size() + 2, space + "::") == 0) return true;
  }
  return false;
}

// A namespace may be defined once. libtorch finds out while the library loads, where its exception would end the
// process; so the file is asked first, by the symbol that TORCH_LIBRARY makes. A stripped library has none.
void refuse_second_definition(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  const std::string marker = "TORCH_LIBRARY_static_init_";
  for (size_t at = bytes.find(marker); at != std::string::npos; at = bytes.find(marker, at + 1)) {
    const std::string space(bytes.c_str() + at + marker.size());
    TORCH_CHECK(!has_operators(space), "Only a single TORCH_LIBRARY can be used to register the namespace ",
                space, ": ", file.string(),
                " defines it, but it has operators already. Use TORCH_LIBRARY_FRAGMENT to add to it");
  }
}

// The library registers its operators while it loads; it is never unloaded, as they may be in use.
void load_library(Call& call) {
  const std::string path = call.text(0, "path");
  std::error_code error;
  const auto file = std::filesystem::canonical(path, error);
  TORCH_CHECK(!error, "Could not load this library: ", path, ": ", error.message());
  TORCH_CHECK(std::filesystem::is_regular_file(file, error), "Could not load this library: ", path,
              ": not a file");
  if (dlopen(file.c_str(), RTLD_NOW | RTLD_NOLOAD) != nullptr) return;
  refuse_second_definition(file);
  TORCH_CHECK(dlopen(file.c_str(), RTLD_NOW | RTLD_GLOBAL) != nullptr, "Could not load this library: ", path,
              ": ", dlerror());
}

}  // namespace

void define_library(Napi::Object exports) { define(exports, {ISOTORCH_FUNCTION(load_library)}); }

}  // namespace isotorch
