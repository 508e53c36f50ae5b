// What JavaScript sees: each function here defines those of one source file, in the order of lib/torch/native/table.ts.
#pragma once

#include <napi.h>

namespace isotorch {

void define_operators(Napi::Object exports);
void define_number_memory(Napi::Object exports);
void define_library(Napi::Object exports);
void define_schema(Napi::Object exports);
void define_handles(Napi::Object exports);
void define_anchors(Napi::Object exports);
void define_parcels(Napi::Object exports);
void define_tensor(Napi::Object exports);
void define_indexing(Napi::Object exports);
void define_storage(Napi::Object exports);
void define_shared_memory(Napi::Object exports);
void define_file(Napi::Object exports);
void define_autograd(Napi::Object exports);
void define_function(Napi::Object exports);
void define_backward(Napi::Object exports);
void define_graph(Napi::Object exports);
void define_saved_tensors(Napi::Object exports);
void define_forward_ad(Napi::Object exports);
void define_transforms(Napi::Object exports);
void define_generator(Napi::Object exports);
void define_update(Napi::Object exports);
void define_system(Napi::Object exports);
void define_libm(Napi::Object exports);
void define_switches(Napi::Object exports);
void define_autocast(Napi::Object exports);
void define_accelerator(Napi::Object exports);
void define_device_memory(Napi::Object exports);
void define_accelerator_graph(Napi::Object exports);
void define_jit(Napi::Object exports);
void define_cuda(Napi::Object exports);

}  // namespace isotorch
