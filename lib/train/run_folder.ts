/** Numbered run folders: `runs/00000-split-joint`, `runs/00001-split`, … */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Creates and returns `<out>/<number>-<description>`, numbered one above the highest there. */
export function createRunFolder(out: string, description: string): string {
  mkdirSync(out, { recursive: true });
  for (;;) {
    const numbers = readdirSync(out).map((name) => Number(/^(\d+)(-|$)/.exec(name)?.[1] ?? -1));
    const next = Math.max(0, ...numbers.map((number) => number + 1));
    const folder = join(out, `${String(next).padStart(5, '0')}-${description}`);
    try {
      mkdirSync(folder);
      return folder;
    } catch (error) {
      // Another process took the number between the two calls: look again.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
