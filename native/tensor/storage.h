// The memory behind tensors: copies to and from JavaScript, and whether there is any.
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Storage.h>
#include <node_api.h>

namespace isotorch {

struct Call;

// Whether kernels would write to address 0: zero tensors and functional ones have a storage that says how many bytes
// it holds, and holds none.
bool lacks_memory(const c10::Storage& storage);
bool lacks_memory(const at::Tensor& tensor);

napi_value from_bytes(Call& call);
napi_value to_bytes(Call& call);
napi_value copy_bytes_(Call& call);
napi_value storage_nbytes(Call& call);
napi_value storage_lacks_memory(Call& call);

}  // namespace isotorch
