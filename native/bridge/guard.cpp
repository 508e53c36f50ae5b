#include "bridge/guard.h"

#include <c10/util/Exception.h>
#include <c10/util/env.h>

#include <cstring>
#include <new>

#include "memory/environment.h"

namespace isotorch {

JavaScriptError::JavaScriptError(napi_env env) {
  napi_value exception;
  napi_ref reference;
  if (napi_get_and_clear_last_exception(env, &exception) != napi_ok) return;
  if (napi_create_reference(env, exception, 1, &reference) != napi_ok) return;
  value_ = std::shared_ptr<napi_ref>(new napi_ref(reference), [env](napi_ref* held) {
    napi_delete_reference(env, *held);
    delete held;
  });
}

void JavaScriptError::rethrow(napi_env env) const {
  napi_value exception;
  // Without a value the environment is being torn down, and nobody will look at the error.
  if (value_ == nullptr || napi_get_reference_value(env, *value_, &exception) != napi_ok) return;
  napi_throw(env, exception);
}

void check(napi_env env, napi_status status) {
  if (status == napi_ok) return;
  bool pending = false;
  napi_is_exception_pending(env, &pending);
  if (pending) throw JavaScriptError(env);
  const napi_extended_error_info* info = nullptr;
  napi_get_last_error_info(env, &info);
  throw ArgumentError(info != nullptr && info->error_message != nullptr ? info->error_message
                                                                        : "Node-API call failed");
}

namespace {

void raise(napi_env napi, const char* kind, const char* message, const char* stack) {
  Environment& env = Environment::of(napi);
  napi_value factory, receiver, error, args[3];
  if (env.make_error == nullptr || napi_get_reference_value(napi, env.make_error, &factory) != napi_ok) {
    napi_throw_error(napi, nullptr, message);
    return;
  }
  napi_get_undefined(napi, &receiver);
  napi_create_string_utf8(napi, kind, NAPI_AUTO_LENGTH, &args[0]);
  napi_create_string_utf8(napi, message, NAPI_AUTO_LENGTH, &args[1]);
  napi_create_string_utf8(napi, stack, NAPI_AUTO_LENGTH, &args[2]);
  if (napi_call_function(napi, receiver, factory, 3, args, &error) == napi_ok) napi_throw(napi, error);
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

const char* kind_of(const c10::Error& error, const std::string& message) {
  if (dynamic_cast<const c10::IndexError*>(&error)) return "index";
  if (dynamic_cast<const c10::TypeError*>(&error)) return "type";
  if (dynamic_cast<const c10::ValueError*>(&error)) return "value";
  if (dynamic_cast<const c10::NotImplementedError*>(&error)) return "unsupported";
  if (dynamic_cast<const c10::OutOfMemoryError*>(&error)) return "memory";
  if (dynamic_cast<const c10::LinAlgError*>(&error)) return "linalg";
  if (dynamic_cast<const c10::AcceleratorError*>(&error)) return "accelerator";
  // The CPU allocator has no error class of its own.
  if (message.find("DefaultCPUAllocator: ") != std::string::npos) return "memory";
  return "torch";
}

}  // namespace

void raise_current_exception(napi_env env) noexcept {
  try {
    throw;
  } catch (const JavaScriptError& error) {
    error.rethrow(env);
  } catch (const ArgumentError& error) {
    raise(env, "type", error.what(), "");
  } catch (const c10::Error& error) {
    const std::string message = short_message(error);
    raise(env, kind_of(error, message), message.c_str(), shows_stacks() ? error.what() : "");
  } catch (const std::bad_alloc&) {
    raise(env, "memory", "not enough memory", "");
  } catch (const std::out_of_range& error) {
    raise(env, "index", error.what(), "");
  } catch (const std::exception& error) {
    raise(env, "torch", error.what(), "");
  } catch (...) {
    raise(env, "torch", "unknown C++ exception", "");
  }
}

void emit_warnings(Environment& env) {
  if (env.warnings.empty() || env.emit_warning == nullptr) return;
  const auto warnings = std::exchange(env.warnings, {});
  napi_value receiver, emit, ignored;
  napi_get_undefined(env.napi, &receiver);
  check(env.napi, napi_get_reference_value(env.napi, env.emit_warning, &emit));
  for (const std::string& text : warnings) {
    napi_value message;
    check(env.napi, napi_create_string_utf8(env.napi, text.data(), text.size(), &message));
    check(env.napi, napi_call_function(env.napi, receiver, emit, 1, &message, &ignored));
  }
}

}  // namespace isotorch
