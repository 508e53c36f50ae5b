#include "device/generator.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>

#include "bridge/call.h"
#include "device/own_generator.h"
#include "device/system.h"
#include "exports.h"

namespace isotorch {
namespace {

// Generators lock for the whole of an operation, because worker threads share the default one.
template <typename Use>
auto locked(at::Generator& generator, Use&& use) {
  std::lock_guard<std::mutex> lock(generator.mutex());
  return use(generator);
}

at::Generator& generator_at(const Call& call) { return call.owned<GeneratorBox>(0, "generator").generator; }

c10::Device usable_device(const Call& call, size_t index) {
  const c10::Device device(call.text(index, "device"));
  require_device(device);
  return device;
}

Napi::Value create_generator(Call& call) {
  const c10::Device device = usable_device(call, 0);
  at::Generator generator =
      device.is_cpu()
          ? at::detail::createCPUGenerator()
          : at::globalContext().getAcceleratorHooksInterface(device.type()).getNewGenerator(device.index());
  return call.env.own(std::make_unique<GeneratorBox>(std::move(generator)));
}

Napi::Value default_generator(Call& call) {
  const c10::Device device = usable_device(call, 0);
  const bool own = device.is_cpu() && own_generator().defined();
  return call.env.own(
      std::make_unique<GeneratorBox>(own ? own_generator() : at::globalContext().defaultGenerator(device)));
}

void generator_manual_seed(Call& call) {
  const auto seed = static_cast<uint64_t>(call.wrapped_int64(1, "seed"));
  locked(generator_at(call), [&](at::Generator& generator) { generator.set_current_seed(seed); });
}

uint64_t generator_seed(Call& call) {
  return locked(generator_at(call), [](at::Generator& generator) { return generator.seed(); });
}

uint64_t generator_initial_seed(Call& call) { return generator_at(call).current_seed(); }

at::Tensor generator_get_state(Call& call) {
  return locked(generator_at(call), [](at::Generator& generator) { return generator.get_state(); });
}

void generator_set_state(Call& call) {
  const at::Tensor& state = call.tensor(1, "new_state");
  locked(generator_at(call), [&](at::Generator& generator) { generator.set_state(state); });
}

std::string generator_device(Call& call) { return generator_at(call).device().str(); }

// Of all devices; of a thread with its own generator only that one, as other threads use the devices' too.
void manual_seed(Call& call) {
  const auto seed = static_cast<uint64_t>(call.wrapped_int64(0, "seed"));
  if (!own_generator().defined()) return at::manual_seed(seed);
  locked(own_generator(), [&](at::Generator& generator) { generator.set_current_seed(seed); });
}

// (the default generator's box): makes this thread like a process of its own, which computes with one thread.
void become_worker(Call& call) {
  draw_from_own_generator();
  generator_at(call) = own_generator();
  compute_alone();
}

}  // namespace

void define_generator(Napi::Object exports) {
  define(exports, {ISOTORCH_FUNCTION(create_generator), ISOTORCH_FUNCTION(default_generator),
                   ISOTORCH_FUNCTION(generator_manual_seed), ISOTORCH_FUNCTION(generator_seed),
                   ISOTORCH_FUNCTION(generator_initial_seed), ISOTORCH_FUNCTION(generator_get_state),
                   ISOTORCH_FUNCTION(generator_set_state), ISOTORCH_FUNCTION(generator_device),
                   ISOTORCH_FUNCTION(manual_seed), ISOTORCH_FUNCTION(become_worker)});
}

}  // namespace isotorch
