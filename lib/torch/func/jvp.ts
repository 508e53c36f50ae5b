/** `torch.func.jvp` and `linearize`: forward-mode differentiation. */
import { forward_ad } from '../autograd';
import { checkFunction, pythonFunction } from '../call';
import { sizeText, typeName } from '../core';
import { zeros_like } from '../generated/functions';
import { isTensor, type Tensor } from '../memory';
import { TorchError } from '../native';
import { type Argnums, readArgnums, sliceArguments } from './argnums';
import { type AnyFunction, checkOutputs, splitAux } from './gradients';
import { inLevel, unwrapForGrad, wrapForGrad } from './levels';
import { flatten, mapLeaves, sameStructure, type Structure, structureText, unflatten } from './pytree';

const CALL = 'jvp(f, primals, tangents)';

// Levels of forward mode do not nest: the outermost call enters one, and those within it use it.
let depth = 0;

function inDualLevel<T>(body: () => T): T {
  depth++;
  try {
    return depth === 1 ? forward_ad.dual_level(body) : body();
  } finally {
    depth--;
  }
}

function checkTensors(leaves: readonly unknown[], name: string): asserts leaves is Tensor[] {
  if (leaves.length === 0) throw new TorchError(`${CALL}: Expected ${name} to contain at least one Tensor.`);
  for (const leaf of leaves) {
    if (isTensor(leaf)) continue;
    throw new TorchError(`${CALL}: Expected ${name} to only contain Tensors, got <class '${typeName(leaf)}'>`);
  }
}

/** An output and its tangent; zeros where it does not depend on the inputs. */
function unpack(dual: Tensor, strict: boolean): [primal: Tensor, tangent: Tensor] {
  const { primal, tangent } = forward_ad.unpack_dual(dual);
  if (tangent !== null) return [primal, tangent];
  if (strict) {
    throw new TorchError(
      'jvp(f, primals, tangents, strict=True): The output of f is independent of the inputs. This is not allowed with strict=True.',
    );
  }
  return [primal, zeros_like(primal)];
}

/** `jvp` by some arguments, or all of them where `argnums` is null. */
export function jvpBy(
  func: AnyFunction,
  primals: readonly unknown[],
  tangents: unknown,
  argnums: Argnums | null,
  strict: boolean,
  has_aux: boolean,
): { output: unknown; tangent: unknown; aux: unknown } {
  if (!Array.isArray(primals)) {
    throw new TorchError(`${CALL}: Expected primals to be a tuple. E.g. it should be valid to call f(*primals).`);
  }
  const chosen = argnums === null ? primals : (sliceArguments(primals, argnums) as unknown[]);
  const [leaves, structure] = flatten(chosen);
  const [directions, tangentStructure] = flatten(tangents);
  if (!sameStructure(structure, tangentStructure)) {
    throw new TorchError(
      `${CALL}: Expected primals and tangents to have the same python structure. For example, if primals is a tuple of 3 tensors, tangents also must be. Got primals with structure ${structureText(structure)} and tangents with structure ${structureText(tangentStructure)}`,
    );
  }
  checkTensors(leaves, 'primals');
  checkTensors(directions, 'tangents');
  return inLevel('jvp', (level) =>
    forward_ad._set_fwd_grad_enabled(true, () =>
      inDualLevel(() => {
        const duals = unflatten(
          leaves.map((primal, i) => forward_ad.make_dual(primal, directions[i]!)),
          structure,
        ) as unknown[];
        let args: unknown[] = duals;
        if (argnums !== null) {
          args = wrapForGrad(primals, level) as unknown[];
          for (const [i, place] of readArgnums(argnums, primals.length).entries()) args[place] = duals[i];
        }
        const given = func(...(args as never[]));
        const [output, aux] = has_aux ? splitAux(given, CALL) : [given, null];
        const [outputs, outputStructure] = flatten(output);
        checkOutputs(outputs, CALL);
        const pairs = outputs.map((dual) => unpack(dual, strict));
        const part = (which: 0 | 1): unknown =>
          unwrapForGrad(
            unflatten(
              pairs.map((pair) => pair[which]),
              outputStructure,
            ),
            level,
          );
        return { output: part(0), tangent: part(1), aux: has_aux ? unwrapForGrad(aux, level) : null };
      }),
    ),
  );
}

/** Keywords of `jvp`. */
export interface JvpOptions {
  /** Whether outputs that do not depend on the inputs are an error. Default false. */
  strict?: boolean;
  /** Whether the function gives `[output, aux]`. Default false. */
  has_aux?: boolean;
}

/** The ways to call `jvp`. */
export interface Jvp {
  <Args extends unknown[], Output>(
    func: (...args: Args) => Output,
    primals: Args,
    tangents: Args,
    options?: JvpOptions & { has_aux?: false },
  ): [output: Output, tangent: Output];
  <Args extends unknown[], Output, Aux>(
    func: (...args: Args) => readonly [output: Output, aux: Aux],
    primals: Args,
    tangents: Args,
    options: JvpOptions & { has_aux: true },
  ): [output: Output, tangent: Output, aux: Aux];
}

const jvpOf = pythonFunction(
  'jvp',
  ['func', 'primals', 'tangents', '*', 'strict', 'has_aux'],
  (
    func: AnyFunction,
    primals: readonly unknown[],
    tangents: readonly unknown[],
    strict: boolean = false,
    has_aux: boolean = false,
  ): unknown[] => {
    const found = jvpBy(func, primals, tangents, null, strict, has_aux);
    return [found.output, found.tangent, ...(has_aux ? [found.aux] : [])];
  },
);

/**
 * The value of `func` at `primals`, an array of its arguments, and the product of its Jacobian with `tangents`, shaped as
 * they are: `[output, tangent]`, and with `has_aux` `[output, tangent, aux]`.
 *
 * @throws TorchError for tangents of another structure, and with `strict` for outputs that do not depend on the inputs
 * @see https://docs.pytorch.org/docs/stable/generated/torch.func.jvp.html
 */
export const jvp: Jvp = jvpOf as unknown as Jvp;

function checkTangents(tangents: readonly Tensor[], primals: readonly Tensor[]): void {
  tangents.forEach((tangent, i) => {
    const primal = primals[i]!;
    const differs = (what: string, value: string, expected: string): TorchError =>
      new TorchError(
        `tangent:${i} with ${what} ${value} in flattened pytree doesn't match the ${what} ${expected} of the corresponding primal.`,
      );
    if (sizeText(tangent.shape) !== sizeText(primal.shape)) {
      throw differs('shape', sizeText(tangent.shape), sizeText(primal.shape));
    }
    if (String(tangent.device) !== String(primal.device)) {
      throw differs('device', String(tangent.device), String(primal.device));
    }
    if (tangent.dtype !== primal.dtype) throw differs('dtype', String(tangent.dtype), String(primal.dtype));
  });
}

/**
 * The value of `func`, and a function from tangents to their products with the Jacobian there. Python records a program for
 * that function; here each call runs `func` in forward mode, which gives the same numbers.
 *
 * @throws TorchError for tangents of another structure, shape, device or dtype
 * @see https://docs.pytorch.org/docs/stable/generated/torch.func.linearize.html
 */
export function linearize<Args extends unknown[], Output>(
  func: (...args: Args) => Output,
  ...primals: Args
): [output: Output, jvp: (...tangents: Args) => Output] {
  checkFunction('linearize', 'func', func);
  const output = func(...primals);
  const [leaves, structure]: [unknown[], Structure] = flatten(primals);
  const fixed = mapLeaves(primals, (leaf) => (isTensor(leaf) ? (leaf as Tensor).detach() : leaf)) as unknown[];
  const push = (...tangents: Args): Output => {
    const [directions, given] = flatten(tangents);
    if (!sameStructure(given, structure)) {
      throw new TorchError(
        `Expected the tangents ${structureText(given)} to have the same argspec as the primals ${structureText(structure)}`,
      );
    }
    checkTangents(directions as Tensor[], leaves as Tensor[]);
    return jvpBy(func as AnyFunction, fixed, tangents, null, false, false).tangent as Output;
  };
  return [output, push];
}
