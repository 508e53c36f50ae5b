#include "bridge/guard.h"

#include <c10/util/Exception.h>
#include <c10/util/env.h>

#include <cstring>
#include <new>

#include "memory/collection.h"
#include "memory/environment.h"

namespace isotorch {

namespace {

// The error as JavaScript makes it (lib/torch/native/errors.ts), or a plain one before there is anybody to ask.
Napi::Error make_error(Napi::Env napi, const char* kind, const std::string& text, const char* stack = "") {
  const Environment& env = Environment::of(napi);
  const std::string message = text.empty() ? "libtorch failed without a reason" : text;
  if (env.make_error.IsEmpty()) return Napi::Error::New(napi, message);
  return {napi, env.make_error.Call({Napi::String::New(napi, kind), Napi::String::New(napi, message),
                                     Napi::String::New(napi, stack)})};
}

// Without its C++ source line, a message may still carry libtorch's stack summary.
std::string short_message(const c10::Error& error) {
  std::string message = error.what_without_backtrace();
  const size_t trace = message.find("\nException raised from ");
  if (trace != std::string::npos) message.resize(trace);
  return message;
}

// Naming the frames of a stack takes milliseconds. Python, too, does it only where it is asked to.
bool shows_stacks() {
  static const bool asked = c10::utils::check_env("TORCH_SHOW_CPP_STACKTRACES") == true;
  return asked;
}

const char* kind_of(const c10::Error& error) {
  if (dynamic_cast<const c10::IndexError*>(&error)) return "index";
  if (dynamic_cast<const c10::TypeError*>(&error)) return "type";
  if (dynamic_cast<const c10::ValueError*>(&error)) return "value";
  if (dynamic_cast<const c10::NotImplementedError*>(&error)) return "unsupported";
  if (is_out_of_memory(error)) return "memory";
  if (dynamic_cast<const c10::LinAlgError*>(&error)) return "linalg";
  if (dynamic_cast<const c10::AcceleratorError*>(&error)) return "accelerator";
  return "torch";
}

// What the exception being handled is to JavaScript. Throws, too, where making an error fails.
Napi::Error current_error(Napi::Env env) {
  try {
    throw;
  } catch (const Napi::Error& error) {
    return error;
  } catch (const ArgumentError& error) {
    return make_error(env, "type", error.what());
  } catch (const c10::Error& error) {
    const std::string message = short_message(error);
    return make_error(env, kind_of(error), message, shows_stacks() ? error.what() : "");
  } catch (const std::bad_alloc&) {
    return make_error(env, "memory", "not enough memory");
  } catch (const std::out_of_range& error) {
    return make_error(env, "index", error.what());
  } catch (const std::exception& error) {
    return make_error(env, "torch", error.what());
  } catch (...) {
    return make_error(env, "torch", "unknown C++ exception");
  }
}

// The very same value that a callback threw. Not error.Value(), which looks for a mark of its own on it, and so runs what
// a proxy does about `has`.
void rethrow(napi_env env, const Napi::Error& error) {
  napi_value value = nullptr;
  // Without a value the environment is being torn down, and nobody will look at the error.
  if (napi_get_reference_value(env, error, &value) == napi_ok && value != nullptr) napi_throw(env, value);
}

}  // namespace

void raise_current_exception(napi_env env) noexcept {
  try {
    rethrow(env, current_error(env));
  } catch (const Napi::Error& error) {
    rethrow(env, error);
  } catch (...) {
    napi_throw_error(env, nullptr, "isotorch: not enough memory for an error");
  }
}

void emit_warnings(Environment& env) {
  if (env.warnings.empty() || env.emit_warning.IsEmpty()) return;
  for (const std::string& text : std::exchange(env.warnings, {})) {
    env.emit_warning.Call({Napi::String::New(env.napi, text)});
  }
}

}  // namespace isotorch
