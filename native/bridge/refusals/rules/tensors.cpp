#include "bridge/refusals/arguments.h"
#include "bridge/refusals/rules.h"
#include "tensor/storage.h"

namespace isotorch::rules {

Rule where(std::string flag, Rule rule) {
  return {rule.text + " where " + flag, [=](const Arguments& arguments) {
            if (rules::flag(arguments, flag)) rule.check(arguments);
          }};
}

Rule never(std::string reason) {
  return {reason,
          [reason](const Arguments& arguments) { TORCH_CHECK(false, arguments.function(), "(): ", reason); }};
}

Rule given(Names names) {
  return {listed(names) + " given", [names](const Arguments& arguments) {
            for (const std::string& name : names) {
              const bool has = arguments.find(name) == nullptr || arguments.tensor(name) != nullptr;
              expect(has, arguments, "'", name, "' must be a tensor, not None");
            }
          }};
}

Rule together(std::string name, std::string other) {
  return {name + " and " + other + " both or neither", [=](const Arguments& arguments) {
            const bool both = (arguments.tensor(name) == nullptr) == (arguments.tensor(other) == nullptr);
            expect(both, arguments, "'", name, "' must be given where '", other, "' is, and only there");
          }};
}

Rule strided(Names names) {
  return {listed(names) + " strided", [names](const Arguments& arguments) {
            for (const std::string& name : names) {
              for (const at::Tensor& tensor : tensors_in(arguments, name)) {
                const bool plain =
                    tensor.is_meta() || (tensor.layout() == at::kStrided && !tensor._is_zerotensor() &&
                                         !tensor.is_nested() && !lacks_memory(tensor));
                expect(plain, arguments, "'", name, "' must be a strided tensor with memory, not ",
                       tensor.layout());
              }
            }
          }};
}

Rule opaque(std::string name) {
  return {name + " in oneDNN's layout", [name](const Arguments& arguments) {
            const at::Tensor* tensor = arguments.tensor(name);
            expect(tensor == nullptr || tensor->is_mkldnn(), arguments, "'", name,
                   "' must be a packed (mkldnn) tensor");
          }};
}

Rule opaque_floats(std::string name) {
  return {name + " Float where in oneDNN's layout", [name](const Arguments& arguments) {
            for (const at::Tensor& tensor : tensors_in(arguments, name)) {
              expect(!tensor.is_mkldnn() || tensor.scalar_type() == at::kFloat, arguments, "'", name,
                     "' must be float32 where it is an mkldnn tensor, not ", tensor.scalar_type());
            }
          }};
}

Rule not_quantized(std::string name) {
  return {name + " not quantized", [name](const Arguments& arguments) {
            const at::Tensor* tensor = arguments.tensor(name);
            expect(tensor == nullptr || !tensor->is_quantized(), arguments, "'", name,
                   "' must not be quantized");
          }};
}

Rule quantized(std::string name) {
  return {name + " quantized", [name](const Arguments& arguments) {
            const at::Tensor* tensor = arguments.tensor(name);
            expect(tensor == nullptr || tensor->is_quantized(), arguments, "'", name, "' must be quantized");
          }};
}

Rule complex_of(std::string name, std::string other) {
  return {name + " of the complex dtype of " + other, [=](const Arguments& arguments) {
            const at::Tensor* tensor = arguments.tensor(name);
            const at::Tensor* model = arguments.tensor(other);
            if (tensor == nullptr || model == nullptr) return;
            const bool fits = c10::isFloatingType(model->scalar_type()) &&
                              tensor->scalar_type() == c10::toComplexType(model->scalar_type());
            expect(fits, arguments, "'", name, "' must be of the complex dtype of '", other, "', ",
                   model->scalar_type(), ", not of ", tensor->scalar_type());
          }};
}

Rule type_of(std::string name, c10::ScalarType type) {
  return {name + " " + c10::toString(type), [=](const Arguments& arguments) {
            const at::Tensor* tensor = arguments.tensor(name);
            if (tensor == nullptr) return;
            expect(tensor->scalar_type() == type, arguments, "'", name, "' must be of dtype ", type, ", not ",
                   tensor->scalar_type());
          }};
}

Rule same_type(Names names) {
  return {listed(names) + " of one dtype", [names](const Arguments& arguments) {
            const at::Tensor* first = arguments.tensor(names[0]);
            if (first == nullptr) return;
            for (const std::string& name : names) {
              const at::Tensor* tensor = arguments.tensor(name);
              if (tensor == nullptr) continue;
              expect(tensor->scalar_type() == first->scalar_type(), arguments, "'", name,
                     "' must have the dtype of '", names[0], "', ", first->scalar_type(), ", not ",
                     tensor->scalar_type());
            }
          }};
}

}  // namespace isotorch::rules
