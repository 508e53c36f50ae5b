// Worker processes that may die: another one goes on behind what ended the last.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** One thread each: there are as many processes as were asked for. */
export const env = { ...process.env, OMP_NUM_THREADS: '1', OMP_WAIT_POLICY: 'PASSIVE' };

/** Milliseconds between two looks at a worker's log. */
const INTERVAL = 500;

/**
 * Runs the numbers from one on in several processes, each with every `jobs`-th. A worker writes what it is at into its log, and
 * reports as lines of JSON to its file descriptor 3.
 *
 * @param {object} of
 * @param {number} of.jobs processes at a time
 * @param {number} of.from the first number
 * @param {string} of.folder for the logs
 * @param {number} of.patience milliseconds after which a worker that is still at the same counts as hung, and is ended
 * @param {(log: string, from: number) => import('node:child_process').ChildProcess} of.start
 * @param {(report: any) => void} of.report takes a line of JSON
 * @param {(death: { log: string, hung: boolean, how: string, said: string }) => number} of.died the number that ended it
 */
export async function supervise({ jobs, from, folder, patience, start, report, died }) {
  /** @returns {Promise<number | null>} the number that ended the process */
  function run(job, first) {
    return new Promise((resolve, reject) => {
      const file = path.join(folder, `log${job}`);
      writeFileSync(file, '');
      const child = start(file, first);
      let [said, hung, current, since] = ['', false, '', performance.now()];
      child.stderr.on('data', (chunk) => {
        said = (said + chunk).slice(-1500);
      });
      const timer = setInterval(() => {
        const log = readFileSync(file, 'utf8');
        if (log !== current) [current, since] = [log, performance.now()];
        hung = performance.now() - since > patience;
        if (hung) child.kill('SIGKILL');
      }, INTERVAL);
      createInterface({ input: child.stdio[3] }).on('line', (line) => report(JSON.parse(line)));
      child.on('close', (code, signal) => {
        clearInterval(timer);
        const log = readFileSync(file, 'utf8').trim();
        if (code === 0) resolve(null);
        else if (log === '') reject(new Error(`a process ended before it began:\n${said}`));
        else resolve(died({ log, hung, how: signal ?? `code ${code}`, said: said.trim().slice(0, 300) }));
      });
    });
  }

  async function work(job) {
    let first = from + job;
    for (let last = await run(job, first); last !== null; last = await run(job, first)) first = last + jobs;
  }
  await Promise.all(Array.from({ length: jobs }, (_, job) => work(job)));
}
