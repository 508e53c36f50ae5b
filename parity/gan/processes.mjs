// Python's side of a subject: its transcription in test/reference/, which answers requests, a line of JSON each way.
import path from 'node:path';
import { LineProcess, pythonEnvironment, root, scriptOf, SLEEPING } from '../../reference/index.mjs';

export const ONE_THREAD = { OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1', ...SLEEPING };

/** @param {string} module a file of test/reference, which may import its neighbours */
export function startPython(module) {
  const PYTHONPATH = [pythonEnvironment().PYTHONPATH, path.join(root, 'test', 'reference')].join(path.delimiter);
  return new LineProcess({
    ...scriptOf('parity/gan/python/serve.py', module),
    name: 'Python',
    env: { ...ONE_THREAD, PYTHONPATH },
  });
}
