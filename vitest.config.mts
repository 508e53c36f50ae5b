import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/sequencer.mjs';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global_setup.ts'],
    reporters: ['default', 'test/support/skips.ts'],
    sequence: { sequencer: LongestFirst },
    // A process per file: the addon keeps state per process (threads, random generators), and a crash must name its file.
    pool: 'forks',
    // libtorch runs its own threads; more workers than this would only compete with them.
    maxWorkers: 2,
    // Waiting threads shall sleep: spinning ones take the cores of the other worker and of the reference Python. No number changes.
    env: { OMP_WAIT_POLICY: 'PASSIVE' },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Tests use the built package, as a user does: Node itself loads dist/, and the self-reference is resolved by its exports.
    server: { deps: { external: [/\/dist\//] } },
  },
});
