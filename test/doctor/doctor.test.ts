// `isotorch doctor` says whether training works, and what mends it; whatever libtorch does, the command itself survives.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ended, ended } from '../support/command';
import type { Report } from '../../dist/doctor/index.js';
import { root } from '../../reference/index.mjs';
import { systemLibrary, torchFiles, writeFiles } from '../support/fake_torch';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'doctor-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the command, in a package folder other than this one where `at` names it. */
function doctor(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const child = spawn(process.execPath, [join(root, 'dist/cli/isotorch.js'), 'doctor', ...args], {
    env: { ...process.env, ISOTORCH_CACHE: join(folder, 'cache'), ...env },
  });
  return ended(child);
}

async function report(env: NodeJS.ProcessEnv = {}): Promise<Report & { code: number | null }> {
  const { code, stdout, stderr } = await doctor(['--json'], env);
  expect(stderr).toBe('');
  return { code, ...(JSON.parse(stdout) as Report) };
}

describe('where training works', () => {
  it('the report says so, with what runs', async () => {
    const found = await report();
    expect(found).toMatchObject({ code: 0, ok: true, format: 1, problems: [] });
    expect(found.machine).toMatchObject({
      platform: process.platform,
      arch: process.arch,
      node: process.versions.node,
    });
    expect(found.libtorch?.source).toBe('the build');
    expect(found.addon?.file).toMatch(/isotorch\.node$/);
    expect(found.running?.threads).toBeGreaterThan(0);
    expect(found.envelope?.torch).toBe(found.libtorch?.version.split('+')[0]);
    expect(found.self_test.length).toBeGreaterThan(4);
    expect(found.self_test.every(({ ok }) => ok)).toBe(true);
    expect(
      found.candidates.some(({ source, problem }) => source === 'the cache' && problem === 'has no libtorch'),
    ).toBe(true);
  });

  it('the report has the keys that the document names', async () => {
    const { code: _, ...found } = await report();
    const text = readFileSync(join(root, 'docs', 'install.md'), 'utf8');
    const rows = text.slice(text.indexOf('| key | meaning |')).split('\n');
    const named = rows.flatMap((row) =>
      [...(/^\| (`.*?) \|/.exec(row)?.[1] ?? '').matchAll(/`(\w+)`/g)].map(([, key]) => key),
    );
    expect(named.sort()).toEqual(Object.keys(found).sort());
  });

  it('the text says so', async () => {
    const { code, stdout } = await doctor([]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^machine +\w+ \w+, .*Node \d+/m);
    expect(stdout).toMatch(/^looked at +ISOTORCH_LIBTORCH is not set$/m);
    expect(stdout).toMatch(/^self-test +random whole numbers on cpu: right, bit for bit$/m);
    expect(stdout).toMatch(/\n\nTraining works here\.\n$/);
  });

  it('a libtorch in the way of the dynamic linker is a note', async () => {
    const decoy = join(folder, 'decoy');
    writeFiles(decoy, { 'libtorch_cpu.so': systemLibrary() });
    const { code, notes } = await report({ LD_LIBRARY_PATH: decoy });
    expect(code).toBe(0);
    expect(notes).toContain(
      `LD_LIBRARY_PATH: ${decoy}/libtorch_cpu.so is not used: isotorch loads libtorch by its full path`,
    );
  });
});

describe('where training does not work', () => {
  it('because the folder that was named holds no libtorch', async () => {
    mkdirSync(join(folder, 'empty'));
    const { code, ok, problems, libtorch, running } = await report({ ISOTORCH_LIBTORCH: join(folder, 'empty') });
    expect([code, ok, libtorch, running]).toEqual([1, false, null, null]);
    expect(problems).toEqual([
      {
        problem: `ISOTORCH_LIBTORCH: ${folder}/empty is no libtorch: it has no lib/libtorch_cpu.so`,
        remedy: 'correct or unset it, or run "npx isotorch install"',
      },
    ]);
  });

  it('because there is no addon', async () => {
    const { code, stdout } = await doctor([], { ISOTORCH_ADDON: join(folder, 'none.node') });
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^problem: .*none\.node is no addon of isotorch\n {2}what mends it: build it anew by "npm run setup"\nTraining does not work here\.\n$/m,
    );
  });

  it('because the libraries of libtorch are none', async () => {
    const libtorch = join(folder, 'torch');
    const version = (await report()).libtorch!.version;
    writeFiles(folder, torchFiles(version));
    const { code, problems } = await report({ ISOTORCH_LIBTORCH: libtorch });
    expect(code).toBe(1);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.problem).toContain(`cannot load libtorch ${version} in ${libtorch}`);
    expect(problems[0]?.remedy).toMatch(/npx isotorch install" --force|install --force/);
  });

  it('because libtorch ends its process', async () => {
    // What a library does when it is loaded may be anything; here the process is ended as by a crash.
    const preload = join(folder, 'crash.cjs');
    writeFileSync(
      preload,
      `if (process.argv[1].endsWith('self_test.js')) process.kill(process.pid, 'SIGSEGV'), Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);`,
    );
    const { code, problems } = await report({ NODE_OPTIONS: `--require ${preload}` });
    expect(code).toBe(1);
    expect(problems[0]?.problem).toMatch(/^libtorch ended the process of the self-test \(SIGSEGV\)/);
  });
});
