#include "device/own_generator.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <c10/core/impl/LocalDispatchKeySet.h>

#include <algorithm>
#include <mutex>
#include <thread>

namespace isotorch {
namespace {

// libtorch has one default generator for all threads, and its kernels take it where an operator's argument `generator`
// is left out. So such arguments are filled in, on a dispatch key that libtorch itself does not use: below functions
// that have no such argument (dropout, rand_like) there is always one that has.
constexpr auto kKey = c10::DispatchKey::TESTING_ONLY_GenericMode;

bool is_generator(const c10::Argument& argument) {
  const auto& type = *argument.type();
  const auto* optional = type.castRaw<c10::OptionalType>();
  return (optional == nullptr ? type : *optional->getElementType()).kind() == c10::TypeKind::GeneratorType;
}

// Whether the kernel will draw on the CPU: factories without a tensor among their arguments call what has one.
bool draws_on_cpu(c10::ArrayRef<c10::IValue> arguments) {
  bool found = false;
  for (const auto& value : arguments) {
    if (!value.isTensor() || !value.toTensor().defined()) continue;
    if (!value.toTensor().device().is_cpu()) return false;
    found = true;
  }
  return found;
}

void fill_in(const c10::OperatorHandle& op, c10::DispatchKeySet keys, torch::jit::Stack* stack) {
  const auto& arguments = op.schema().arguments();
  const size_t first = stack->size() - arguments.size();
  if (own_generator().defined() && draws_on_cpu(torch::jit::last(*stack, arguments.size()))) {
    for (size_t i = 0; i < arguments.size(); ++i) {
      if (is_generator(arguments[i]) && (*stack)[first + i].isNone()) (*stack)[first + i] = own_generator();
    }
  }
  op.redispatchBoxed(keys & c10::DispatchKeySet(c10::DispatchKeySet::FULL_AFTER, kKey), stack);
}

// Once in a process, when a thread first wants it: what other threads look up does not change.
void register_key() {
  static std::once_flag once;
  std::call_once(once, [] {
    auto& dispatcher = c10::Dispatcher::singleton();
    const std::string who = "isotorch: generators of threads";
    static auto* const kept = new std::vector<c10::RegistrationHandleRAII>;
    kept->push_back(dispatcher.registerFallback(kKey, c10::KernelFunction::makeFallthrough(), who));
    for (const auto& name : dispatcher.getAllOpNames()) {
      const auto op = dispatcher.findOp(name);
      if (!op || !op->hasSchema()) continue;
      const auto& arguments = op->schema().arguments();
      if (!std::any_of(arguments.begin(), arguments.end(), is_generator)) continue;
      kept->push_back(dispatcher.registerImpl(
          name, kKey, c10::KernelFunction::makeFromBoxedFunction<&fill_in>(), std::nullopt, nullptr, who));
    }
  });
}

}  // namespace

at::Generator& own_generator() {
  thread_local at::Generator generator;
  return generator;
}

void draw_from_own_generator() {
  register_key();
  own_generator() = at::detail::createCPUGenerator();
  c10::impl::tls_set_dispatch_key_included(kKey, true);
}

void compute_alone() {
  // set_num_threads() is of the calling thread, but for the number that threads take when they first compute.
  static std::mutex mutex;
  std::lock_guard<std::mutex> lock(mutex);
  const int others = at::get_num_threads();
  at::set_num_threads(1);
  std::thread([others] { at::set_num_threads(others); }).join();
}

}  // namespace isotorch
