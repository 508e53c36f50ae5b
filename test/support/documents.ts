/** Programs and commands that stand in documents, run as a reader would run them. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { transformSync } from 'esbuild';
import { afterAll } from 'vitest';
import { root } from '../../reference/index.mjs';

/** A document, and a folder of its own to run it in, which goes with the file's tests. */
export interface Document {
  readonly text: string;
  /** Inside the package, so that `import 'isotorch'` finds the package itself. */
  readonly folder: string;
  /** Its blocks of TypeScript. */
  readonly programs: readonly string[];
  /** Blocks of another language. */
  blocks(language: string): string[];
  /** What a program prints. */
  run(index: number, ...args: string[]): string;
}

/** Opens a document by its path from the root on. */
export function openDocument(name: string): Document {
  const text = readFileSync(path.join(root, name), 'utf8');
  const folder = mkdtempSync(path.join(root, 'build', 'docs-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const blocks = (language: string) =>
    [...text.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, code]) => code!);
  const programs = blocks('ts');
  return {
    text,
    folder,
    programs,
    blocks,
    run(index, ...args) {
      const file = path.join(folder, `program${index}.mjs`);
      writeFileSync(file, transformSync(programs[index]!, { loader: 'ts' }).code);
      return execFileSync(process.execPath, [file, ...args], { encoding: 'utf8', cwd: folder });
    },
  };
}
