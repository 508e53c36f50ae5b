// What the report makes of findings: what counts, what does not, and what is named as not run.
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Findings, isComplete, latest, readFindings } from '../../gpu/findings.mjs';
import { closingLine, reportOf } from '../../gpu/report.mjs';

type Found = [part: string, kind: string, rest?: Record<string, unknown>];

const findings = (...rows: Found[]) =>
  rows.map(([part, kind, rest = {}]) => ({ part, kind, time: '2026-01-01T00:00:00Z', ...rest }));

const whole = (part: string, ...rows: Found[]): Found[] => [
  [part, 'start', { resumes: false }],
  ...rows,
  [part, 'end', { complete: true, seconds: 1 }],
];

const test = (part: string, name: string, state: string, text?: string): Found => [
  part,
  'test',
  { file: 'f', name, state, text },
];

/** One unit of op_db, with a mismatch of these bits where there is one. */
const unit = (name: string, backward: boolean, text?: string): Found => [
  'op_db',
  'unit',
  {
    unit: { op: 0, name, dtype: 'float32', stages: ['forward', 'backward'] },
    answer: {
      counts: {
        forward: { samples: 2, ran: 2, bad: 0 },
        backward: { samples: 2, ran: backward ? 2 : 0, bad: text === undefined ? 0 : 1 },
      },
      mismatches:
        text === undefined ? [] : [{ stage: 'backward', variant: 'function', reason: 'bits', text, index: 1 }],
      deaths: [],
    },
    seconds: { python: 1, ours: 1 },
  },
];

describe('tests', () => {
  const { parity } = reportOf(
    findings(
      ...whole(
        'parity',
        ['parity', 'list', { file: 'f', count: 8 }],
        test('parity', 'a', 'passed'),
        test('parity', 'b', 'failed', '1 of 2 values differ'),
        test('parity', 'c', 'differs', 'Python differs from itself: x'),
        test('parity', 'd', 'refused', 'Python failed: no such kernel'),
        test('parity', 'e', 'skipped', 'no GPU'),
        test('parity', 'g', 'crashed', 'died of SIGSEGV'),
        test('parity', 'h', 'absent', 'x is not a function'),
        ['parity', 'crash', { file: 'other', text: 'ended with code 1' }],
      ),
    ),
  ).parts;

  it('count where something was compared, or should have been', () => {
    expect(parity!.count).toEqual([1, 6]);
  });

  it('are named with their reasons', () => {
    expect(parity!.rows.map(({ name, reason }) => `${name}, ${reason}`)).toEqual([
      'other, crash',
      'f: b, differs',
      'f: c, Python differs from itself',
      'f: d, Python raises here',
      'f: e, not run',
      'f: g, crash',
      'f: h, not available',
    ]);
  });

  it('that had no turn are named', () => {
    expect(parity!.notRun).toEqual(['1 tests of f']);
  });
});

it('an OpInfo counts once, and Python’s own differences are said', () => {
  const twice: Found = ['op_db', 'twice', { found: [{ name: 'c', dtype: 'float32', differing: { backward: [1] } }] }];
  const rows = whole('op_db', ['op_db', 'units', { count: 5 }], unit('a', true), unit('b', true, 'x'));
  const { op_db } = reportOf(findings(...rows, unit('c', true, 'y'), unit('d', false), twice)).parts;
  expect(op_db!.count).toEqual([2, 4]);
  expect(op_db!.line).toBe('2/4; forward 4/4, backward 1/3');
  expect(op_db!.rows.map(({ reason }) => reason)).toEqual(['bits', 'Python differs from itself']);
  expect(op_db!.notRun).toEqual(['1 of 5 OpInfos']);
});

it('ratios count where they reach their goal; on the CPU what ran does', () => {
  const bench = (rest: object): Found => [
    'bench',
    'case',
    { name: 'n', kindOf: 'time', target: 0.6, ours: 1, python: 2, ratio: 0.5, reached: true, proof: false, ...rest },
  ];
  const count = (...rows: Found[]) => reportOf(findings(...whole('bench', ...rows))).parts.bench!.count;
  expect(count(bench({}), bench({ ratio: 0.7, reached: false }))).toEqual([1, 2]);
  expect(count(bench({ ratio: 0.7, reached: false, proof: true }))).toEqual([1, 1]);
  expect(count(bench({ ratio: undefined, state: 'failed' }), bench({ ratio: undefined, state: 'not run' }))).toEqual([
    0, 1,
  ]);
});

it('the closing line says all of it', () => {
  const facts: Found = ['machine', 'facts', { device: 'cuda', machine: {} }];
  const report = reportOf(findings(facts, ...whole('parity', test('parity', 'a', 'passed'))));
  expect(closingLine(report)).toBe('gpu: parity 1/1, op_db 0/0, features 0/0, bench 0/0 reached');
});

describe('runs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'findings-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('that were cut short hold together with those that went on with them', () => {
    const cut: Found[] = [
      ['a', 'start', { resumes: false }],
      ['a', 'x'],
    ];
    const on: Found[] = [
      ['a', 'start', { resumes: true }],
      ['a', 'y'],
      ['a', 'end', { complete: true }],
    ];
    const again: Found[] = [
      ['a', 'start', { resumes: false }],
      ['a', 'z'],
    ];
    const kinds = (...rows: Found[]) => latest(findings(...rows), 'a').map(({ kind }) => kind);
    expect(kinds(...cut, ...on)).toEqual(['start', 'x', 'start', 'y', 'end']);
    expect(kinds(...cut, ...on, ...again)).toEqual(['start', 'z']);
    expect([[], cut, [...cut, ...on], [...cut, ...on, ...again]].map((rows) => isComplete(findings(...rows)))).toEqual([
      undefined,
      false,
      true,
      false,
    ]);
  });

  it('lose nothing to a line that was cut short', () => {
    const file = join(folder, 'findings.jsonl');
    appendFileSync(file, '{"part":"a","ki');
    new Findings(file).note('a', 'start');
    appendFileSync(file, '\n{"part":"a","ki');
    new Findings(file).note('a', 'x');
    expect(readFindings(file).map(({ kind }) => kind)).toEqual(['start', 'x']);
  });
});
