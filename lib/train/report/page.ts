/** The report of a run: one HTML file that loads nothing. */
import { createHash } from 'node:crypto';
import type { Metrics } from '../metrics';
import { optionText } from '../options';
import { type Chart, chartsOf, namesOf, thinned } from './charts';
import type { ReportData, SamplePicture } from './data';
import { Html, html, jsonInScript, sourceInScript, table } from './html';

/** Lines of metrics in a table, where there are no charts. */
const TABLE_LINES = 40;

const STYLE = `
body { font: 15px/1.5 system-ui, sans-serif; max-width: 1100px; margin: 2em auto; padding: 0 1em; color: #222; background: #fff; }
h1 { font-size: 1.5em; } h2 { font-size: 1.15em; margin-top: 2em; }
table { border-collapse: collapse; font-size: 13px; } th, td { text-align: left; padding: 2px 12px 2px 0; border-bottom: 1px solid #eee; overflow-wrap: anywhere; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(420px, 1fr)); gap: 1.5em; }
.charts div { position: relative; height: 300px; }
.samples { display: flex; flex-wrap: wrap; gap: 1em; } figure { margin: 0; } figure img { max-width: 100%; min-width: 128px; image-rendering: pixelated; }
.tables { display: flex; flex-wrap: wrap; gap: 3em; }`;

/** Draws the charts; it runs in a browser. */
const DRAW = `
const colours = ['#1f77b4', '#d62728', '#2ca02c', '#ff7f0e', '#9467bd', '#8c564b', '#e377c2', '#7f7f7f', '#bcbd22', '#17becf'];
for (const [index, chart] of JSON.parse(document.getElementById('charts').textContent).entries()) {
  const datasets = chart.curves.map(({ label, points }, place) => {
    const colour = colours[place % colours.length];
    const pointRadius = chart.kind === 'scatter' ? 3 : points.length > 1 ? 0 : 3;
    return { label, data: points, borderColor: colour, backgroundColor: colour, borderWidth: 1.5, pointRadius };
  });
  const [min, max] = chart.y ?? [];
  new Chart(document.getElementById('chart' + index), {
    type: chart.kind,
    data: { datasets },
    options: {
      animation: false, maintainAspectRatio: false, parsing: false,
      plugins: { title: { display: true, text: chart.title } },
      scales: { x: { type: 'linear', title: { display: chart.x !== '', text: chart.x } }, y: { min, max } },
    },
  });
}`;

const shown = (value: unknown): string => {
  if (typeof value === 'number') return String(Number(value.toPrecision(6)));
  return optionText(value);
};

const recordTable = (record: Readonly<Record<string, unknown>>): Html =>
  table(Object.entries(record).map(([name, value]) => [name, shown(value)]));

function metricsTable(lines: readonly Metrics[], most: number): Html {
  const names = namesOf(lines);
  const rows = thinned(lines, most).map((line) => [
    line.step,
    ...names.map((name) => (line[name] === undefined ? '' : shown(line[name]))),
  ]);
  return table(rows, ['step', ...names]);
}

const picture = ({ step, png }: SamplePicture): Html =>
  html`<figure><img alt="samples of step ${step}" src="data:image/png;base64,${Buffer.from(png).toString('base64')}"><figcaption>step ${step}</figcaption></figure>\n`;

const hashOf = (source: Html): string => `'sha256-${createHash('sha256').update(source.text).digest('base64')}'`;

/** The scripts that draw, and what the page's policy says of them. */
function scriptsFor(charts: readonly Chart[], chartjs: string | undefined): { scripts: Html[]; policy: string } {
  if (charts.length === 0 || chartjs === undefined) return { scripts: [], policy: "'none'" };
  const sources = [chartjs.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'), DRAW].map(sourceInScript);
  const data = html`<script type="application/json" id="charts">${jsonInScript(charts)}</script>\n`;
  return {
    scripts: [data, ...sources.map((source) => html`<script>${source}</script>\n`)],
    policy: sources.map(hashOf).join(' '),
  };
}

function curves(data: ReportData, charts: readonly Chart[]): Html {
  if (data.metrics.length === 0 && data.map === undefined) return html`<p>No metrics have been written yet.</p>\n`;
  if (data.chartjs !== undefined) {
    const places = charts.map((_, index) => html`<div><canvas id="chart${index}"></canvas></div>\n`);
    return html`<div class="charts">\n${places}</div>\n`;
  }
  return html`<p>Charts are drawn by the package chart.js, which is not installed: <code>npm install chart.js</code>, then
<code>npx isotorch report</code> writes this file with charts.</p>\n${metricsTable(data.metrics, TABLE_LINES)}`;
}

/** The file's text. */
export function reportPage(data: ReportData): string {
  const charts = chartsOf(data.metrics, data.map);
  const { scripts, policy } = scriptsFor(charts, data.chartjs);
  const last = data.metrics.at(-1);
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src ${new Html(policy)}">
<meta name="viewport" content="width=device-width">
<title>${data.name}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<h1>${data.name}</h1>
<p>Recipe ${data.recipe}. ${data.state}</p>
<h2>Curves</h2>
${curves(data, charts)}
${last === undefined ? [] : [html`<h2>Last metrics</h2>\n${recordTable(last)}`]}
${data.evaluations.length === 0 ? [] : [html`<h2>Evaluations</h2>\n${metricsTable(data.evaluations, Infinity)}`]}
${data.samples.length === 0 ? [] : [html`<h2>Samples</h2>\n<div class="samples">\n${data.samples.map(picture)}</div>\n`]}
<h2>Options</h2>
<div class="tables">${recordTable(data.options)}${recordTable(data.session)}${recordTable(data.versions)}</div>
${scripts}</body>
</html>
`.text;
}
