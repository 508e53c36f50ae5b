/** Drawing from a network that is being trained: nothing that training depends on moves. */
import { no_grad, scope, type Tensor } from 'isotorch';
import type { Module } from 'isotorch/nn';
import { standing_statistics } from '../gan';
import type { SampleOptions } from '../train';

/** How BatchNorm works while drawing, and the batches that it is measured by where its statistics are taken anew. */
export interface Drawing {
  /** Default `eval`. */
  batchnorm?: SampleOptions['batchnorm'];
  /** Calls the network on one batch, with noise from a generator of its own. */
  run?: (batch: number) => unknown;
}

/** What `compute` gives, without gradients; modes and buffers of the network are as before afterwards. */
export function drawn(net: Module, compute: () => Tensor, { batchnorm = 'eval', run }: Drawing = {}): Tensor {
  const buffers = batchnorm === 'eval' ? [] : net.buffers().map((buffer) => [buffer, buffer.clone()] as const);
  try {
    if (batchnorm === 'standing' && run !== undefined) standing_statistics(net, run);
    net.train(batchnorm === 'train');
    return no_grad(() => scope(compute));
  } finally {
    no_grad(() => {
      for (const [buffer, before] of buffers) buffer.copy_(before);
    });
    net.train();
  }
}
