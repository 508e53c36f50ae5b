// Run folders, metrics files, running means: what a run leaves on disk and survives a kill.
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'isotorch';
import {
  appendMetrics,
  checkRunFolder,
  createRunFolder,
  readMetrics,
  Means,
  rewindMetrics,
  saveLineChart,
  writeJson,
} from 'isotorch/train';
import { PNG } from 'pngjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'train-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('createRunFolder', () => {
  it('numbers from zero, and makes the folders above', () => {
    const out = join(folder, 'a', 'runs');
    expect(createRunFolder(out, 'split')).toBe(join(out, '00000-split'));
    expect(createRunFolder(out, 'split-joint')).toBe(join(out, '00001-split-joint'));
    expect(existsSync(join(out, '00001-split-joint'))).toBe(true);
  });

  it('goes on after the highest number, whatever else lies there', () => {
    for (const name of ['00007-old', '123456-long', 'notes', '99-']) mkdirSync(join(folder, name));
    expect(createRunFolder(folder, 'x')).toBe(join(folder, '123457-x'));
  });

  it.each(['/proc/x', '/proc/x/y', '/dev/null/x'])('fails for a folder that cannot be made, %s', (out) => {
    expect(() => createRunFolder(out, 'x')).toThrow(/ENOENT|ENOTDIR/);
  });

  it('does not count numbers that no run has', () => {
    for (const name of ['9007199254740993-x', '99999999999999999999999-x']) mkdirSync(join(folder, name));
    expect(createRunFolder(folder, 'x')).toBe(join(folder, '00000-x'));
  });

  it('fails where a file is in the way', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => createRunFolder(join(folder, 'file'), 'x')).toThrow(/EEXIST|ENOTDIR/);
  });
});

describe('metrics', () => {
  it('are one JSON object a line', () => {
    const path = join(folder, 'm.jsonl');
    appendMetrics(path, { step: 1, loss: 0.5 });
    appendMetrics(path, { step: 2, loss: 0.1 + 0.2 });
    expect(readFileSync(path, 'utf8')).toBe('{"step":1,"loss":0.5}\n{"step":2,"loss":0.30000000000000004}\n');
    expect(readMetrics(path)).toEqual([
      { step: 1, loss: 0.5 },
      { step: 2, loss: 0.1 + 0.2 },
    ]);
  });

  it('without a file are none', () => {
    expect(readMetrics(join(folder, 'none'))).toEqual([]);
  });

  it('leave out a line cut short by a kill, and rewinding removes it', () => {
    const path = join(folder, 'm.jsonl');
    for (const step of [10, 20, 30]) appendMetrics(path, { step });
    appendFileSync(path, '{"step":40,"lo');
    expect(readMetrics(path).map(({ step }) => step)).toEqual([10, 20, 30]);
    rewindMetrics(path, 20);
    expect(readFileSync(path, 'utf8')).toBe('{"step":10}\n{"step":20}\n');
  });
});

describe('checkRunFolder', () => {
  it('takes files, folders, and links that stay inside', () => {
    mkdirSync(join(folder, 'split'));
    writeFileSync(join(folder, 'split', 'a'), '');
    symlinkSync('split/a', join(folder, 'link'));
    symlinkSync(join(folder, 'split', 'new'), join(folder, 'dangling'));
    expect(() => checkRunFolder(folder)).not.toThrow();
  });

  it.each([
    ['/etc/passwd', /link is a link to \/etc\/passwd, outside of the run folder/],
    ['..', /outside of the run folder/],
    ['../evil/new', /outside of the run folder/],
    ['/tmp/none/such', /outside of the run folder/],
  ])('refuses a link to %s', (target, message) => {
    mkdirSync(join(folder, 'run', 'split'), { recursive: true });
    symlinkSync(target === '..' ? '../..' : target.replace('../', '../../'), join(folder, 'run', 'split', 'link'));
    expect(() => checkRunFolder(join(folder, 'run'))).toThrow(message);
  });

  it('refuses pipes', () => {
    execFileSync('mkfifo', [join(folder, 'metrics.jsonl')]);
    expect(() => checkRunFolder(folder)).toThrow(/metrics.jsonl is no regular file/);
  });
});

describe('damaged metrics', () => {
  it.each(['nope', '3', 'null', '{"step":"x"}', '{}'])('a line of %s is named', (line) => {
    const path = join(folder, 'm.jsonl');
    writeFileSync(path, `{"step":1}\n${line}\n{"step":3}\n`);
    expect(() => readMetrics(path)).toThrow(`${path} is damaged: line 2 is not a line of metrics`);
  });

  it('an append that fails names the file', () => {
    expect(() => appendMetrics(join(folder, 'none', 'm.jsonl'), { step: 1 })).toThrow(
      /cannot write .*m\.jsonl: ENOENT/,
    );
    expect(() => appendMetrics('/dev/full', { step: 1 })).toThrow(/cannot write \/dev\/full: ENOSPC/);
  });
});

describe('Means', () => {
  it('averages since the last reading, each name by the steps that had it', () => {
    const means = new Means();
    for (const value of [1, 2, 6]) means.add({ loss: torch.tensor(value), other: torch.tensor(-value) });
    means.add({ loss: torch.tensor(3) });
    expect(means.take()).toEqual({ loss: 3, other: -3 });
    expect(means.take()).toEqual({});
    means.add({ loss: torch.tensor(5), other: torch.tensor(0) });
    expect(means.take()).toEqual({ loss: 5, other: 0 });
  });

  it('sums in float64, keeps no graph, and survives its scope', () => {
    const means = new Means();
    torch.scope(() => {
      for (let i = 0; i < 1000; i++) means.add({ x: torch.tensor(0.1, { requires_grad: true }) });
    });
    expect(means.take().x).toBeCloseTo(Math.fround(0.1), 12);
  });

  it('goes on from its state', () => {
    const [one, two] = [new Means(), new Means()];
    one.add({ x: torch.tensor(1) });
    two.load_state_dict(one.state_dict());
    one.add({ x: torch.tensor(100) });
    two.add({ x: torch.tensor(2) });
    expect(two.take()).toEqual({ x: 1.5 });
  });
});

describe('small files', () => {
  it('JSON is indented and ends with a newline', () => {
    writeJson(join(folder, 'x.json'), { a: 1 });
    expect(readFileSync(join(folder, 'x.json'), 'utf8')).toBe('{\n  "a": 1\n}\n');
  });

  it('a line chart is a picture with its curve on white', async () => {
    const path = join(folder, 'c.png');
    const points = [
      { x: 0, y: 1 },
      { x: 10, y: 1 },
    ];
    await saveLineChart(path, { title: 't', x: 'x', y: 'y', series: [{ label: 'l', points, color: '#ff0000' }] });
    const { width, height, data } = PNG.sync.read(readFileSync(path));
    expect([width, height]).toEqual([960, 540]);
    expect([...data.subarray(0, 4)]).toEqual([255, 255, 255, 255]);
    let red = 0;
    for (let i = 0; i < data.length; i += 4) if (data[i] === 255 && data[i + 1] === 0 && data[i + 2] === 0) red++;
    expect(red).toBeGreaterThan(800);
  });
});
