// SGD in Python's order of operations (torch/optim/sgd.py).
#pragma once

#include "optim/optimizer.h"

namespace isotorch {

struct SgdState {
  at::Tensor momentum_buffer;  // undefined until the first step with momentum

  NamedTensors named() const;
  void set(const std::string& name, const at::Tensor& tensor);
};

// Options of step(): [lr, momentum, dampening, weight_decay, nesterov, maximize, path].
class Sgd : public StatefulOptimizer<SgdState> {
 public:
  void step(size_t group, const double* options, size_t count) override;
};

}  // namespace isotorch
