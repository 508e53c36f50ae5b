// Properties of a tensor that are no operators.
#pragma once

#include <node_api.h>

namespace isotorch {

struct Call;

napi_value shape(Call& call);
napi_value stride(Call& call);
napi_value ndim(Call& call);
napi_value numel(Call& call);
napi_value dtype(Call& call);
napi_value device(Call& call);
napi_value layout(Call& call);
napi_value requires_grad(Call& call);
napi_value set_requires_grad(Call& call);
napi_value is_leaf(Call& call);
napi_value is_contiguous(Call& call);
napi_value is_nested(Call& call);
napi_value storage_offset(Call& call);
napi_value data_ptr(Call& call);
napi_value version(Call& call);
napi_value is_same(Call& call);
napi_value type_name(Call& call);
napi_value base(Call& call);
napi_value output_nr(Call& call);
napi_value is_quantized(Call& call);
napi_value nbytes(Call& call);
napi_value grad_dtype(Call& call);
napi_value set_grad_dtype(Call& call);
napi_value element_size(Call& call);
napi_value alias(Call& call);
napi_value set_data(Call& call);
napi_value item(Call& call);

}  // namespace isotorch
