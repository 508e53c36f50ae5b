/** Drawing from a network that is being trained, with BatchNorm in each of its modes: nothing that training depends on moves. */
import { nn, no_grad } from 'isotorch';
import type { Module } from 'isotorch/nn';
import { standing_statistics } from '../gan';
import { evaluating } from '../metrics';
import type { SampleOptions } from '../train';

/** How BatchNorm works while drawing, and the batches that it is measured by where its statistics are taken anew. */
export interface Drawing {
  /** Default `eval`. */
  batchnorm?: SampleOptions['batchnorm'];
  /** Calls the network on one batch, with noise from a generator of its own; for `standing`. */
  run?: (batch: number) => unknown;
}

/**
 * What `compute` gives, without gradients, of a network in evaluation mode, its BatchNorm layers by their buffers (`eval`), by the
 * batch (`train`), or by buffers taken anew from what `run` computes (`standing`). Modes and buffers are as before afterwards.
 */
export function drawn<T>(net: Module, compute: () => T, { batchnorm = 'eval', run }: Drawing = {}): T {
  if (batchnorm === 'eval') return evaluating([net], compute);
  const buffers = net.buffers().map((buffer) => [buffer, buffer.clone()] as const);
  try {
    if (batchnorm === 'standing' && run !== undefined) standing_statistics(net, run);
    return evaluating([net], () => {
      for (const part of batchnorm === 'train' ? net.modules() : []) {
        if (part instanceof nn.modules.batchnorm._BatchNorm) part.training = true;
      }
      return compute();
    });
  } finally {
    no_grad(() => {
      for (const [buffer, before] of buffers) buffer.copy_(before);
    });
  }
}
