/** The commands in docs/training.md, in their order, in one folder. */
import { recipes } from 'isotorch/recipes';
import { sessionOptions } from 'isotorch/train';
import { describe, expect, it } from 'vitest';
import { openDocument } from './support/documents';
import { warmCommand } from './support/warm';

const { text, folder, blocks } = openDocument('docs/training.md');
const run = warmCommand(() => folder);

const commands = blocks('sh').flatMap((block) =>
  [...block.matchAll(/^npx isotorch (.*)$/gm)].map(([, line]) => line!.replace(/\s+#.*$/, '')),
);

describe('docs/training.md', () => {
  it.each(commands)(
    'isotorch %s',
    async (line) => {
      const { code, stdout, stderr } = await run(line.split(' '));
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
