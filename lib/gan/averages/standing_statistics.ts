/** Standing statistics (Brock et al. 2019, https://arxiv.org/abs/1809.11096): BatchNorm's, computed anew for sampling. */
import { no_grad } from 'isotorch';
import type { Module } from 'isotorch/nn';
import * as torch from 'isotorch';

/**
 * Replaces the running statistics of all BatchNorm layers by the plain mean over batches: they are reset, `run` is called for each
 * batch with the network in training mode and without gradients, and modes and momenta are as before afterwards. Python's
 * `torch.optim.swa_utils.update_bn` computes the same.
 * @param run calls the network on one batch, such as `() => G(torch.randn(64, 100))`
 */
export function standing_statistics(net: Module, run: (batch: number) => unknown, { batches = 16 } = {}): void {
  const norms = net.modules().filter((module) => module instanceof torch.nn.modules.batchnorm._BatchNorm);
  const momenta = norms.map((norm) => norm.momentum);
  const modes = net.modules().map((module) => [module, module.training] as const);
  for (const norm of norms) {
    norm.reset_running_stats();
    norm.momentum = null;
  }
  try {
    net.train();
    no_grad(() => {
      for (let batch = 0; batch < batches; batch++) torch.scope(() => void run(batch));
    });
  } finally {
    for (const [index, norm] of norms.entries()) norm.momentum = momenta[index]!;
    for (const [module, training] of modes) module.training = training;
  }
}
