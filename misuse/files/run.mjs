// `npm run misuse:files`: damaged files of every format, 20,000 each. Every one has to be refused with an error that names the
// file and the fault, or be read whole: no crash, no hang, no memory that the file does not account for.
//
//   --only FORMATS    some of pt, legacy, safetensors, npy, npz
//   --count N         files of each format
//   --seed N          of the first file; the next ones follow it
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { findReference } from '../../reference/index.mjs';
import { check } from './check.mjs';
import { FORMATS } from './formats.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    count: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    one: { type: 'string' },
  },
});

/** Files of each process: what one leaks, the next does not pay for. */
const PORTION = 5000;

/** Milliseconds for a portion. */
const DEADLINE = 600_000;

const LEGACY = `
import sys, torch
x = torch.arange(6.)
torch.save({'x': x, 'y': x[2:], 'z': [1, 2.5, None, (True, 'a')], 'w': torch.nn.Parameter(torch.ones(2))}, sys.argv[1],
           _use_new_zipfile_serialization=False)`;

function legacy() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'misuse-files-'));
  try {
    const file = path.join(folder, 'legacy.pt');
    execFileSync(findReference().python, ['-c', LEGACY, file]);
    return readFileSync(file).toString('base64');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (values.one !== undefined) {
  const { format, count, seed, legacyFile, result } = JSON.parse(values.one);
  const begin = (text) =>
    writeFileSync(result, JSON.stringify({ format, refused: 0, read: 0, problems: [`died after ${text}`] }));
  begin('its first lines');
  const python = () => Buffer.from(legacyFile, 'base64');
  writeFileSync(result, JSON.stringify(check({ format, count, seed, python, begin })));
} else {
  const formats = values.only?.split(',') ?? Object.keys(FORMATS);
  const legacyFile = formats.includes('legacy') ? legacy() : '';
  const folder = mkdtempSync(path.join(os.tmpdir(), 'misuse-files-'));
  const result = path.join(folder, 'result.json');
  let failed = false;
  for (const format of formats) {
    const total = { refused: 0, read: 0, problems: [] };
    const started = performance.now();
    for (let done = 0; done < Number(values.count); done += PORTION) {
      const count = Math.min(PORTION, Number(values.count) - done);
      const options = { format, count, seed: Number(values.seed) + done, legacyFile, result };
      const { status, signal } = spawnSync(
        process.execPath,
        ['--no-warnings', import.meta.filename, '--one', JSON.stringify(options)],
        { stdio: ['ignore', 'inherit', 'inherit'], timeout: DEADLINE },
      );
      const outcome = JSON.parse(readFileSync(result, 'utf8'));
      total.refused += outcome.refused;
      total.read += outcome.read;
      total.problems.push(...outcome.problems);
      if (status !== 0) total.problems.push(`${format}: the process ended with ${signal ?? status}`);
    }
    for (const problem of total.problems.slice(0, 10)) console.log(problem);
    failed ||= total.problems.length > 0;
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    console.log(
      `${format}: ${total.refused} refused, ${total.read} read, ${total.problems.length} wrong, ${seconds} s`,
    );
  }
  rmSync(folder, { recursive: true });
  process.exitCode = failed ? 1 : 0;
}
