// Document 4's experiment: 200 steps with split and with joint discriminator batches, on real digits.
import * as torch from 'isotorch';
import { batchModes } from 'isotorch/recipes/split_joint';
import { describe, expect, it } from 'vitest';
import { type NetworkName, runDocument4 } from '../support/document4';
import { expectPythons, live, skipReason, threadCounts } from '../support/parity';

/** Networks and the batch size that keeps their 200 steps short. */
const runs: [NetworkName, batch_size: number][] = [
  ['mlp', 64],
  ['conv', 32],
];

describe.skipIf(!live)(`document 4's loop over 200 steps${skipReason}`, () => {
  for (const threads of threadCounts) {
    for (const [name, batch_size] of runs) {
      for (const mode of batchModes) {
        it(`${name} networks, ${mode} batches, ${threads} thread(s)`, { timeout: 240_000 }, async () => {
          const code = `import document4\nreturn document4.run("${name}", "${mode}", batch_size=${batch_size})`;
          await expectPythons({ code, threads }, (theirs) => {
            theirs.delete('generator');
            expect(theirs.size).toBeGreaterThan(400);
            torch.set_num_threads(threads);
            return torch.scope(() => runDocument4(name, mode, { batch_size }));
          });
        });
      }
    }
  }
});
