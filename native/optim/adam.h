// Adam and AdamW in Python's order of operations (torch/optim/adam.py). libtorch's own torch::optim::Adam
// multiplies and adds where Python calls lerp_, and gives other bits.
#pragma once

#include "optim/optimizer.h"

namespace isotorch {

struct AdamState {
  at::Tensor step;  // 0-dim, float32 as in Python
  at::Tensor exp_avg;
  at::Tensor exp_avg_sq;
  at::Tensor max_exp_avg_sq;  // amsgrad only

  NamedTensors named() const;
  void set(const std::string& name, const at::Tensor& tensor);
};

// Options of step(): [lr, beta1, beta2, eps, weight_decay, amsgrad, maximize, decoupled_weight_decay, path].
class Adam : public StatefulOptimizer<AdamState> {
 public:
  void step(size_t group, const double* options, size_t count) override;
};

}  // namespace isotorch
