// The one place where C++ exceptions become JavaScript errors.
#pragma once

#include <napi.h>

#include <exception>
#include <string>

namespace isotorch {

class Environment;

// A wrong argument from JavaScript: becomes a TypeError.
class ArgumentError : public std::exception {
 public:
  explicit ArgumentError(std::string message) : message_(std::move(message)) {}
  const char* what() const noexcept override { return message_.c_str(); }

 private:
  std::string message_;
};

// Throws when a plain Node-API call failed: the pending JavaScript exception if there is one.
inline void check(napi_env env, napi_status status) {
  if (status != napi_ok) throw Napi::Error::New(env);
}

// Turns the exception being handled into a pending JavaScript error.
void raise_current_exception(napi_env env) noexcept;

// Emits what libtorch warned about during the call.
void emit_warnings(Environment& env);

// Every native entry point runs in here.
template <typename Body>
napi_value guarded(napi_env env, Body&& body) noexcept {
  try {
    return body();
  } catch (...) {
    raise_current_exception(env);
    return nullptr;
  }
}

}  // namespace isotorch
