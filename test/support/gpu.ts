/** Tests of what only a GPU has: each is a feature that the GPU kit counts. */
import * as torch from 'isotorch';
import { describe } from 'vitest';
import { device, onGpu } from '../../reference/index.mjs';

/** Where tests that need no GPU compute: on it, if there is one. */
export const where = onGpu ? device! : 'cpu';

/** Why there is no GPU for tests; undefined where there is one. */
const missing = !torch.cuda.is_available() ? 'no GPU' : onGpu ? undefined : 'ISOTORCH_TEST_DEVICE is not cuda';

/** A block of tests that need a GPU. */
export function describeGpu(title: string, body: () => void): void {
  if (missing === undefined) describe(title, body);
  else describe.skip(`${title} (skipped: ${missing})`, body);
}

/** Bytes in a mebibyte. */
export const MiB = 2 ** 20;

type Parameters = Iterable<torch.Tensor>;
interface CapturableOptions {
  lr: number;
  weight_decay?: number;
  capturable: boolean;
}

/** Optimizers whose step a graph can capture. */
export const capturable = {
  Adam: (params: Parameters, options: CapturableOptions) => new torch.optim.Adam(params, options),
  AdamW: (params: Parameters, options: CapturableOptions) => new torch.optim.AdamW(params, options),
  RMSprop: (params: Parameters, options: CapturableOptions) => new torch.optim.RMSprop(params, options),
};
export const capturableNames = Object.keys(capturable) as (keyof typeof capturable)[];
