// The one place where C++ exceptions become JavaScript errors.
#pragma once

#include <node_api.h>

#include <exception>
#include <memory>
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

// A JavaScript exception on its way through libtorch's frames; rethrown as the very same value.
class JavaScriptError : public std::exception {
 public:
  // Takes the pending exception out of `env`.
  explicit JavaScriptError(napi_env env);
  void rethrow(napi_env env) const;
  const char* what() const noexcept override { return "a JavaScript callback threw"; }

 private:
  std::shared_ptr<napi_ref> value_;
};

// Throws when a Node-API call failed: the pending JavaScript exception if there is one.
void check(napi_env env, napi_status status);

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
