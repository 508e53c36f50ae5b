/** Processes that start others: each has a libtorch of its own, whatever its parent had. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { folder } from '../scripts/fakes';
import { runNode, run } from './run';
import { root } from '../../reference/index.mjs';

const COMPUTE = `const torch = require('isotorch');
  const compute = () => { torch.manual_seed(5); const w = torch.randn([3, 3], { requires_grad: true });
    w.matmul(w).sum().backward(); return torch.io.serialize({ grad: w.grad }).toString('hex').slice(-32); };
  const own = compute();`;

/** A program file inside of the package, where \`isotorch\` is found. */
function file(code: string): string {
  const name = path.join(folder(), 'program.cjs');
  writeFileSync(name, code.replaceAll("'isotorch'", JSON.stringify(root)));
  return name;
}

test('child_process.fork: children compute beside a parent with live tensors, and by messages', async () => {
  const child = file(
    `${COMPUTE} process.on('message', (text) => { process.send([text, compute()]); process.disconnect(); });`,
  );
  const { stdout, ...how } = await runNode(`${COMPUTE}
    const { fork } = require('node:child_process');
    const ask = () => new Promise((resolve) => {
      const child = fork(${JSON.stringify(child)});
      let answer;
      child.on('message', (message) => { answer = message; });
      child.on('exit', (code, signal) => resolve([...answer, code, signal]));
      child.send('hello');
    });
    Promise.all([ask(), ask()]).then((answers) => console.log(JSON.stringify([own, answers])));`);
  expect(how).toEqual({ code: 0, signal: null, stderr: '' });
  const [own, answers] = JSON.parse(stdout) as [string, unknown[]];
  expect(answers).toEqual([
    ['hello', own, 0, null],
    ['hello', own, 0, null],
  ]);
});

test('cluster: workers compute, one is killed, the others and the primary go on', async () => {
  const program = file(`
    const cluster = require('node:cluster');
    ${COMPUTE}
    if (cluster.isPrimary) {
      const workers = [0, 1, 2].map(() => cluster.fork());
      const answer = (worker) => new Promise((resolve) => worker.once('message', resolve));
      const end = (worker) => new Promise((resolve) => worker.once('exit', (code, signal) => resolve([code, signal])));
      Promise.all(workers.map(answer)).then(async (answers) => {
        const ends = workers.map(end);
        workers[0].process.kill('SIGKILL');
        workers[1].disconnect();
        workers[2].send('more');
        console.log(JSON.stringify([own, ...answers, await answer(workers[2])]));
        workers[2].disconnect();
        console.log(JSON.stringify([await Promise.all(ends), compute() === own]));
      });
    } else {
      process.send(own);
      process.on('message', () => process.send(compute()));
    }`);
  const { stdout, ...how } = await run(process.execPath, [program]);
  expect(how).toEqual({ code: 0, signal: null, stderr: '' });
  const [values, ends] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown[]);
  expect(new Set(values).size).toBe(1);
  expect(ends).toEqual([
    [
      [null, 'SIGKILL'],
      [0, null],
      [0, null],
    ],
    true,
  ]);
});

test('worker threads: some come and go while others compute, and all have the same numbers', async () => {
  const worker = `${COMPUTE}
    const { parentPort, workerData } = require('node:worker_threads');
    const found = new Set();
    for (let i = 0; i < workerData; i++) torch.scope(() => found.add(torch.full([64, 64], 0.1).matmul(torch.full([64, 64], 0.3)).sum().item()));
    parentPort.postMessage([...found]);`;
  const { stdout, ...how } = await runNode(`${COMPUTE}
    const { Worker } = require('node:worker_threads');
    const one = (count) => new Promise((resolve, reject) => {
      let answer;
      const worker = new Worker(${JSON.stringify(worker)}, { eval: true, workerData: count });
      worker.once('message', (found) => { answer = found; }).once('error', reject).once('exit', (code) => resolve([code, answer]));
    });
    (async () => {
      const long = one(2000);
      const short = [];
      for (let i = 0; i < 4; i++) short.push(await one(5));
      const all = [await long, ...short];
      console.log(all.every(([code, found]) => code === 0 && found.length === 1 && found[0] === all[0][1][0]), all.length);
    })();`);
  expect({ stdout, ...how }).toEqual({ code: 0, signal: null, stdout: 'true 5\n', stderr: '' });
});

test('worker threads that load libtorch at the same moment, before the main thread has it', async () => {
  const worker = `${COMPUTE} require('node:worker_threads').parentPort.postMessage(own);`;
  const { stdout, ...how } = await runNode(`
    const { Worker } = require('node:worker_threads');
    const one = () => new Promise((resolve, reject) =>
      new Worker(${JSON.stringify(worker)}, { eval: true }).once('message', resolve).once('error', reject));
    Promise.all([one(), one(), one(), one()]).then((all) => { ${COMPUTE} console.log(all.length, typeof own); });`);
  expect({ stdout, ...how }).toEqual({ code: 0, signal: null, stdout: '4 string\n', stderr: '' });
});

test('a worker that runs out of its memory ends, and the program goes on', async () => {
  const worker = `const torch = require('isotorch'); const kept = []; for (;;) kept.push(torch.ones([1]), new Array(1000).fill(0.5));`;
  const { stdout, ...how } = await runNode(`${COMPUTE}
    const { Worker } = require('node:worker_threads');
    const options = { eval: true, resourceLimits: { maxOldGenerationSizeMb: 24, maxYoungGenerationSizeMb: 4 } };
    new Worker(${JSON.stringify(worker)}, options).once('error', ({ code }) => console.log(code, compute() === own));`);
  expect({ stdout, ...how }).toEqual({ code: 0, signal: null, stdout: 'ERR_WORKER_OUT_OF_MEMORY true\n', stderr: '' });
});
