// `npm run check`: everything that must hold before a change goes in. One line a check, all of them even when one fails.
// `npm run check -- lint layers` runs only those, `-- --except tests` all others; `--json FILE` also notes the outcome.
import { checkGenerated } from './check_generated.mjs';
import { layerProblems } from './check_layers.mjs';
import { writeJson } from './setup/stamp.mjs';
import { capture, clangFormat, nativeFiles, nodeTool, root } from './tools.mjs';
import path from 'node:path';

const MOST_LINES = 80;

/** @typedef {{ ok: boolean, output: string, skipped?: string }} Outcome */

/** @param {...string[]} commands run in turn until one fails @returns {Outcome} */
function all(...commands) {
  let output = '';
  for (const command of commands) {
    const { ok, output: more } = capture(command);
    output += more;
    if (!ok) return { ok: false, output };
  }
  return { ok: true, output };
}

/** @type {Record<string, () => Outcome>} */
const CHECKS = {
  'set-up': () => all([process.execPath, path.join(root, 'scripts', 'setup.mjs')]),
  types: () =>
    all(
      nodeTool('tsc', '-p', 'tsconfig.json', '--noEmit'),
      nodeTool('tsc', '-p', 'tsconfig.test.json'),
      nodeTool('tsc', '-p', 'tsconfig.scripts.json'),
    ),
  lint: () => all(nodeTool('biome', 'lint', '--error-on-warnings')),
  format: () => all(nodeTool('biome', 'format')),
  'format C++': () => {
    const program = clangFormat();
    if (!program) return { ok: true, output: '', skipped: '.venv has no clang-format' };
    return all([program, '--dry-run', '-Werror', ...nativeFiles()]);
  },
  layers: () => {
    const problems = layerProblems(path.join(root, 'lib'));
    return { ok: problems.length === 0, output: problems.join('\n') };
  },
  generated: () => {
    const { skipped, problems } = checkGenerated(root);
    return { ok: problems.length === 0, output: problems.join('\n'), skipped };
  },
  // .attw.json leaves out what would be wrong for `import` of the CommonJS entry, which `exports` gives index.mjs instead.
  package: () => all(nodeTool('publint', '--strict'), nodeTool('attw', '--pack', '.')),
  tests: () => all(nodeTool('vitest', 'run')),
};

/** @param {string[]} args */
function chosen(args) {
  const names = Object.keys(CHECKS);
  const except = args[0] === '--except';
  const named = except ? args.slice(1) : args;
  const unknown = named.find((name) => !names.includes(name));
  if (unknown) throw new Error(`no check is called ${unknown}; there are: ${names.join(', ')}`);
  if (except) return names.filter((name) => !named.includes(name));
  return named.length > 0 ? named : names;
}

/** What a failed check printed, as far as someone will read it. @param {string} output */
function excerpt(output) {
  const lines = output.trimEnd().split('\n');
  const [shown, rest] = [lines.slice(0, MOST_LINES), lines.length - MOST_LINES];
  return [...shown, ...(rest > 0 ? [`… and ${rest} more lines`] : [])].map((line) => `    ${line}`).join('\n');
}

const args = process.argv.slice(2);
const json = args.indexOf('--json');
const jsonFile = json >= 0 ? args.splice(json, 2)[1] : undefined;
/** @type {{ name: string, ok: boolean, skipped?: string }[]} */
const outcomes = [];
for (const name of chosen(args)) {
  const started = performance.now();
  /** @type {Outcome} */
  let outcome;
  try {
    outcome = CHECKS[name]?.() ?? { ok: false, output: '' };
  } catch (error) {
    outcome = { ok: false, output: String(error instanceof Error ? error.stack : error) };
  }
  // Nobody would see a check vanish there.
  if (outcome.skipped && process.env.CI) outcome = { ok: false, output: `cannot run: ${outcome.skipped}` };
  const word = outcome.skipped ? `skipped: ${outcome.skipped}` : outcome.ok ? 'passed' : 'FAILED';
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${name.padEnd(14)}${word.padEnd(62)}${seconds.padStart(7)} s`);
  if (!outcome.ok) console.log(excerpt(outcome.output));
  outcomes.push({ name, ok: outcome.ok, skipped: outcome.skipped });
}
if (jsonFile) writeJson(path.resolve(jsonFile), outcomes);
process.exitCode = outcomes.every(({ ok }) => ok) ? 0 : 1;
