// Kinds of arguments that are tensors.
#include <ATen/ScalarOps.h>

#include "bridge/call.h"
#include "bridge/readers.h"
#include "tensor/sparse.h"

namespace isotorch {

const at::Tensor& tensor_in_slot(const Site& site, uint32_t slot) {
  const at::Tensor* tensor = site.env.slots.find(slot);
  TORCH_CHECK(tensor != nullptr, site.function, "(): argument '", site.argument.name, "' (position ",
              site.position + 1,
              ") is a disposed tensor: it was freed by dispose() or at the end of its torch.scope. "
              "Return it from the scope or pass it to torch.keep() to use it later");
  if (is_sparse(*tensor)) refuse_stray_indices(*tensor);
  return *tensor;
}

c10::IValue read_tensor(const Site& site, napi_value value) {
  napi_env env = site.env.napi;
  uint32_t slot;
  if (napi_get_value_uint32(env, value, &slot) == napi_ok) return tensor_in_slot(site, slot);
  // [number] is what Python calls a wrapped number: it takes part as a scalar in type promotion.
  if (array_length(env, value) != 1u) mismatch(site, value);
  napi_value item = item_of(env, value, 0);
  const auto scalar = try_scalar(site, item);
  if (!scalar) mismatch(site, item);
  at::Tensor wrapped = c10::scalar_to_tensor(*scalar);
  wrapped.unsafeGetTensorImpl()->set_wrapped_number(true);
  return wrapped;
}

// A storage travels as the tensor that holds it.
c10::IValue read_storage(const Site& site, napi_value value) {
  return read_tensor(site, value).toTensor().storage();
}

}  // namespace isotorch
