// Modules of TorchScript: loaded from a file, called, looked into, saved.
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/serialization/import.h>

#include <sstream>

#include "bridge/call.h"
#include "device/system.h"
#include "exports.h"
#include "jit/values.h"

namespace isotorch {
namespace {

using torch::jit::ExtraFilesMap;
using torch::jit::Module;

struct ScriptModule : Owned {
  explicit ScriptModule(Module loaded) : module(std::move(loaded)) {}
  Module module;
};

const Module& module_of(const Call& call) { return call.owned<ScriptModule>(0, "module").module; }

Napi::Value box(const Call& call, Module module) {
  return call.env.own(std::make_unique<ScriptModule>(std::move(module)));
}

// Places in Python's sources, for messages. libtorch reads them with less care than the rest: damaged ones end the process.
constexpr bool kDebugFiles = false;

// What is loaded, and what is in the extra files of these names.
Napi::Value jit_load(Call& call) {
  std::optional<c10::Device> device;
  if (!call.is_null(1)) {
    device = c10::Device(call.text(1, "map_location"));
    require_device(*device);
  }
  ExtraFilesMap extra;
  const auto names = array_length(call.Env(), call[2]).value_or(0);
  for (uint32_t i = 0; i < names; ++i) {
    extra[Napi::Value(call.Env(), item_of(call.Env(), call[2], i)).ToString().Utf8Value()] = "";
  }
  Module module;
  if (call[0].IsString()) {
    module = torch::jit::load(call.text(0, "f"), device, extra, kDebugFiles);
  } else {
    const Bytes bytes = call.bytes(0, "f");
    std::istringstream stream(std::string(static_cast<const char*>(bytes.data), bytes.size));
    module = torch::jit::load(stream, device, extra, kDebugFiles);
  }
  std::vector<napi_value> files;
  for (const auto& [name, text] : extra) files.push_back(call.array({call.text(name), call.text(text)}));
  return call.array({box(call, std::move(module)), call.array(files)});
}

template <typename Items, typename Write>
Napi::Value named(const Call& call, const Items& items, Write write) {
  std::vector<napi_value> pairs;
  for (const auto& item : items) pairs.push_back(call.array({call.text(item.name), write(item.value)}));
  return call.array(pairs);
}

Napi::Value attribute_names(const Call& call, const Module& module) {
  std::vector<napi_value> names;
  const auto type = module.type();
  for (size_t i = 0; i < type->numAttributes(); ++i) {
    const auto& kind = type->getAttribute(i);
    if (kind->isSubtypeOf(*c10::TensorType::get()) || kind->is_module()) continue;
    names.push_back(call.text(type->getAttributeName(i)));
  }
  return call.array(names);
}

Napi::Value methods(const Call& call, const Module& module) {
  std::vector<napi_value> found;
  for (const auto& method : module.get_methods()) {
    std::vector<napi_value> parameters;
    for (const auto& argument : method.function().getSchema().arguments()) {
      parameters.push_back(call.text(argument.name()));
    }
    found.push_back(call.array({call.text(method.name()), call.array(parameters)}));
  }
  return call.array(found);
}

// Name of the class, and what the module has itself: parameters, buffers, submodules, other attributes, methods.
Napi::Value jit_describe(Call& call) {
  const Module& module = module_of(call);
  const auto tensor = [&](const at::Tensor& value) -> napi_value { return call.handle(value); };
  return call.array({call.text(module.type()->name() ? module.type()->name()->name() : std::string()),
                     named(call, module.named_parameters(/*recurse=*/false), tensor),
                     named(call, module.named_buffers(/*recurse=*/false), tensor),
                     named(call, module.named_children(),
                           [&](const Module& child) -> napi_value { return box(call, child); }),
                     attribute_names(call, module), methods(call, module)});
}

Napi::Value jit_attribute(Call& call) {
  return {call.Env(), jit::write_value(call.env, module_of(call).attr(call.text(1, "name")))};
}

void jit_set_attribute(Call& call) {
  Module module = module_of(call);
  const std::string name = call.text(1, "name");
  const auto slot = module.type()->findAttributeSlot(name);
  const c10::TypePtr type = slot ? module.type()->getAttribute(*slot) : c10::AnyType::get();
  module.setattr(name, jit::read_value(call.env, call[2], type));
}

// Whether two modules are one object.
bool jit_is_same(Call& call) { return module_of(call) == call.owned<ScriptModule>(1, "other").module; }

// A method's result for arguments by position, and by name as [name, value] pairs.
Napi::Value jit_call(Call& call) {
  const auto method = module_of(call).get_method(call.text(1, "method"));
  const auto& parameters = method.function().getSchema().arguments();
  torch::jit::Stack stack;
  const uint32_t count = array_length(call.Env(), call[2]).value_or(0);
  for (uint32_t i = 0; i < count; ++i) {
    // The first parameter is the module itself.
    const c10::TypePtr hint = i + 1 < parameters.size() ? parameters[i + 1].type() : c10::AnyType::get();
    stack.push_back(jit::read_value(call.env, item_of(call.Env(), call[2], i), hint));
  }
  torch::jit::Kwargs keywords;
  const uint32_t named = array_length(call.Env(), call[3]).value_or(0);
  for (uint32_t i = 0; i < named; ++i) {
    napi_value pair = item_of(call.Env(), call[3], i);
    const std::string name = Napi::Value(call.Env(), item_of(call.Env(), pair, 0)).ToString();
    c10::TypePtr hint = c10::AnyType::get();
    for (const auto& parameter : parameters) {
      if (parameter.name() == name) hint = parameter.type();
    }
    keywords[name] = jit::read_value(call.env, item_of(call.Env(), pair, 1), hint);
  }
  return {call.Env(), jit::write_value(call.env, method(std::move(stack), keywords))};
}

// The graph of a method as text, for readers, and for who asks which attributes it sets.
std::string jit_graph(Call& call) {
  return module_of(call)
      .get_method(call.text(1, "method"))
      .graph()
      ->toString(/*print_source_locations=*/false);
}

// Bytes of the file.
Napi::Value jit_save(Call& call) {
  ExtraFilesMap extra;
  const uint32_t count = array_length(call.Env(), call[1]).value_or(0);
  for (uint32_t i = 0; i < count; ++i) {
    napi_value pair = item_of(call.Env(), call[1], i);
    const auto part = [&](uint32_t which) {
      return Napi::Value(call.Env(), item_of(call.Env(), pair, which)).ToString().Utf8Value();
    };
    extra[part(0)] = part(1);
  }
  std::ostringstream stream;
  module_of(call).save(stream, extra);
  const std::string text = std::move(stream).str();
  return Napi::Buffer<char>::Copy(call.Env(), text.data(), text.size());
}

}  // namespace

void define_jit(Napi::Object exports) {
  define(exports,
         {ISOTORCH_FUNCTION(jit_load), ISOTORCH_FUNCTION(jit_describe), ISOTORCH_FUNCTION(jit_attribute),
          ISOTORCH_FUNCTION(jit_set_attribute), ISOTORCH_FUNCTION(jit_is_same), ISOTORCH_FUNCTION(jit_call),
          ISOTORCH_FUNCTION(jit_graph), ISOTORCH_FUNCTION(jit_save)});
}

}  // namespace isotorch
