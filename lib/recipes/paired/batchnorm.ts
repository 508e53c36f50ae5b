/** BatchNorm while drawing, in each of its modes, with nothing moved afterwards. */
import type { Module } from 'isotorch/nn';
import * as torch from 'isotorch';
import { standing_statistics } from '../../gan';
import { evaluating } from '../../metrics';
import type { SampleOptions } from '../../train';

/**
 * Draws with a network in evaluation mode, its BatchNorm layers by their buffers (`eval`), by the batch (`train`), or by
 * buffers taken anew from what `warm` runs through the network (`standing`).
 */
export function drawing<T>(
  network: Module,
  mode: SampleOptions['batchnorm'],
  draw: () => T,
  warm: (batch: number) => unknown,
): T {
  if (mode === undefined || mode === 'eval') return evaluating([network], draw);
  const buffers = network.buffers().map((buffer) => [buffer, buffer.clone()] as const);
  try {
    if (mode === 'standing') {
      standing_statistics(network, warm);
      return evaluating([network], draw);
    }
    return evaluating([network], () => {
      for (const part of network.modules()) {
        if (part instanceof torch.nn.modules.batchnorm._BatchNorm) part.training = true;
      }
      return draw();
    });
  } finally {
    for (const [buffer, before] of buffers) buffer.copy_(before);
  }
}
