/** The commands in docs/training.md, in their order, in one folder. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { recipes } from 'isotorch/recipes';
import { sessionOptions } from 'isotorch/train';
import { afterAll, describe, expect, it } from 'vitest';
import { ended } from './support/command';

const root = path.join(import.meta.dirname, '..');
const text = readFileSync(path.join(root, 'docs', 'training.md'), 'utf8');
const folder = mkdtempSync(path.join(tmpdir(), 'isotorch-docs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block!);
const commands = blocks.flatMap((block) =>
  [...block.matchAll(/^npx isotorch (.*)$/gm)].map(([, line]) => line!.replace(/\s+#.*$/, '')),
);

describe('docs/training.md', () => {
  it.each(commands)(
    'isotorch %s',
    async (line) => {
      const args = [path.join(root, 'dist/cli/isotorch.js'), ...line.split(' ')];
      const { code, stdout, stderr } = await ended(spawn(process.execPath, args, { cwd: folder }));
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).not.toBe('');
    },
    120_000,
  );

  it('names every option of the session', () => {
    const missing = Object.keys(sessionOptions).filter((name) => !text.includes(`--${name.replaceAll('_', '-')}`));
    expect(missing).toEqual([]);
  });

  it('uses recipes that there are', () => {
    const used = commands.flatMap((line) => /^(?:train|recipes) (\S+)/.exec(line)?.[1] ?? []);
    const names = recipes.map(({ about }) => about.name);
    expect(used.filter((name) => !names.includes(name))).toEqual([]);
  });
});
