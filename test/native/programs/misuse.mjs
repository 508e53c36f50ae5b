// Runs the misuse cases from the given index on, each between two lines: what is about to run, and how it ended.
import { cases } from './misuse_cases/index.mjs';

const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
process.removeAllListeners('warning');
for (let index = Number(process.argv[2] ?? 0); index < cases.length; index++) {
  say({ running: index });
  let error = null;
  try {
    const result = cases[index].run();
    if (result instanceof Promise) await result;
  } catch (thrown) {
    error = { name: thrown?.name ?? typeof thrown, message: String(thrown?.message ?? thrown) };
  }
  say({ index, error });
}
// Leaves what the cases made to the collector, which has finalizers of its own to run.
globalThis.gc?.();
say({ finished: true });
