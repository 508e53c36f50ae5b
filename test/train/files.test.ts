// Run folders, metrics files, running means: what a run leaves on disk and survives a kill.
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'isotorch';
import {
  appendMetrics,
  createRunFolder,
  readMetrics,
  RunningMeans,
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

describe('RunningMeans', () => {
  it('averages since the last reading', () => {
    const means = new RunningMeans();
    for (const value of [1, 2, 6]) means.add({ loss: torch.tensor(value), other: torch.tensor(-value) });
    expect(means.take()).toEqual({ loss: 3, other: -3 });
    expect(means.take()).toEqual({});
    means.add({ loss: torch.tensor(5), other: torch.tensor(0) });
    expect(means.take()).toEqual({ loss: 5, other: 0 });
  });

  it('sums in float64, keeps no graph, and survives its scope', () => {
    const means = new RunningMeans();
    torch.scope(() => {
      for (let i = 0; i < 1000; i++) means.add({ x: torch.tensor(0.1, { requires_grad: true }) });
    });
    expect(means.take().x).toBeCloseTo(Math.fround(0.1), 12);
  });

  it('goes on from its sums', () => {
    const [one, two] = [new RunningMeans(), new RunningMeans()];
    one.add({ x: torch.tensor(1) });
    two.restore(one.sums());
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
