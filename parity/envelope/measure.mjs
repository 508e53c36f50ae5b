// `npm run envelope:measure`: which settings change bits, of what, and what they cost; writes the tables of docs/envelope.md.
//
//   --quick   few rounds of the times: for trying the command itself
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { envelope, portableEnvironment } from 'isotorch/envelope';
import { pythonEnvironment, root, scriptOf, SLEEPING } from '../../reference/index.mjs';
import { settings, UNSET } from './settings.mjs';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
/** Rounds of each, the least of which counts: other work on the machine only adds. */
const ROUNDS = values.quick ? 1 : 2;

/** A program's answer under a setting. */
function run({ command, args }, { env, request }) {
  const { status, stdout, stderr } = spawnSync(command, [...args, JSON.stringify(request)], {
    env: { ...pythonEnvironment(), ...SLEEPING, ...UNSET, ...env },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stderr}`);
  return JSON.parse(stdout);
}

const sides = {
  ours: { command: process.execPath, args: [path.join(root, 'parity', 'envelope', 'program.mjs')] },
  python: scriptOf('parity/envelope/python/program.py'),
};

/** Parts whose bits a setting changes. */
const changed = (parts, base) => Object.keys(parts).filter((part) => parts[part] !== base[part]);

const row = (cells) => `| ${cells.join(' | ')} |`;
const table = (head, rows) => [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

function bitsTable() {
  const seconds = settings.map(() => []);
  const answers = settings.map((setting) => {
    const [ours, python] = [sides.ours, sides.python].map((side) => run(side, setting));
    console.log(`${setting.name}: ${JSON.stringify(ours.parts)}`);
    return { ours: ours.parts, python: python.parts };
  });
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, { env, request }] of settings.entries()) {
      seconds[i].push(run(sides.ours, { env, request: { ...request, timed: true } }).seconds);
    }
  }
  const base = Math.min(...seconds[0]);
  const rows = settings.map(({ name }, i) => {
    const { ours, python } = answers[i];
    const parts = changed(ours, answers[0].ours);
    return [
      name,
      parts.length === 0 ? '–' : parts.map((part) => part.replace('_', ' ')).join(', '),
      changed(ours, python).length === 0 ? 'yes' : `NO: ${changed(ours, python).join(', ')}`,
      (Math.min(...seconds[i]) / base).toFixed(2),
    ];
  });
  return table(['setting', 'other bits in', 'ours = Python', 'processor time of training'], rows);
}

/** What portable settings may not depend on any more, each simulated by what a program was started with. */
function portabilityTable() {
  const others = [
    ['nothing', {}],
    [
      'other values of the same variables',
      { ONEDNN_MAX_CPU_ISA: 'SSE41', ATEN_CPU_CAPABILITY: 'default', MKL_CBWR: 'AVX' },
    ],
    ['MKL told of an older processor', { MKL_ENABLE_INSTRUCTIONS: 'SSE4_2' }],
    ['a C library without FMA', { GLIBC_TUNABLES: 'glibc.cpu.hwcaps=-AVX2,-FMA,-AVX512F' }],
    ['one core instead of all', {}, ['taskset', '-c', '0']],
  ];
  const rows = [false, true].flatMap((strict) => {
    const settings = portableEnvironment({ threads: strict ? 1 : 2, strict });
    let base;
    return others.map(([name, env, wrapper = []]) => {
      const [command, ...args] = [...wrapper, sides.ours.command, ...sides.ours.args];
      const { parts } = run({ command, args }, { env: { ...env, ...settings }, request: {} });
      base ??= parts;
      const differing = changed(parts, base);
      return [
        strict ? '`repro --strict`' : '`repro --threads 2`',
        name,
        differing.length === 0 ? 'yes' : differing.join(', '),
      ];
    });
  });
  return table(['started by', 'where the machine had', 'same bits'], rows);
}

const CASES = [
  ['tiny_gan', 'tiny GAN'],
  ['mlp_gan', 'MLP GAN'],
  ['dcgan', 'DCGAN 64'],
];

/** How a program is started, and the variables of that. */
const STARTS = [
  ['1 thread, nothing set', { OMP_NUM_THREADS: '1' }],
  ['`repro`', portableEnvironment({ threads: 1, strict: false })],
  ['`repro --strict`', portableEnvironment({ threads: 1, strict: true })],
];

/** Processor time of a GAN's step by kind of start; each start in turn, so that a machine that is slower at times is so for all. */
function costTable() {
  const program = { command: process.execPath, args: [path.join(root, 'parity', 'envelope', 'cost.mjs')] };
  const best = STARTS.map(() => CASES.map(() => Number.POSITIVE_INFINITY));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [column, [name]] of CASES.entries()) {
      for (const [line, [, env]] of STARTS.entries()) {
        const { seconds } = run(program, { env, request: { case: name, seconds: values.quick ? 0.1 : 1.5 } });
        best[line][column] = Math.min(best[line][column], seconds);
      }
    }
  }
  const rows = STARTS.map(([name], line) => [
    name,
    ...best[line].map((seconds, i) => `${(seconds * 1000).toFixed(2)} ms, ${(seconds / best[0][i]).toFixed(2)}`),
  ]);
  return table(['started by', ...CASES.map(([, name]) => name)], rows);
}

const { cpu, torch, git_version, cpu_capability, onednn_isa, glibc } = envelope();
const text = `Measured on ${cpu} (${cpu_capability}, oneDNN ${onednn_isa}), torch ${torch} (${git_version?.slice(0, 8)}), glibc ${glibc}, Node ${process.versions.node}.

${bitsTable()}

${portabilityTable()}

${costTable()}
`;
console.log(text);
const file = path.join(root, 'docs', 'envelope.md');
const marks = /(<!-- made by npm run envelope:measure -->\n)[\s\S]*?(<!-- end -->)/;
if (!values.quick)
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(marks, (_, begin, end) => `${begin}\n${text}\n${end}`),
  );
