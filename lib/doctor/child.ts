/** Runs the self-test in a process of its own: what ends that process is a finding. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { SelfTest } from './self_test';

/** What came of it. */
export type Outcome = { result: SelfTest } | { failure: string };

/** Seconds after which a process that says nothing counts as hanging. */
const PATIENCE = 120;

/** The lines of an error stream that are the error's message: neither Node's frame around it, nor its stack. */
function messageIn(said: string): string {
  const lines = said.split('\n');
  const first = lines.findIndex((line) => /^(\w*Error|isotorch): /.test(line));
  if (first < 0) return said.trim().split('\n').slice(-3).join('\n');
  const rest = lines.slice(first);
  // What the loader says of mending is the report's own matter.
  const end = rest.findIndex((line, at) => at > 0 && /^ {4}at |^$|^Node\.js v|^If this libtorch |^\s*[{}]/.test(line));
  return rest
    .slice(0, end < 0 ? undefined : end)
    .join('\n')
    .replace(/^\w*Error: (isotorch: )?/, '');
}

/** Starts the self-test and waits for it. */
export function selfTest(env: NodeJS.ProcessEnv): Promise<Outcome> {
  const child = spawn(process.execPath, [join(__dirname, 'self_test.js')], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  let said = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve({ failure: `the self-test hangs: it was ended after ${PATIENCE} s` });
      child.kill('SIGKILL');
    }, PATIENCE * 1000);
    child.once('error', (error) => resolve({ failure: error.message }));
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      if (signal !== null) {
        resolve({ failure: `libtorch ended the process of the self-test (${signal}). ${said.trim()}`.trim() });
        return;
      }
      try {
        if (code === 0) resolve({ result: JSON.parse(printed) as SelfTest });
      } catch {
        // Falls through: what it printed is no report.
      }
      resolve({ failure: messageIn(said) || `the self-test ended with ${code}` });
    });
  });
}
