// Runs the tests of one bundled file, without those named in SKIP, a JSON file: `node main.mjs FILE SKIP`. Says what happens
// on file descriptor 3, a line of JSON for every event, so that nothing is lost when the process dies.
import { readFileSync, writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { findReference } from '../../reference/index.mjs';
import { file, provide } from './index.mjs';

const [path, skipFile] = process.argv.slice(2);
const done = new Set(JSON.parse(readFileSync(skipFile, 'utf8')));
const say = (event) => writeSync(3, `${JSON.stringify(event)}\n`);

provide('reference', findReference());
// A Python of its own: a process that has touched the GPU cannot be forked.
provide('socket', null);
await import(pathToFileURL(path).href);

/** The tests in order, with their whole names. */
function testsOf(suite, outer = '', skip = false) {
  return suite.children.flatMap((child) => {
    const name = outer === '' ? child.name : `${outer} › ${child.name}`;
    const off = skip || child.skip;
    return 'children' in child ? testsOf(child, name, off) : [{ name, skip: off, test: child }];
  });
}

const all = new Map(testsOf(file).map((row) => [row.test, row]));
say({ event: 'list', names: [...all.values()].map(({ name }) => name) });

const short = (text) => (text.length > 4000 ? `${text.slice(0, 4000)} …` : text);

/** Errors that say more than that a test failed: see test/support/parity.ts. */
const STATES = { PythonFailed: 'refused', PythonDiffers: 'differs' };
/** Words of calls that are not there. */
const ABSENT = /is not a (function|constructor)|isotorch_cuda/;

async function runTest(test, each) {
  const { name, skip } = all.get(test);
  if (done.has(name)) return;
  if (skip) {
    say({ event: 'test', name, state: 'skipped', text: /\(skipped: (.+?)\)/.exec(name)?.[1] ?? '' });
    return;
  }
  say({ event: 'running', name });
  const started = performance.now();
  const result = { state: 'passed', text: undefined };
  try {
    for (const hook of each.beforeEach) await hook();
    await test.body({ skip: () => {} });
  } catch (error) {
    const text = short(String(error?.message ?? error));
    Object.assign(result, { state: STATES[error?.name] ?? (ABSENT.test(text) ? 'absent' : 'failed'), text });
  }
  try {
    for (const hook of each.afterEach) await hook();
  } catch (error) {
    if (result.state === 'passed')
      Object.assign(result, { state: 'failed', text: short(String(error?.message ?? error)) });
  }
  say({ event: 'test', name, ...result, seconds: (performance.now() - started) / 1000 });
}

const wanted = (suite) =>
  suite.children.some((child) => {
    if ('children' in child) return wanted(child);
    const { name, skip } = all.get(child);
    return !skip && !done.has(name);
  });

async function runSuite(suite, outer) {
  const each = {
    beforeEach: [...outer.beforeEach, ...suite.hooks.beforeEach],
    afterEach: [...suite.hooks.afterEach, ...outer.afterEach],
  };
  // Hooks start Python: not for tests that are all done or skipped.
  const hooks = wanted(suite);
  if (hooks) for (const hook of suite.hooks.beforeAll) await hook();
  for (const child of suite.children) {
    if ('children' in child) await runSuite(child, each);
    else await runTest(child, each);
  }
  if (hooks) for (const hook of suite.hooks.afterAll) await hook();
}

await runSuite(file, { beforeEach: [], afterEach: [] });
say({ event: 'end' });
// What a test left behind shall not keep the process.
process.exit(0);
