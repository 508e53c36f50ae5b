// Sets up everything that `npm run demo` and `npm test` need, and nothing that is there already: node modules, libtorch,
// the addon, the compiled TypeScript. Node built-ins only, because it runs before anything is installed.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { forgetLog, makeContext } from './setup/context.mjs';
import { setUpLibtorch } from './setup/libtorch.mjs';
import { lock } from './setup/lock.mjs';
import { checkNode, setUpModules } from './setup/modules.mjs';
import { addonFile, checkBuildTools, setUpAddon } from './setup/native.mjs';
import { SetupProblem } from './setup/problem.mjs';
import { failureText, Report } from './setup/report.mjs';
import { setUpTypeScript } from './setup/typescript.mjs';
import { existsSync } from 'node:fs';

/**
 * @param {Partial<import('./setup/context.mjs').Context> & { root: string }} given
 * @param {(text: string) => void} write
 * @returns {Promise<number>} the exit code
 */
export async function setUp(given, write) {
  const report = new Report(write);
  const context = makeContext({ ...given, warn: (text) => report.warn(text) });
  const step = (/** @type {string} */ name, /** @type {(c: typeof context) => any} */ work) =>
    report.step(name, (say) => work({ ...context, say }));
  let unlock = () => {};
  try {
    unlock = await lock(context);
    forgetLog(context);
    checkNode(context);
    if (!existsSync(addonFile(context.root))) await checkBuildTools(context);
    await step('node modules', setUpModules);
    await step('TypeScript', setUpTypeScript);
    const libtorch = await step('libtorch', setUpLibtorch);
    await step('addon', (c) => setUpAddon(c, libtorch));
    return 0;
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error;
    write(failureText(error));
    return 1;
  } finally {
    unlock();
  }
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
  process.exitCode = await setUp({ root }, (text) => process.stdout.write(text));
}
