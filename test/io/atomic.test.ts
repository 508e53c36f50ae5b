// What a path can be besides a plain file, and what stays of what was there.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'isotorch';
import { save_file, save_image, writeAtomically } from 'isotorch/io';
import { writeJson } from 'isotorch/train';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { skipped } from '../support/skips';

let folder = '';
const at = (...names: string[]) => join(folder, ...names);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'atomic-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (path: string, text = 'new') =>
  writeAtomically(path, [Buffer.from(text.slice(0, 1)), Buffer.from(text.slice(1))]);
const isRoot = process.getuid?.() === 0;

describe('misuse', () => {
  it('refuses what is no path, and says so by name', () => {
    expect(() => write(3 as never)).toThrow('the path of a file must be a string, not number');
  });

  it.each([
    ['a folder', () => at('sub'), 'EISDIR'],
    ['a missing folder', () => at('none', 'x'), 'ENOENT'],
    ['a file in the way', () => at('file', 'x'), 'ENOTDIR'],
    ['a circle of links', () => at('circle'), 'ELOOP'],
    ['a pipe that nobody reads', () => at('pipe'), 'ENXIO'],
    ['a full device', () => '/dev/full', 'ENOSPC'],
  ])('names the file and the cause: %s', (_, path, code) => {
    mkdirSync(at('sub'));
    writeFileSync(at('file'), 'old');
    symlinkSync('circle', at('circle'));
    execFileSync('mkfifo', [at('pipe')]);
    const before = readdirSync(folder);
    let error: NodeJS.ErrnoException | undefined;
    try {
      write(path());
    } catch (thrown) {
      error = thrown as NodeJS.ErrnoException;
    }
    expect(error?.code).toBe(code);
    expect(error?.message).toContain(`cannot write ${path()}: ${code}`);
    expect(readdirSync(folder)).toEqual(before);
  });

  const title = 'leaves a file that is protected against writing';
  it.skipIf(isRoot)(isRoot ? skipped(title, 'root may write everything') : title, () => {
    writeFileSync(at('kept'), 'old', { mode: 0o444 });
    expect(() => write(at('kept'))).toThrow(/cannot write .*kept: EACCES/);
    expect(readFileSync(at('kept'), 'utf8')).toBe('old');
  });

  it('leaves the old file, and no other, where the parts fail', () => {
    writeFileSync(at('kept'), 'old');
    const parts = function* () {
      yield Buffer.from('new');
      throw new RangeError('no more');
    };
    expect(() => writeAtomically(at('kept'), parts())).toThrow(RangeError);
    expect(readFileSync(at('kept'), 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['kept']);
  });
});

describe('what is at the path stays what it is', () => {
  it.each([0o600, 0o640, 0o755, 0o666])('a mode of %o', (mode) => {
    writeFileSync(at('file'), 'old');
    chmodSync(at('file'), mode);
    write(at('file'));
    expect(statSync(at('file')).mode & 0o7777).toBe(mode);
    expect(readFileSync(at('file'), 'utf8')).toBe('new');
  });

  it('a symbolic link, relative, absolute, to a link, through a linked folder', () => {
    mkdirSync(at('a', 'b'), { recursive: true });
    writeFileSync(at('a', 'target'), 'old');
    symlinkSync(at('a', 'b'), at('linked'));
    symlinkSync('../target', at('a', 'b', 'relative'));
    symlinkSync(at('a', 'b', 'relative'), at('chain'));
    for (const [index, name] of [at('a', 'b', 'relative'), at('linked', 'relative'), at('chain')].entries()) {
      write(name, `new ${index}`);
      expect(lstatSync(name).isSymbolicLink()).toBe(true);
      expect(readFileSync(at('a', 'target'), 'utf8')).toBe(`new ${index}`);
    }
  });

  it('a link whose target does not exist yet', () => {
    mkdirSync(at('a'));
    symlinkSync('a/made', at('link'));
    write(at('link'));
    expect(readFileSync(at('a', 'made'), 'utf8')).toBe('new');
    expect(lstatSync(at('link')).isSymbolicLink()).toBe(true);
    symlinkSync('missing/x', at('nowhere'));
    expect(() => write(at('nowhere'))).toThrow(/cannot write .*nowhere: ENOENT/);
  });

  it('a device', () => {
    write('/dev/null');
    expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it('a pipe with a reader, which gets everything', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    const reader = spawn('cat', [at('pipe')]);
    const chunks: Buffer[] = [];
    reader.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    const ended = new Promise((resolve) => reader.on('close', resolve));
    for (;;) {
      try {
        write(at('pipe'), 'x'.repeat(200_000));
        break;
      } catch (error) {
        // The reader has not opened it yet.
        if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
    await ended;
    expect(Buffer.concat(chunks)).toHaveLength(200_000);
    expect(lstatSync(at('pipe')).isFIFO()).toBe(true);
  });

  it.each([
    ['save_file', (path: string) => save_file({ a: torch.ones(1) }, path)],
    ['save_image', (path: string) => save_image(torch.ones(1, 2, 2), path)],
    ['writeJson', (path: string) => writeJson(path, [1])],
  ])('with %s too', (_, save) => {
    writeFileSync(at('target'), 'old', { mode: 0o600 });
    symlinkSync('target', at('link'));
    save(at('link'));
    expect(lstatSync(at('link')).isSymbolicLink()).toBe(true);
    expect(statSync(at('target')).mode & 0o777).toBe(0o600);
    expect(statSync(at('target')).size).toBeGreaterThan(3);
  });
});

it('a new file has the mode that the process gives', () => {
  const old = process.umask(0o027);
  try {
    write(at('new'));
  } finally {
    process.umask(old);
  }
  expect(statSync(at('new')).mode & 0o777).toBe(0o640);
  expect(existsSync(at('new'))).toBe(true);
});

it('removes what killed processes left, and nothing that may still be written', () => {
  const { pid } = spawnSync('true');
  const age = (name: string, hours: number): void => {
    writeFileSync(at(name), 'half');
    const time = Date.now() / 1000 - 3600 * hours;
    utimesSync(at(name), time, time);
  };
  age(`.${pid}-1-0.tmp`, 2);
  age(`.${process.pid}-1-0.tmp`, 2);
  const kept = [`.${pid}-1-1.tmp`, `.${process.ppid}-1-0.tmp`, `${pid}-1-0.tmp`, '.a-1-0.tmp'];
  for (const [i, name] of kept.entries()) age(name, i === 0 ? 0.5 : 2);
  write(at('x'));
  expect(readdirSync(folder).sort()).toEqual([...kept, 'x'].sort());
});
