/** The Python process that live parity tests compare with: found as the set-up found it, started once per test file. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { native } from './native';

/** The repository's root. */
export const root = join(import.meta.dirname, '..', '..');

/** A Python whose torch is the libtorch that is loaded here, or why there is none. */
export type Reference = { python: string } | { missing: string };

function candidates(): string[] {
  const chosen = join(root, 'build', 'libtorch.json');
  const noted = existsSync(chosen)
    ? (JSON.parse(readFileSync(chosen, 'utf8')) as { python: string | null }).python
    : null;
  const venv = join(root, '.venv', 'bin', 'python');
  return [...(noted === null ? [] : [noted]), ...(existsSync(venv) ? [venv] : []), 'python3'];
}

/** Same release: 2.13.0+cpu and 2.13.0 are the same sources. */
const release = (version: string) => version.split('+')[0];

/** Asks without importing torch, which takes a second: the wheel's version file is read. */
const question = `
import importlib.util as u
s = u.find_spec("torch")
print(open(s.submodule_search_locations[0] + "/version.py").read() if s else "")`;

/** Finds the reference Python. Only one of the very same torch release counts. */
export function findReference(): Reference {
  const wanted = native.versions().libtorch;
  const seen: string[] = [];
  for (const python of candidates()) {
    const answer = spawnSync(python, ['-c', question], { encoding: 'utf8' });
    if (answer.status !== 0) continue;
    const found = /__version__ = '([^']+)'/.exec(answer.stdout)?.[1];
    if (found !== undefined && release(found) === release(wanted)) return { python };
    seen.push(found === undefined ? 'a Python without torch' : `a Python with torch ${found}`);
  }
  const what = seen.length > 0 ? [...new Set(seen)].join(', ') : 'no Python';
  return { missing: `${what} found, torch ${wanted} needed` };
}

/** What the server answers to one snippet; see test/python/server.py. */
export interface Answer {
  out?: unknown;
  generator?: unknown;
  error?: { type: string; message: string; trace: string };
}

/** One snippet to run. */
export interface Question {
  code: string;
  seed?: number;
  threads?: number;
  inputs?: Record<string, { dtype: string; shape: readonly number[]; data: string }>;
}

/** A running test/python/server.py. Questions are answered one after the other. */
export class PythonServer {
  readonly #child: ChildProcess;
  readonly #waiting: { resolve: (line: string) => void; reject: (error: Error) => void }[] = [];
  readonly #ready: Promise<string>;
  #stderr = '';

  constructor(python: string) {
    this.#child = spawn(python, ['-u', join(root, 'test', 'python', 'server.py')], {
      stdio: ['pipe', 'pipe', 'pipe'],
      // Threads that spin while they wait would take the other side's cores; this changes no number.
      env: { ...process.env, OMP_WAIT_POLICY: 'PASSIVE' },
    });
    this.#child.stderr!.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString()).slice(-4000);
    });
    this.#ready = this.#nextLine();
    this.#ready.catch(() => {});
    createInterface({ input: this.#child.stdout! }).on('line', (line) => this.#waiting.shift()?.resolve(line));
    this.#child.on('close', (code) => {
      for (const { reject } of this.#waiting.splice(0)) {
        reject(new Error(`Python ended with code ${code}:\n${this.#stderr}`));
      }
    });
  }

  #nextLine(): Promise<string> {
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** Runs a snippet; a Python exception comes back as `error`. */
  async ask(question: Question): Promise<Answer> {
    await this.#ready;
    const answer = this.#nextLine();
    this.#child.stdin!.write(`${JSON.stringify(question)}\n`);
    return JSON.parse(await answer) as Answer;
  }

  /** Ends the process. */
  stop(): void {
    this.#child.stdin!.end();
  }
}
