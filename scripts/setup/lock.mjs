// One set-up at a time in a folder: two would write the same files.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** @param {string} file @returns {number | undefined} the process that holds the lock, while it runs */
function holder(file) {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    if (!Number.isSafeInteger(pid) || pid < 1) return undefined;
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM' ? 0 : undefined;
  }
}

/**
 * Waits until no other set-up is at work in the folder.
 * @param {import('./context.mjs').Context} context
 * @returns {Promise<() => void>} lets the next one in
 */
export async function lock({ root, warn }) {
  const file = path.join(root, 'build', 'setup.lock');
  mkdirSync(path.dirname(file), { recursive: true });
  for (let told = false; ; ) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    }
    const pid = holder(file);
    if (pid === undefined) {
      // Not removed in place: of two that find a killed one's lock, one succeeds.
      const aside = `${file}.${process.pid}`;
      await wait(100);
      if (holder(file) === undefined) {
        try {
          renameSync(file, aside);
        } catch {
          // The other one did.
        }
        rmSync(aside, { force: true });
      }
      continue;
    }
    if (!told) warn(`another set-up is at work here (process ${pid}); waiting until it has ended`);
    told = true;
    await wait(200);
  }
}
