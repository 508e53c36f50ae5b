// The sizes of tensors that an operator may give other ones.
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/function_schema.h>
#include <ATen/core/stack.h>

#include <cstdint>
#include <vector>

namespace isotorch {

// Indices of the arguments that an operator may resize: `out`, and the tensor of resize_, set_ and their like.
std::vector<size_t> resized_arguments(const c10::FunctionSchema& schema);

// What such tensors were before a call. libtorch gives a tensor its new sizes before it finds that the storage cannot
// grow (memory shared with JavaScript); the error leaves a tensor that reaches beyond its memory, in Python too, and the
// next write ends the process.
class FormerSizes {
 public:
  FormerSizes(const torch::jit::Stack& arguments, const std::vector<size_t>& indices);
  void restore() const;

 private:
  struct Former {
    at::Tensor tensor;
    c10::Storage storage;
    std::vector<int64_t> sizes;
    std::vector<int64_t> strides;
    int64_t offset;
  };

  void note(const at::Tensor& tensor);

  std::vector<Former> former_;
};

}  // namespace isotorch
