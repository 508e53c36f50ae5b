// The two sides as child processes: Python produces files, Node checks them. Either may die; the run goes on.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, '..', '..');

// Threads that spin while they wait would take the other side's core; this changes no number.
const env = { ...process.env, OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1', OMP_WAIT_POLICY: 'PASSIVE' };

function findPython() {
  const noted = path.join(root, 'build', 'libtorch.json');
  const python = existsSync(noted) ? JSON.parse(readFileSync(noted, 'utf8')).python : null;
  if (python) return python;
  const venv = path.join(root, '.venv', 'bin', 'python');
  if (existsSync(venv)) return venv;
  throw new Error(
    'parity:ops compares with Python, and the set-up found none with the same torch; see build/libtorch.json',
  );
}

/** A child that answers one JSON line with another, started at first use and again after it died. */
class Child {
  constructor(command, args, name, more = {}) {
    Object.assign(this, { command, args, name, env: { ...env, ...more } });
  }

  #start() {
    const child = spawn(this.command, this.args, { stdio: ['pipe', 'pipe', 'pipe'], cwd: root, env: this.env });
    this.child = child;
    this.waiting = [];
    this.stderr = '';
    child.stderr.on('data', (chunk) => {
      this.stderr = (this.stderr + chunk).slice(-2000);
    });
    child.stdin.on('error', () => {});
    createInterface({ input: child.stdout }).on('line', (line) => this.waiting.shift()?.resolve(JSON.parse(line)));
    child.on('close', (code, signal) => {
      const reason = new Error(`${this.name} ended with ${signal ?? `code ${code}`}`);
      reason.stderr = this.stderr;
      if (this.child === child) this.child = undefined;
      for (const { reject } of this.waiting.splice(0)) reject(reason);
    });
  }

  #answer() {
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  /** What the child says first. */
  hello() {
    this.#start();
    return this.#answer();
  }

  async ask(request) {
    if (this.child === undefined) await this.restart();
    const answer = this.#answer();
    this.child.stdin.write(`${JSON.stringify(request)}\n`);
    return answer;
  }

  async restart() {
    this.#start();
  }

  kill() {
    this.child?.kill('SIGKILL');
  }

  stop() {
    this.child?.stdin.end();
  }
}

/** Python: see python/producer.py. */
export class Producer extends Child {
  /** @param environment variables besides the usual ones */
  constructor(environment = {}) {
    super(findPython(), ['-u', path.join(here, 'python', 'producer.py')], 'Python', environment);
  }

  async restart() {
    await this.hello();
  }
}

const HANG_MS = 120_000;

/** isotorch: see consumer.mjs. A death or a hang counts for the sample it happened in. */
export class Consumer extends Child {
  constructor(folder, number) {
    const progress = path.join(folder, `progress${number}`);
    super(process.execPath, ['--no-warnings', path.join(here, 'consumer.mjs'), progress], 'isotorch');
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
