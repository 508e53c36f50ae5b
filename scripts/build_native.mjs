// Builds the addon, whatever its stamp says: what binding.gyp calls for node-gyp and prebuildify, and what a developer of
// native/ runs. The build itself is incremental. `--verbose` shows the compiler at work, `--sanitize=address` builds the one
// for the sanitizer run.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeContext } from './setup/context.mjs';
import { setUpLibtorch } from './setup/libtorch.mjs';
import { setUpAddon } from './setup/native.mjs';
import { SetupProblem } from './setup/problem.mjs';
import { failureText, Report } from './setup/report.mjs';
import { setUpTypeScript } from './setup/typescript.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const sanitize = process.argv.find((argument) => argument.startsWith('--sanitize='))?.split('=')[1];
const report = new Report((text) => process.stdout.write(text));
const context = makeContext({
  root,
  verbose: process.argv.includes('--verbose'),
  warn: (text) => report.warn(text),
});
try {
  // The loader is TypeScript, and finds libtorch.
  if (!existsSync(path.join(root, 'dist', 'libtorch', 'index.js'))) {
    await report.step('TypeScript', (say) => setUpTypeScript({ ...context, say }));
  }
  const libtorch = await report.step('libtorch', (say) => setUpLibtorch({ ...context, say }));
  await report.step('addon', (say) => setUpAddon({ ...context, say }, libtorch, { sanitize, force: true }));
} catch (error) {
  if (!(error instanceof SetupProblem)) throw error;
  process.stdout.write(failureText(error));
  process.exitCode = 1;
}
