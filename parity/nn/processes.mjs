// Python's side of a part: a script of python/ that answers requests, a line of JSON each way.
import path from 'node:path';
import { LineProcess, pythonEnvironment, root, scriptOf, SLEEPING } from '../../reference/index.mjs';

export const ONE_THREAD = { OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1', ...SLEEPING };

/** Values travel as those of parity:ops do. */
const SHARED = path.join(root, 'parity', 'ops', 'python');

/**
 * @param {string} script a file of parity/nn/python
 * @param {NodeJS.ProcessEnv} [environment] variables besides the usual ones
 */
export function startPython(script, environment = {}) {
  const PYTHONPATH = [pythonEnvironment().PYTHONPATH, SHARED].join(path.delimiter);
  return new LineProcess({
    ...scriptOf(`parity/nn/python/${script}`),
    name: 'Python',
    env: { ...ONE_THREAD, PYTHONPATH, ...environment },
  });
}
