// How long a user waits for the type checker: a strict project of one file that imports isotorch, checked by tsc.
//
//   npm run bench:types
//
// Prints the best of three: as TypeScript's own template has it (skipLibCheck), and with every declaration file checked,
// where most of the time goes into those of Node itself; the last line says how much.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { nodeTool, root } from '../scripts/tools.mjs';

const LIMIT_SECONDS = 3;

const program = `import * as torch from 'isotorch';

const { nn, optim } = torch;
const net = new nn.Sequential(new nn.Linear(4, 8), new nn.ReLU(), new nn.Linear(8, 2));
const optimizer = new optim.Adam(net.parameters(), { lr: 1e-3 });
const x = torch.randn(3, 4);
const { values, indices } = net.call(x).max(1, { keepdim: true });
const loss = values.square().mean();
loss.backward();
optimizer.step();
export const shape: number[] = indices.shape;
// @ts-expect-error: so that a package without types would not pass
export const wrong: string = loss;
`;

/** Seconds of the best of three runs. @param {string} folder @param {string} code @param {boolean} skipLibCheck */
function check(folder, code, skipLibCheck) {
  const compilerOptions = {
    ...{ noEmit: true, strict: true, skipLibCheck, types: ['node'], lib: ['ES2022', 'ESNext.Disposable'] },
    ...{ module: 'nodenext', moduleResolution: 'nodenext', target: 'es2022' },
  };
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['user.ts'] }));
  writeFileSync(path.join(folder, 'user.ts'), code);
  const [command, ...args] = nodeTool('tsc', '--project', folder, '--pretty', 'false');
  const seconds = [1, 2, 3].map(() => {
    const started = performance.now();
    const { status, stdout } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`the user's file does not type-check:\n${stdout}`);
    return (performance.now() - started) / 1000;
  });
  return Math.min(...seconds);
}

// Inside the package, so that `import 'isotorch'` finds the package itself.
mkdirSync(path.join(root, 'build'), { recursive: true });
const folder = mkdtempSync(path.join(root, 'build', 'types-'));
try {
  const usual = check(folder, program, true);
  console.log(`skipLibCheck:                   ${usual.toFixed(2)} s (limit ${LIMIT_SECONDS} s)`);
  console.log(`every declaration file checked: ${check(folder, program, false).toFixed(2)} s`);
  console.log(`the same without isotorch:      ${check(folder, 'export {};\n', false).toFixed(2)} s`);
  if (usual >= LIMIT_SECONDS) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
