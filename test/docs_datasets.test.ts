// The commands and the program in docs/datasets.md run, in the order in which they stand there.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as torch from 'isotorch';
import { save_image } from 'isotorch/io';
import { beforeAll, expect, test } from 'vitest';
import { openDocument } from './support/documents';
import { warmCommand } from './support/warm';

const { text, folder, run } = openDocument('docs/datasets.md');
const isotorch = warmCommand(() => folder);

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

test.each(said.map((answer, i) => [i, answer] as const))('command %s says: %s', async (i, answer) => {
  const { code, stdout } = await isotorch(commands[i]!.split(' '));
  expect(code).toBe(0);
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
  expect(run(0, join(folder, 'glyphs'))).toMatch(
    /^liu-jian-mao-cao ma-shan-zheng zcool-kuaile zcool-xiaowei zhi-mang-xing 64 train\/liu-jian-mao-cao\/U\+\w+\.png\n4×1×64×64 4×1×64×64 torch\.int64\n$/,
  );
});
