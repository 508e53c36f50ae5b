// report.json and report.md, made of the findings: each part's count, and what differs with its reason.
import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format } from '../bench/rounds.mjs';
import { Report as OpDb } from '../parity/ops/report.mjs';
import { isComplete, latest } from './findings.mjs';

const STAGES = ['forward', 'backward'];

/**
 * One part's outcome.
 * @typedef {object} Outcome
 * @property {[good: number, all: number]} count
 * @property {string} line in words
 * @property {Record<string, any>[]} rows what the part measured, or what falls short
 * @property {string[]} notRun
 */

const crashes = (own) =>
  own.filter(({ kind }) => kind === 'crash').map(({ file, text }) => ({ name: file ?? '', reason: 'crash', text }));

/** What was cut short or never begun. */
const cuts = (own) =>
  own
    .filter(({ kind }) => kind === 'cut')
    .map(({ file, name, running }) => `${file ?? name}${running ? `, in “${running}”` : ''}`);

/** Reasons of tests that do not count: nothing was compared. */
const UNCOUNTED = { skipped: 'not run', refused: 'Python raises here' };
const REASONS = {
  failed: 'differs',
  differs: 'Python differs from itself',
  absent: 'not available',
  crashed: 'crash',
  ...UNCOUNTED,
};

/** @param {import('./findings.mjs').Finding[]} own @param {string[]} [uncounted] states @returns {Outcome} */
function ofTests(own, uncounted = Object.keys(UNCOUNTED)) {
  const tests = [
    ...new Map(own.filter(({ kind }) => kind === 'test').map((test) => [`${test.file} ${test.name}`, test])).values(),
  ];
  const counted = tests.filter(({ state }) => !uncounted.includes(state));
  const good = counted.filter(({ state }) => state === 'passed').length;
  const listed = new Map(own.filter(({ kind }) => kind === 'list').map(({ file, count }) => [file, count]));
  const missing = [...listed].flatMap(([file, count]) => {
    const ran = tests.filter((test) => test.file === file).length;
    return ran < count ? [`${count - ran} tests of ${file}`] : [];
  });
  const rows = tests
    .filter(({ state }) => state !== 'passed')
    .map(({ file, name, state, text }) => ({ name: `${file}: ${name}`, reason: REASONS[state], text }));
  // A file that could not even begin counts as one.
  const all = counted.length + crashes(own).length;
  return {
    count: [good, all],
    line: '',
    rows: [...crashes(own), ...rows],
    notRun: [...missing, ...cuts(own)],
  };
}

/** @param {import('./findings.mjs').Finding[]} own @returns {Outcome} */
function ofOpDb(own) {
  const units = own.filter(({ kind }) => kind === 'unit');
  const names = [...new Set(units.map(({ unit }) => unit.name))];
  const report = new OpDb(
    names.map((name) => ({ name })),
    STAGES,
  );
  for (const { unit, answer, seconds } of units) report.add(unit, answer, seconds);
  for (const { found } of own.filter(({ kind }) => kind === 'twice')) report.addTwice(found);
  const rows = report.shortfalls.map(({ stage, name, outcome }) => {
    const { dtype, variant, reason, text, sample } = outcome.mismatches[0] ?? {};
    return {
      name: `${stage} ${name}, ${outcome.bad} of ${outcome.samples}`,
      reason,
      text: `${dtype} ${variant} (${sample}): ${text}`,
    };
  });
  const [forward, backward] = STAGES.map((stage) => report.count(stage));
  const planned = own.find(({ kind }) => kind === 'units')?.count ?? 0;
  const notRun = planned > units.length ? [`${planned - units.length} of ${planned} OpInfos`] : [];
  // An OpInfo counts once: it is right where both of its stages are.
  const short = new Set(report.shortfalls.map(({ name }) => name));
  const all = names.filter((name) => STAGES.some((stage) => (report.ops.get(name).get(stage)?.ran ?? 0) > 0));
  return {
    count: [all.filter((name) => !short.has(name)).length, all.length],
    line: `forward ${forward.join('/')}, backward ${backward.join('/')}`,
    rows: [...crashes(own), ...rows],
    notRun,
  };
}

/** @param {import('./findings.mjs').Finding[]} own @returns {Outcome} */
function ofBench(own) {
  const cases = own.filter(({ kind }) => kind === 'case');
  const measured = cases.filter(({ ratio }) => ratio !== undefined);
  const rows = cases.map((one) => {
    if (one.ratio === undefined) return { name: one.name, reason: one.state, text: one.text };
    const figures = `${format(one.ours, one.kindOf)} to Python’s ${format(one.python, one.kindOf)}, ratio ${one.ratio.toFixed(2)}, to reach ${one.target.toFixed(2)}`;
    return {
      name: one.name,
      reason: one.proof ? 'CPU, small: it runs' : one.reached ? 'reached' : 'not reached',
      text: figures,
    };
  });
  const failed = cases.filter(({ state }) => state === 'failed').length;
  const proof = measured.some((one) => one.proof);
  return {
    // What is small shows that it runs, and reaches nothing.
    count: [measured.filter((one) => one.proof || one.reached).length, measured.length + failed],
    line: proof ? 'CPU, small: proves that it runs' : '',
    rows: [...crashes(own), ...rows],
    cases: measured.map(({ part: _, kind: __, time: ___, ...figures }) => figures),
    notRun: cuts(own),
  };
}

/** @param {import('./findings.mjs').Finding[]} own @returns {Outcome} */
function ofMemory(own) {
  const loops = own.filter(({ kind }) => kind === 'loop');
  const rows = loops.map(({ name, steps, flat, samples, text }) => {
    const [first, last] = [samples[0], samples.at(-1)];
    const held = (sample) => `${sample.live_tensors} tensors, ${sample.allocated} bytes`;
    const figures =
      first === undefined
        ? text
        : `${held(first)} after ${first.step} steps, ${held(last)} after ${last.step}${text ? `; ${text}` : ''}`;
    return { name: `${name}, ${steps} steps`, reason: flat ? 'flat' : 'not flat', text: figures };
  });
  return {
    count: [loops.filter(({ flat }) => flat).length, loops.length],
    line: '',
    rows: [...crashes(own), ...rows],
    notRun: cuts(own),
  };
}

/** A feature that Python refuses is one that the test asks for in a wrong way. @param {import('./findings.mjs').Finding[]} own */
const ofFeatures = (own) => ofTests(own, ['skipped']);

const KINDS = {
  parity: ofTests,
  op_db: ofOpDb,
  features: ofFeatures,
  bench: ofBench,
  memory: ofMemory,
};

/** What is known so far. @param {import('./findings.mjs').Finding[]} findings */
export function reportOf(findings) {
  const machines = findings.filter(({ part }) => part === 'machine');
  const parts = Object.fromEntries(
    Object.entries(KINDS).map(([name, outcomeOf]) => {
      const own = latest(findings, name);
      const complete = isComplete(own);
      const outcome = outcomeOf(own);
      const seconds = own.reduce((sum, { kind, seconds: took = 0 }) => (kind === 'end' ? sum + took : sum), 0);
      const words = [
        outcome.count.join('/'),
        outcome.line,
        complete === undefined ? 'not run' : complete ? '' : 'cut short',
      ];
      const device = own.at(0)?.device;
      return [name, { ...outcome, device, complete, seconds, line: words.filter((word) => word !== '').join('; ') }];
    }),
  );
  const { machine, device, small } = machines.findLast(({ kind }) => kind === 'facts') ?? {};
  return {
    date: findings.at(-1)?.time,
    device,
    small,
    machine,
    problems: machines.filter(({ kind }) => kind === 'crash').map(({ text }) => text),
    parts,
  };
}

/** The line that says it all. @param {ReturnType<typeof reportOf>} report */
export function closingLine({ device, parts }) {
  const count = (name) => parts[name].count.join('/');
  const where = device === 'cpu' ? ' (on the CPU: no GPU; bench counts what ran)' : '';
  return `gpu: parity ${count('parity')}, op_db ${count('op_db')}, features ${count('features')}, bench ${count('bench')} reached${where}`;
}

/** Writes both files, whole or not at all. @param {string} folder @param {import('./findings.mjs').Finding[]} findings */
export function writeReport(folder, findings) {
  const report = reportOf(findings);
  for (const [name, text] of [
    ['report.json', `${JSON.stringify(report, null, 1)}\n`],
    ['report.md', markdown(report)],
  ]) {
    writeFileSync(path.join(folder, `${name}.part`), text);
    renameSync(path.join(folder, `${name}.part`), path.join(folder, name));
  }
  return report;
}

const cell = (text) =>
  String(text ?? '')
    .replace(/\|/g, '\\|')
    .replace(/\s*\n\s*/g, ' ⏎ ')
    .slice(0, 400);

/** Rows of a part that the Markdown shows. */
const MOST_ROWS = 200;

function partMarkdown(name, { count, line, seconds, rows, notRun }) {
  const more = rows.length > MOST_ROWS ? [`\n… and ${rows.length - MOST_ROWS} more in report.json`] : [];
  const table = rows
    .slice(0, MOST_ROWS)
    .map((row) => `| ${cell(row.name)} | ${cell(row.reason)} | ${cell(row.text)} |`);
  return [
    `## ${name}: ${count.join('/')}`,
    '',
    `${line}; ${seconds.toFixed(0)} s${notRun.length > 0 ? `. Not run: ${notRun.map(cell).join('; ')}` : ''}`,
    ...(table.length > 0 ? ['', '| what | outcome | more |', '|---|---|---|', ...table] : []),
    ...more,
  ].join('\n');
}

/** The machine as a list. */
function machineMarkdown({ device, machine, problems }) {
  const { python = {}, ours = {}, kit = {} } = machine ?? {};
  const facts = {
    device,
    GPU:
      python.gpu &&
      `${python.gpu}, ${(python.memory / 2 ** 30).toFixed(0)} GiB, compute capability ${python.capability}`,
    driver: python.driver,
    CUDA: python.envelope?.cuda,
    cuDNN: python.envelope?.cudnn,
    'torch of Python':
      python.failed ?? `${python.torch} (${python.envelope?.git_version?.slice(0, 10)}), Python ${python.python}`,
    'libtorch of isotorch':
      ours.failed ?? `${ours.libtorch}, isotorch ${ours.isotorch} (${kit.commit?.slice(0, 10)}), Node ${ours.node}`,
    CPU: machine && `${machine.cpu}, ${machine.cores} cores, ${python.envelope?.cpu_capability}`,
    settings:
      'deterministic algorithms, TF32 off, cuDNN’s search off, CUBLAS_WORKSPACE_CONFIG=:4096:8; the benchmark: as torch comes',
  };
  const lines = Object.entries(facts).flatMap(([name, value]) => (value ? [`* ${name}: ${value}`] : []));
  const envelope = Object.entries(python.envelope ?? {}).map(([name, value]) => `${name} ${value ?? '–'}`);
  if (envelope.length > 0) lines.push(`* envelope: ${envelope.join(', ')}`);
  return [...lines, ...problems.map((text) => `* **${text}**`)].join('\n');
}

/** @param {ReturnType<typeof reportOf>} report */
function markdown(report) {
  return `# isotorch beside Python on ${report.device === 'cpu' ? 'a CPU' : 'a GPU'}

Made by \`run.sh\` at ${report.date}; do not edit.

\`${closingLine(report)}\`

${machineMarkdown(report)}

${Object.entries(report.parts)
  .map(([name, part]) => partMarkdown(name, part))
  .join('\n\n')}
`;
}
