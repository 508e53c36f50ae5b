/** Sizes and constants of a call, checked in the words of Python's `module(check_guards=False)`. */
import { typename } from '../tensor';
import { isTensor } from '../memory';
import { TorchError } from '../native';
import type { ProgramFile, SymInt } from './file/types';
import { constantText, isConstant, Leaves, symbolOf, userInputs } from './leaves';
import type { TreeSpec } from './pytree';

/** Where a call's leaves lie: `*args[0][1]`, `'scale'['a']`. */
function argumentPaths(spec: TreeSpec): string[] {
  const paths: string[] = [];
  const walk = (part: TreeSpec, path: string): void => {
    if (part.type === null) paths.push(path);
    for (const [i, child] of part.children.entries()) {
      const key = part.keys?.[i];
      walk(child, key === undefined ? `${path}[${i}]` : `${path}[${typeof key === 'number' ? key : `'${key}'`}]`);
    }
  };
  const [positional, keywords] = spec.children as [TreeSpec, TreeSpec];
  for (const [i, child] of positional.children.entries()) walk(child, `*args[${i}]`);
  for (const [i, child] of keywords.children.entries()) walk(child, `'${keywords.keys?.[i]}'`);
  return paths;
}

/** Checks one size, or one number; a symbol's first value is what the others have to be. */
function checkSize(
  size: SymInt,
  given: number,
  path: string,
  { ranges }: ProgramFile,
  values: Map<string, number>,
): void {
  const expected = (what: string, more = ''): TorchError =>
    new TorchError(`Expected input at ${path} to be ${what}, but got ${given}${more}`);
  if (typeof size === 'number') {
    if (given === size) return;
    throw expected(
      `equal to ${size}`,
      '. If you meant for this dimension to be dynamic, please re-export and specify dynamic_shapes (e.g. with Dim.DYNAMIC)',
    );
  }
  const symbol = symbolOf(size);
  if (symbol === undefined) return;
  const known = values.get(symbol);
  if (known !== undefined && known !== given) throw expected(`equal to ${known}`);
  values.set(symbol, given);
  const { min = null, max = null } = ranges.get(symbol) ?? {};
  if (min !== null && min > 2 && given < min) throw expected(`>= ${min}`);
  if (max !== null && given > max) throw expected(`<= ${max}`);
}

/** The check of a call's leaves. */
export function makeConstraints(file: ProgramFile, inSpec: TreeSpec): (leaves: readonly unknown[]) => void {
  const paths = argumentPaths(inSpec);
  const inputs = userInputs(file);
  return (given) => {
    const leaves = new Leaves(given);
    const values = new Map<string, number>();
    for (const [i, spec] of inputs.entries()) {
      const [path, value] = [paths[i] as string, given[i]];
      if (spec.kind === 'constant_input') {
        if (spec.value === null || isConstant(value, spec)) continue;
        throw new TorchError(
          `Expected input at ${path} to be equal to ${constantText(spec)}, but got ${String(value)}`,
        );
      }
      const sizes = file.graph.sizes.get(spec.name);
      if (sizes === undefined) {
        checkSize(file.graph.symbols.get(spec.name) ?? '', Number(value), path, file, values);
        continue;
      }
      if (!isTensor(value)) {
        throw new TorchError(`Expected input at ${path} to be a tensor, but got <class '${typename(value)}'>`);
      }
      const found = leaves.sizes(i);
      if (found.length !== sizes.length) {
        const shown = sizes.map((size) => (typeof size === 'number' ? size : (symbolOf(size) ?? size)));
        throw new TorchError(
          `Unexpected number of dimensions in input at ${path}.shape (expected torch.Size([${shown.join(', ')}]), got torch.Size([${found.join(', ')}]))`,
        );
      }
      for (const [j, size] of sizes.entries()) checkSize(size, found[j] as number, `${path}.shape[${j}]`, file, values);
    }
  };
}
