import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appendMetrics, readMetrics, rewindMetrics } from 'isotorch/train';
import { expect, it } from 'vitest';

const path = join(mkdtempSync(join(tmpdir(), 'isotorch-metrics-')), 'metrics.jsonl');

it('keeps losses that are no finite number, over a rewind too', () => {
  appendMetrics(path, { step: 1, loss: NaN, gain: -Infinity });
  appendMetrics(path, { step: 2, loss: Infinity });
  expect(readFileSync(path, 'utf8')).toBe('{"step":1,"loss":"NaN","gain":"-Infinity"}\n{"step":2,"loss":"Infinity"}\n');
  rewindMetrics(path, 1);
  expect(readMetrics(path)).toEqual([{ step: 1, loss: NaN, gain: -Infinity }]);
});
