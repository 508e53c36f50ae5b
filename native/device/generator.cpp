#include "device/generator.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>

#include "bridge/call.h"
#include "device/system.h"

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

}  // namespace

napi_value create_generator(Call& call) {
  const c10::Device device = usable_device(call, 0);
  at::Generator generator =
      device.is_cpu()
          ? at::detail::createCPUGenerator()
          : at::globalContext().getAcceleratorHooksInterface(device.type()).getNewGenerator(device.index());
  return call.env.own(std::make_unique<GeneratorBox>(std::move(generator)));
}

napi_value default_generator(Call& call) {
  const c10::Device device = usable_device(call, 0);
  return call.env.own(std::make_unique<GeneratorBox>(at::globalContext().defaultGenerator(device)));
}

napi_value generator_manual_seed(Call& call) {
  const auto seed = static_cast<uint64_t>(call.wrapped_int64(1, "seed"));
  locked(generator_at(call), [&](at::Generator& generator) { generator.set_current_seed(seed); });
  return nullptr;
}

napi_value generator_seed(Call& call) {
  const uint64_t seed = locked(generator_at(call), [](at::Generator& generator) { return generator.seed(); });
  return call.unsigned_bigint(seed);
}

napi_value generator_initial_seed(Call& call) {
  return call.unsigned_bigint(generator_at(call).current_seed());
}

napi_value generator_get_state(Call& call) {
  return call.handle(
      locked(generator_at(call), [](at::Generator& generator) { return generator.get_state(); }));
}

napi_value generator_set_state(Call& call) {
  const at::Tensor& state = call.tensor(1, "new_state");
  locked(generator_at(call), [&](at::Generator& generator) { generator.set_state(state); });
  return nullptr;
}

napi_value generator_device(Call& call) { return call.text(generator_at(call).device().str()); }

napi_value manual_seed(Call& call) {
  at::manual_seed(static_cast<uint64_t>(call.wrapped_int64(0, "seed")));
  return nullptr;
}

}  // namespace isotorch
