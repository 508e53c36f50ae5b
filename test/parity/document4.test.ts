// Document 4's experiment: 200 steps with split and with joint discriminator batches, on real digits.
import * as torch from 'isotorch';
import { batchModes } from 'isotorch/gan';
import { describe, expect, it } from 'vitest';
import { expectSameBits } from '../support/bits';
import { type NetworkName, runDocument4 } from '../support/document4';
import { askLeaves, live, skipReason } from '../support/parity';

const names: NetworkName[] = ['mlp', 'conv'];

describe.skipIf(!live)(`document 4's loop over 200 steps${skipReason}`, () => {
  for (const threads of [1, 2]) {
    for (const name of names) {
      for (const mode of batchModes) {
        it(`${name} networks, ${mode} batches, ${threads} thread(s)`, { timeout: 240_000 }, async () => {
          const theirs = await askLeaves({
            code: `import document4\nreturn document4.run("${name}", "${mode}")`,
            threads,
          });
          theirs.delete('generator');
          torch.set_num_threads(threads);
          const ours = torch.scope(() => runDocument4(name, mode));
          expect(theirs.size).toBeGreaterThan(400);
          expectSameBits(ours, theirs);
        });
      }
    }
  }
});
