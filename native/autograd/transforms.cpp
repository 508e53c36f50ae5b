// The levels of torch.func: functorch's interpreters, which belong to the thread, and the tensors that are wrapped for them.
#include <ATen/FunctionalTensorWrapper.h>
#include <ATen/WrapDimUtils.h>
#include <ATen/functorch/BatchedTensorImpl.h>
#include <ATen/functorch/DynamicLayer.h>
#include <ATen/functorch/TensorWrapper.h>
#include <c10/core/AutogradState.h>

#include "autograd/decompositions.h"
#include "bridge/call.h"
#include "exports.h"

namespace isotorch {

namespace functorch = at::functorch;
using functorch::TransformType;

namespace {

functorch::RandomnessType randomness(const std::string& name) {
  if (name == "same") return functorch::RandomnessType::Same;
  if (name == "different") return functorch::RandomnessType::Different;
  return functorch::RandomnessType::Error;
}

// Which level is entered, by the name of its transformation.
int64_t enter_transform(Call& call) {
  const std::string kind = call.text(0, "kind");
  if (kind == "grad") {
    return functorch::initAndPushDynamicLayer(TransformType::Grad, {}, {}, c10::GradMode::is_enabled());
  }
  register_decompositions();
  if (kind == "jvp") {
    const bool mode = c10::AutogradState::get_tls_state().get_fw_grad_mode();
    return functorch::initAndPushDynamicLayer(TransformType::Jvp, {}, {}, {}, mode);
  }
  if (kind == "functionalize") {
    return functorch::initAndPushDynamicLayer(TransformType::Functionalize, {}, {}, {}, {},
                                              call.boolean(1, "reapply_views"));
  }
  const c10::SymInt size = call.integer(1, "batch_size");
  return functorch::initAndPushDynamicLayer(TransformType::Vmap, size,
                                            randomness(call.text(2, "randomness")));
}

void exit_transform(Call&) {
  TORCH_CHECK(functorch::maybeCurrentDynamicLayer().has_value(), "there is no transformation to leave");
  functorch::popDynamicLayerAndDeleteMetadata();
}

// The current level; 0 outside of all transformations.
int64_t transform_level(Call&) {
  const auto layer = functorch::maybeCurrentDynamicLayer();
  return layer.has_value() ? layer->layerId() : 0;
}

at::Tensor add_batch_dim(Call& call) {
  return functorch::addBatchDim(call.tensor(0, "tensor"), call.integer(1, "dim"), call.integer(2, "level"));
}

at::Tensor remove_batch_dim(Call& call) {
  const at::Tensor& self = call.tensor(0, "tensor");
  const int64_t level = call.integer(1, "level"), size = call.integer(2, "batch_size");
  const auto* batched = functorch::maybeGetBatchedImpl(self);
  if (batched == nullptr || batched->level() < level) {
    const int64_t out_dim = at::maybe_wrap_dim(call.integer(3, "out_dim"), self.dim() + 1);
    std::vector<int64_t> sizes = self.sizes().vec();
    sizes.insert(sizes.begin() + out_dim, size);
    return self.unsqueeze(out_dim).expand(sizes);
  }
  TORCH_CHECK(batched->level() == level,
              "a tensor of a transformation that was left is returned from another one");
  const int64_t out_dim = at::maybe_wrap_dim(call.integer(3, "out_dim"), batched->value().dim());
  return batched->bdim() == out_dim ? batched->value() : batched->value().movedim(batched->bdim(), out_dim);
}

bool is_batchedtensor(Call& call) { return functorch::isBatchedTensor(call.tensor(0, "tensor")); }

at::Tensor wrap_for_grad(Call& call) {
  return functorch::makeTensorWrapper(call.tensor(0, "tensor"), call.integer(1, "level"));
}

at::Tensor unwrap_for_grad(Call& call) {
  const at::Tensor& self = call.tensor(0, "tensor");
  const auto* wrapper = functorch::maybeGetTensorWrapper(self);
  return wrapper != nullptr && wrapper->level() == call.integer(1, "level") ? wrapper->value() : self;
}

at::Tensor wrap_functional(Call& call) {
  const at::Tensor& self = call.tensor(0, "tensor");
  at::Tensor wrapped = at::functionalization::impl::to_functional_tensor(self);
  at::functionalization::impl::unsafeGetFunctionalWrapper(wrapped)->set_level(call.integer(1, "level"));
  return wrapped;
}

at::Tensor unwrap_functional(Call& call) {
  const at::Tensor& self = call.tensor(0, "tensor");
  if (!at::functionalization::impl::isFunctionalTensor(self)) return self;
  at::functionalization::impl::sync(self);
  return at::functionalization::impl::from_functional_tensor(self, /*assert_functional=*/false);
}

// What was written into the wrapped tensor of an argument is written into the argument.
void propagate_functional(Call& call) {
  const at::Tensor& self = call.tensor(0, "tensor");
  const at::Tensor& wrapped = call.tensor(1, "wrapped");
  at::functionalization::impl::sync(wrapped);
  const at::Tensor& value = at::functionalization::impl::unsafeGetFunctionalWrapper(wrapped)->value();
  if (value.is_same(self)) return;
  if (self.nbytes() != value.nbytes()) self.resize_(value.sizes());
  self.copy_(value);
}

// The tensor in a wrapper of any kind; itself where it is none.
at::Tensor unwrapped(Call& call) {
  const at::Tensor& self = call.tensor(0, "tensor");
  if (const auto* batched = functorch::maybeGetBatchedImpl(self)) return batched->value();
  if (const auto* wrapper = functorch::maybeGetTensorWrapper(self)) return wrapper->value();
  if (at::functionalization::impl::isFunctionalTensor(self)) {
    return at::functionalization::impl::unsafeGetFunctionalWrapper(self)->value();
  }
  return self;
}

}  // namespace

void define_transforms(Napi::Object exports) {
  define(exports, {ISOTORCH_FUNCTION(enter_transform), ISOTORCH_FUNCTION(exit_transform),
                   ISOTORCH_FUNCTION(transform_level), ISOTORCH_FUNCTION(add_batch_dim),
                   ISOTORCH_FUNCTION(remove_batch_dim), ISOTORCH_FUNCTION(is_batchedtensor),
                   ISOTORCH_FUNCTION(wrap_for_grad), ISOTORCH_FUNCTION(unwrap_for_grad),
                   ISOTORCH_FUNCTION(wrap_functional), ISOTORCH_FUNCTION(unwrap_functional),
                   ISOTORCH_FUNCTION(propagate_functional), ISOTORCH_FUNCTION(unwrapped)});
}

}  // namespace isotorch
