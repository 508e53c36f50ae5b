// Which test files a GPU machine runs, and what of them is about the CPU.

/** Files of test/parity/ that compare with Python on the same device. */
export const PARITY = [
  'optimizers',
  'every_optimizer',
  'lbfgs',
  'batch_norm',
  'document4',
  'layers',
  'init',
  'losses',
  'random',
  'double_backward',
].map((name) => `test/parity/${name}.test.ts`);

/** Files of both folders that say nothing more on a GPU, and why. */
export const ABOUT_THE_CPU = {
  'test/parity/errors.test.ts': 'a wrong index is an assertion on the device, which ends the process’s CUDA context',
  'test/parity/fixtures.test.ts': 'the checked-in fixtures were made on a CPU',
  'test/parity/harness.test.ts': 'tests the comparison itself, whatever the device',
  'test/parity/gan.test.ts': 'runs whole processes, which compare on the CPU',
  'test/parity/nn.test.ts': 'runs whole processes, which compare on the CPU',
  'test/parity/op_db.test.ts': 'the part op_db runs it with the device’s own samples',
  'test/cuda/imitated.test.ts': 'imitates CUDA where there is none',
  'test/cuda/memory_summary.test.ts': 'the text of given figures',
  'test/cuda/without_gpu.test.ts': 'what torch.cuda says where there is no GPU',
};

/** Files of test/cuda/: what only a GPU has; each test is one feature. */
export const FEATURES = ['streams', 'graphs', 'memory', 'training', 'recipes'].map(
  (name) => `test/cuda/${name}.test.ts`,
);
