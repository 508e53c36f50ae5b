// The two sides as child processes: Python produces files, Node checks them. Either may die; the run goes on.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { LineProcess, scriptOf, SLEEPING } from '../../reference/index.mjs';

const ONE_THREAD = { OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1', ...SLEEPING };

/** Python: see python/producer.py. @param environment variables besides the usual ones */
export const startProducer = (environment = {}) =>
  new LineProcess({
    ...scriptOf('parity/ops/python/producer.py'),
    name: 'Python',
    env: { ...ONE_THREAD, ...environment },
  });

const HANG_MS = 120_000;

/** isotorch: see consumer.mjs. A death or a hang counts for the sample it happened in. */
export class Consumer extends LineProcess {
  constructor(folder, number) {
    const progress = path.join(folder, `progress${number}`);
    const script = path.join(import.meta.dirname, 'consumer.mjs');
    const args = ['--no-warnings', script, progress];
    super({ command: process.execPath, args, name: 'isotorch', env: ONE_THREAD });
    this.progress = progress;
  }

  async check(request) {
    const skip = [];
    const deaths = [];
    for (;;) {
      writeFileSync(this.progress, '');
      const watch = this.#watch();
      try {
        const answer = await this.ask({ ...request, skip });
        if (answer.broken) this.kill();
        return { ...answer, deaths };
      } catch (error) {
        const index = Number(readFileSync(this.progress, 'utf8') || -1);
        if (index < 0 || skip.includes(index) || skip.length > 20)
          return { failed: `${error.message}\n${error.stderr}` };
        skip.push(index);
        deaths.push({ index, text: `${error.message}: ${error.stderr.trim().split('\n').at(-1)}` });
      } finally {
        clearInterval(watch);
      }
    }
  }

  #watch() {
    let [last, since] = ['', Date.now()];
    return setInterval(() => {
      const now = existsSync(this.progress) ? readFileSync(this.progress, 'utf8') : '';
      if (now !== last) [last, since] = [now, Date.now()];
      else if (Date.now() - since > HANG_MS) this.kill();
    }, 1000);
  }

  stop() {
    super.stop();
    rmSync(this.progress, { force: true });
  }
}
