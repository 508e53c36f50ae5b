// Streams and events of a GPU.
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';

describe.skipIf(!torch.cuda.is_available())('streams (skipped: no GPU)', () => {
  it('synchronize', () => {
    torch.cuda.synchronize();
    expect(torch.cuda.device_count()).toBeGreaterThan(0);
  });
});
