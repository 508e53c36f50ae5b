// Which names isotorch has: at run time, from the compiled package, and in its types, as the compiler sees them.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { nodeTool, root } from '../../scripts/tools.mjs';

/** The object of a namespace at run time, and an expression of its type. @param {string} space */
const placeOf = (space) => (space === 'torch.Tensor' ? ['torch.Tensor.prototype', 'tensor'] : [space, space]);

/** @param {string} expression `torch.nn.functional` @param {any} torch */
function evaluate(expression, torch) {
  return expression
    .split('.')
    .slice(1)
    .reduce((value, part) => value?.[part], torch);
}

// A function whose body is one throw statement is a stub: it does not count as present.
const STUB = /^[^{]*\{\s*throw [^;]*;\s*\}$/;

/** Functions that PyTorch has removed: all that Python's do is to say what to call instead. */
const THROW_IN_PYTHON_TOO = new Set(['eig', 'lstsq', 'matrix_rank', 'solve', 'symeig']);

/** @param {any} owner @param {string} name */
function isThere(owner, name) {
  if (owner === undefined) return false;
  const objects = [];
  for (let object = owner; object && object !== Object.prototype; object = Object.getPrototypeOf(object)) {
    objects.push(object);
  }
  const found = objects.map((object) => Object.getOwnPropertyDescriptor(object, name)).find(Boolean);
  if (found === undefined) return false;
  const code = found.get ?? (typeof found.value === 'function' ? found.value : undefined);
  return code === undefined || THROW_IN_PYTHON_TOO.has(name) || !STUB.test(Function.prototype.toString.call(code));
}

/**
 * Lines of a program that names everything, and what the compiler says against them.
 * @param {[string, string][]} pairs namespace and name
 * @returns {Set<number>} indices of pairs that the types do not know
 */
function untyped(pairs) {
  mkdirSync(path.join(root, 'build'), { recursive: true });
  const folder = mkdtempSync(path.join(root, 'build', 'compat-'));
  try {
    const file = path.join(folder, 'names.ts');
    const lines = pairs.map(([space, name]) => {
      const [, type] = placeOf(space);
      return `void ${type}[${JSON.stringify(name)}];`;
    });
    const head = "import * as torch from 'isotorch'; declare const tensor: torch.Tensor;";
    writeFileSync(file, `${[head, ...lines].join('\n')}\n`);
    const compilerOptions = {
      ...{ noEmit: true, strict: true, skipLibCheck: true, types: ['node'] },
      ...{ module: 'nodenext', moduleResolution: 'nodenext', target: 'es2022' },
    };
    writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }));
    const [program, ...args] = nodeTool('tsc', '--project', folder, '--pretty', 'false');
    const { stdout, stderr, status } = spawnSync(program, args, { cwd: root, encoding: 'utf8' });
    const bad = new Set([...stdout.matchAll(/names\.ts\((\d+),/g)].map((match) => Number(match[1]) - 2));
    if ((status !== 0 && bad.size === 0) || bad.has(-1)) {
      throw new Error(`the compiler could not check the names:\n${stdout}${stderr}`);
    }
    return bad;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * For every namespace the names that are there, at run time and in the types.
 * @param {Record<string, { name: string }[]>} namespaces
 * @returns {{ present: Record<string, Set<string>>, problems: string[] }}
 */
export function presence(namespaces) {
  const torch = createRequire(import.meta.url)(path.join(root, 'dist', 'index.js'));
  /** @type {Record<string, Set<string>>} */
  const present = {};
  /** @type {[string, string][]} */
  const pairs = [];
  for (const [space, names] of Object.entries(namespaces)) {
    const owner = evaluate(placeOf(space)[0] ?? '', torch);
    const found = names.map(({ name }) => name).filter((name) => isThere(owner, name));
    present[space] = new Set(found);
    pairs.push(...found.map((name) => /** @type {[string, string]} */ ([space, name])));
  }
  const problems = [];
  for (const index of untyped(pairs)) {
    const [space, name] = pairs[index] ?? ['', ''];
    problems.push(`${space}.${name} is there at run time, but its types do not say so`);
    present[space]?.delete(name);
  }
  return { present, problems };
}
