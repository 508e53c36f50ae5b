// `node gpu/commit_report.mjs DIR`: puts the report of a run where results are kept, under a dated name, to be committed: the
// benchmark's figures into bench/results/, the whole report into parity/results/.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../reference/index.mjs';
import { readFindings } from './findings.mjs';
import { reportOf } from './report.mjs';
import { slug } from '../bench/rounds.mjs';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('node gpu/commit_report.mjs DIR, with the folder that run.sh wrote to');
  process.exit(2);
}
const report = reportOf(readFindings(path.join(folder, 'findings.jsonl')));
if (report.date === undefined) {
  console.error(`${folder} has no findings.jsonl of a run`);
  process.exit(2);
}
const { python, cpu } = report.machine;
const name = `${report.date.slice(0, 10)}-${slug(python.gpu ?? cpu)}-${report.device}`;
const write = (to, text) => {
  mkdirSync(path.dirname(path.join(root, to)), { recursive: true });
  writeFileSync(path.join(root, to), text);
  console.log(to);
};
const { bench, ...others } = report.parts;
const about = { date: report.date, device: report.device, machine: report.machine };
write(`bench/results/${name}.json`, `${JSON.stringify({ ...about, results: bench.cases }, null, 2)}\n`);
write(`parity/results/${name}.json`, `${JSON.stringify({ ...about, parts: others }, null, 1)}\n`);
copyFileSync(path.join(folder, 'report.md'), path.join(root, 'parity', 'results', `${name}.md`));
console.log(`parity/results/${name}.md`);
