/** The report's page: what it shows, that it loads nothing, and that no text of a run becomes part of its HTML. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import vm from 'node:vm';
import {
  type Metrics,
  readChartjs,
  readLatentMap,
  readSamples,
  type ReportData,
  reportPage,
  writeLatentMap,
} from 'isotorch/train';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'isotorch-report-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const metrics: Metrics[] = [
  { step: 10, epoch: 1, seconds: 1, wait_share: 0.01, loss_D: 0.7, D_real_acc: 0.5, loss_ratio: 3 },
  { step: 20, epoch: 1, seconds: 2, wait_share: 0.02, loss_D: Number.NaN, D_real_acc: 0.75, loss_ratio: 2 },
];

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);

const data = (changes: Partial<ReportData> = {}): ReportData => ({
  name: '00000-tiny',
  recipe: 'tiny',
  state: 'Done: 20 steps.',
  options: { lr: 0.05 },
  session: { steps: 20 },
  versions: { isotorch: '0.1.0' },
  metrics,
  evaluations: [{ step: 20, fid: 12.5 }],
  samples: [{ step: 20, png: PNG }],
  map: {
    step: 20,
    points: [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    labels: [1, 0, 1],
  },
  chartjs: readChartjs(),
  ...changes,
});

const scripts = (page: string): string[] =>
  [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, text]) => text!);

/** What chart.js is given. */
interface Given {
  type: string;
  data: { datasets: { label: string; data: unknown[] }[] };
  options: { plugins: { title: { text: string } } };
}

/** The charts that the page's scripts make, as chart.js is given them. */
function charts(page: string): { type: string; title: string; labels: string[]; points: unknown[][] }[] {
  const made: ReturnType<typeof charts> = [];
  const json = /<script type="application\/json" id="charts">([\s\S]*?)<\/script>/.exec(page)![1]!;
  class Chart {
    constructor(place: string, { type, data, options }: Given) {
      expect(place).toBe(`chart${made.length}`);
      const { datasets } = data;
      made.push({
        type,
        title: options.plugins.title.text,
        labels: datasets.map(({ label }) => label),
        points: datasets.map((each) => each.data),
      });
    }
  }
  const document = { getElementById: (id: string) => (id === 'charts' ? { textContent: json } : id) };
  vm.runInNewContext(scripts(page).at(-1)!, { document, Chart });
  return made;
}

describe('the page', () => {
  it('has curves of losses, accuracies and the rest, and the map by label', () => {
    const made = charts(reportPage(data()));
    expect(made.map(({ title, labels }) => [title, labels])).toEqual([
      ['Losses', ['loss_D']],
      ['Accuracies', ['D_real_acc']],
      ['loss_ratio', ['loss_ratio']],
      ['Share of time spent waiting for data', ['wait_share']],
      ['Latent codes of step 20, by t-SNE', ['0', '1']],
    ]);
    // A value that is no number is a gap.
    expect(made[0]!.points).toEqual([
      [
        { x: 10, y: 0.7 },
        { x: 20, y: null },
      ],
    ]);
    expect(made[4]!.points).toEqual([
      [{ x: 3, y: 4 }],
      [
        { x: 1, y: 2 },
        { x: 5, y: 6 },
      ],
    ]);
  });

  it("chart.js's own file draws them", () => {
    const [chartjs] = scripts(reportPage(data()));
    const context: { Chart?: unknown } = {};
    vm.runInNewContext(chartjs!, context);
    expect(context.Chart).toBeTypeOf('function');
  });

  it('loads nothing: its policy allows its own two scripts and embedded pictures', () => {
    const page = reportPage(data());
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!;
    const hashes = scripts(page).map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
    expect(hashes).toHaveLength(2);
    expect(policy).toBe(`default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src ${hashes.join(' ')}`);
    const own = scripts(page).reduce((rest, text) => rest.replace(text, ''), page);
    expect(own).not.toMatch(/https?:|src="(?!data:)|href=|sourceMappingURL|url\(/);
    expect(own).toContain(`src="data:image/png;base64,${PNG.toString('base64')}"`);
  });

  it('shows hostile texts as they are', () => {
    const hostile = `</script><script>alert(1)</script><img src=x onerror="alert('2')">&`;
    const page = reportPage(
      data({
        name: hostile,
        recipe: hostile,
        state: hostile,
        options: { [hostile]: hostile },
        session: { list: [hostile] },
        versions: { [hostile]: hostile },
        metrics: [{ step: 1, [hostile]: 1, [`loss${hostile}`]: hostile }],
        evaluations: [{ step: 1, [hostile]: hostile }],
      }),
    );
    expect(scripts(page)).toHaveLength(2);
    expect(page).not.toMatch(/<img src=x|<script>alert/);
    expect(charts(page).map(({ title }) => title)).toContain(hostile);
    expect(page).toContain(
      '&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=&quot;alert(&#39;2&#39;)',
    );
  });

  it('has a table, and says how to get charts, where chart.js is not installed', () => {
    const page = reportPage(data({ chartjs: undefined }));
    expect(page).toContain('<code>npm install chart.js</code>');
    expect(page).toContain("script-src 'none'");
    expect(page).not.toContain('<script');
    expect(page).toMatch(/<tr><th>10<\/th><td>0\.7<\/td><td>0\.5<\/td><td>3<\/td><\/tr>/);
  });

  it('is there before the first metrics', () => {
    const page = reportPage(data({ metrics: [], evaluations: [], samples: [], map: undefined }));
    expect(page).toContain('No metrics have been written yet.');
    expect(page).not.toContain('<script');
  });
});

describe('what it reads', () => {
  it('are at most 24 pictures, the last among them, and no file that is none', () => {
    mkdirSync(path.join(folder, 'samples'));
    for (let step = 0; step <= 100; step++) {
      writeFileSync(path.join(folder, 'samples', `${String(step).padStart(6, '0')}.png`), PNG);
    }
    writeFileSync(path.join(folder, 'samples', '000101.png'), 'no picture');
    writeFileSync(path.join(folder, 'samples', 'else.png'), PNG);
    const steps = readSamples(folder).map(({ step }) => step);
    expect(steps.length).toBeLessThanOrEqual(24);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(steps).not.toContain(101);
    rmSync(path.join(folder, 'samples', '000101.png'));
    expect(readSamples(folder).at(-1)!.step).toBe(100);
  });

  it('is a map, or what says that it is none', () => {
    expect(readLatentMap(folder)).toBeUndefined();
    const map = { step: 3, points: [[1, 2.5]] as [number, number][], labels: [4] };
    writeLatentMap(folder, map);
    expect(readLatentMap(folder)).toEqual(map);
    for (const text of ['{', '{"step":3,"points":[[1]],"labels":[4]}', '{"step":3,"points":[[1,2]],"labels":[]}']) {
      writeFileSync(path.join(folder, 'latent_map.json'), text);
      expect(() => readLatentMap(folder)).toThrow('latent_map.json is no map of latent codes');
    }
  });
});
