// Runs bundled test files, each in a process of its own, and survives their deaths: the test that was running is noted as a
// crash, and the file goes on behind it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { howItEnded, runNode } from '../child.mjs';

/** A test that says nothing for so long hangs. */
const HANG_MS = 90_000;

/**
 * @param {import('../run.mjs').Context} context
 * @param {string[]} files as in the repository: `test/parity/init.test.ts`
 * @returns {Promise<boolean>} whether every test has had its turn
 */
export async function runSuite(context, files) {
  const queue = [...files];
  const folder = mkdtempSync(path.join(tmpdir(), 'isotorch-gpu-'));
  let complete = true;
  const work = async () => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      complete = (await runFile(context, file, folder)) && complete;
    }
  };
  await Promise.all(Array.from({ length: Math.min(context.jobs, files.length) }, work));
  rmSync(folder, { recursive: true, force: true });
  return complete;
}

async function runFile(context, file, folder) {
  const bundle = file.replace(/\.ts$/, '.mjs');
  const skipFile = path.join(folder, `${path.basename(file)}.json`);
  const done = new Set(
    context.done.filter((finding) => finding.file === file && finding.kind === 'test').map(({ name }) => name),
  );
  const test = (rest) => {
    done.add(rest.name);
    context.note('test', { file, ...rest });
  };
  for (;;) {
    if (Date.now() >= context.deadline) {
      context.note('cut', { file });
      return false;
    }
    writeFileSync(skipFile, JSON.stringify([...done]));
    let running;
    let over = false;
    let hung;
    const before = done.size;
    const ended = await runNode('gpu/vitest/main.mjs', [bundle, skipFile], {
      deadline: context.deadline,
      onLine({ event, ...rest }, kill) {
        clearTimeout(hung);
        if (event === 'list') context.note('list', { file, count: rest.names.length });
        else if (event === 'end') over = true;
        else if (event === 'running') {
          running = rest.name;
          hung = setTimeout(kill, HANG_MS);
        } else {
          running = undefined;
          test(rest);
        }
      },
    });
    clearTimeout(hung);
    if (over) return true;
    if (Date.now() >= context.deadline) {
      context.note('cut', { file, running });
      return false;
    }
    if (running !== undefined) test({ name: running, state: 'crashed', text: howItEnded(ended) });
    else {
      context.note('crash', { file, text: howItEnded(ended) });
      // Nothing to go on behind.
      if (done.size === before) return true;
    }
  }
}
