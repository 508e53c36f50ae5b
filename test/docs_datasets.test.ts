// The commands and the program in docs/datasets.md run, in the order in which they stand there.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import * as torch from 'isotorch';
import { save_image } from 'isotorch/io';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const text = readFileSync(join(root, 'docs', 'datasets.md'), 'utf8');
// Inside the package, so that `import 'isotorch'` finds the package itself.
const folder = mkdtempSync(join(root, 'build', 'docs-'));
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(() => {
  mkdirSync(join(folder, 'photos'));
  for (let i = 0; i < 5; i++) save_image(torch.rand([3, 70, 80]), join(folder, 'photos', `${i}.png`));
  writeFileSync(join(folder, 'photos', 'empty.png'), '');
});

const commands = [...text.matchAll(/^npx isotorch (.*)$/gm)].map(([, command]) => command!);
const said = [
  '1000 digits to train with and 1000 to test are in digits; preview.png shows some.',
  '500 pairs to train with and 50 unseen ones are in glyphs',
  '5 copied, 0 converted, 1 left out: the copy is in fixed',
  '5 pairs to train with and 0 to test are in pairs, edges on the left; preview.png shows some.',
];

test('there are as many commands as answers', () => expect(commands).toHaveLength(said.length));

test.each(said.map((answer, i) => [i, answer] as const))('command %s says: %s', (i, answer) => {
  const command = [join(root, 'dist/cli/isotorch.js'), ...commands[i]!.split(' ')];
  const stdout = execFileSync(process.execPath, command, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  expect(stdout.split('\n')).toContain(answer);
});

test('the packages that are to be installed are those that the command asks for', () => {
  const listed = /npm install @napi-rs\/canvas @expo-google-fonts\/\{(.*)\}/.exec(text)![1]!.split(',');
  const { set } = JSON.parse(readFileSync(join(folder, 'glyphs', 'data.json'), 'utf8')) as {
    set: { source: string; styles: { name: string }[] };
  };
  expect(listed).toEqual([set.source, ...set.styles.map(({ name }) => name)]);
});

test('the program prints batches', () => {
  const [, snippet] = /```ts\n([\s\S]*?)```/.exec(text)!;
  const file = join(folder, 'snippet.mjs');
  writeFileSync(file, transformSync(snippet!, { loader: 'ts' }).code);
  expect(execFileSync(process.execPath, [file, join(folder, 'glyphs')], { encoding: 'utf8' })).toMatch(
    /^liu-jian-mao-cao ma-shan-zheng zcool-kuaile zcool-xiaowei zhi-mang-xing 64 train\/liu-jian-mao-cao\/U\+\w+\.png\n4×1×64×64 4×1×64×64 torch\.int64\n$/,
  );
});
