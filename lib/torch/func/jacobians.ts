/** `torch.func.jacrev`, `jacfwd` and `hessian`. */
import { pythonFunction } from '../call';
import { cat, split } from '../generated/functions';
import { isTensor, type Tensor } from '../memory';
import { TorchError, ValueError } from '../native';
import { type Argnums, sliceArguments } from './argnums';
import { type AnyFunction, type Loose, vjpBy } from './gradients';
import { jvpBy } from './jvp';
import type { Randomness } from './levels';
import { flatten, mapLeaves, unflatten } from './pytree';
import { vmap } from './vmap';

function refuseComplex(name: string, tree: unknown, which: 'inputs' | 'outputs'): void {
  flatten(tree)[0].forEach((leaf, i) => {
    if (!isTensor(leaf) || !(leaf as Tensor).dtype.is_complex) return;
    throw new TorchError(
      `${name}: Expected all ${which} to be real but received complex tensor at flattened input idx: ${i}`,
    );
  });
}

/** Rows `start` to `start + rows` of the identity over all elements of the tensors, one piece for each of them. */
function basisRows(tensors: readonly Tensor[], start: number, rows: number): Tensor[] {
  let before = 0;
  return tensors.map((tensor) => {
    const count = tensor.numel();
    const piece = tensor.new_zeros([rows, count]);
    piece.diagonal(start - before).fill_(1);
    before += count;
    return piece.view([rows, ...tensor.shape]);
  });
}

const total = (tensors: readonly Tensor[]): number => tensors.reduce((sum, tensor) => sum + tensor.numel(), 0);

/** Jacobian of a tensor by an argument, or by several, that are tensors; a tree of a tree otherwise. */
type JacobianOf<Args extends readonly unknown[], Output, By extends Argnums> = Output extends Tensor
  ? By extends number
    ? Args[By] extends Tensor
      ? Tensor
      : unknown
    : { -readonly [Place in keyof By]: By[Place] extends number ? JacobianOf<Args, Output, By[Place]> : never }
  : unknown;

/** Keywords of `jacrev`. */
export interface JacrevOptions<By extends Argnums = 0> {
  /** Number of the argument, or numbers. Default 0. */
  argnums?: By;
  /** Whether the function gives `[output, aux]`, and the result is `[jacobian, aux]`. Default false. */
  has_aux?: boolean;
  /** How many rows are computed at once. Default all. */
  chunk_size?: number | null;
}

/** Keywords of `jacfwd`. */
export interface JacfwdOptions<By extends Argnums = 0> extends Omit<JacrevOptions<By>, 'chunk_size'> {
  /** Way to draw: an error by default. */
  randomness?: Randomness;
}

/** The ways to call `jacrev`, `jacfwd` and `hessian`. */
export interface Jacobian<Options, Keyworded> {
  <Args extends unknown[], Output, const By extends Argnums = 0>(
    func: (...args: Args) => Output,
    argnums: By,
    options?: Options,
  ): (...args: Args) => JacobianOf<Args, Output, By>;
  <Args extends unknown[], Output>(
    func: (...args: Args) => Output,
    options?: Keyworded,
  ): (...args: Args) => JacobianOf<Args, Output, 0>;
}

const byReverse = pythonFunction(
  'jacrev',
  ['func', 'argnums', '*', 'has_aux', 'chunk_size', '_preallocate_and_copy'],
  (
    func: AnyFunction,
    argnums: Argnums = 0,
    has_aux: boolean = false,
    chunk_size: number | null = null,
    _preallocate_and_copy: boolean = false,
  ): Loose => {
    if (chunk_size !== null && !(chunk_size > 0)) {
      throw new ValueError('jacrev: `chunk_size` should be greater than 0.');
    }
    return (...args) => {
      refuseComplex('jacrev', args, 'inputs');
      const { output, vjp, aux } = vjpBy(func, args, argnums, has_aux);
      const [outputs, outputStructure] = flatten(output) as [Tensor[], ReturnType<typeof flatten>[1]];
      refuseComplex('jacrev', outputs, 'outputs');
      const [inputs, inputStructure] = flatten(sliceArguments(args, argnums)) as [Tensor[], typeof outputStructure];
      const size = total(outputs);
      const rows = Math.min(chunk_size ?? size, size);
      const parts: Tensor[][] = [];
      for (let start = 0; start < size; start += rows) {
        const basis = basisRows(outputs, start, Math.min(rows, size - start));
        const pull = (cotangents: unknown) => vjp(cotangents);
        const found =
          chunk_size === 1
            ? mapLeaves(
                pull(
                  unflatten(
                    basis.map((row) => row.squeeze(0)),
                    outputStructure,
                  ),
                ),
                (leaf) => (leaf as Tensor).unsqueeze(0),
              )
            : vmap(pull)(unflatten(basis, outputStructure) as never);
        parts.push(flatten(found)[0] as Tensor[]);
      }
      const byInput = inputs.map((input, i) => {
        const stacked = parts.length === 1 ? parts[0]![i]! : cat(parts.map((part) => part[i]!));
        const pieces = split(
          stacked,
          outputs.map((each) => each.numel()),
          0,
        ) as readonly Tensor[];
        return pieces.map((piece, o) => piece.view([...outputs[o]!.shape, ...input.shape]));
      });
      const byOutput = outputs.map((_, o) => {
        const row = unflatten(
          byInput.map((pieces) => pieces[o]),
          inputStructure,
        ) as unknown[];
        return typeof argnums === 'number' ? row[0] : row;
      });
      const jacobian = unflatten(byOutput, outputStructure);
      return has_aux ? [jacobian, aux] : jacobian;
    };
  },
);

function unflattened(tensor: Tensor, shape: readonly number[]): Tensor {
  return shape.length === 0 ? tensor.squeeze(-1) : tensor.unflatten(-1, [...shape]);
}

const byForward = pythonFunction(
  'jacfwd',
  ['func', 'argnums', 'has_aux', '*', 'randomness'],
  (func: AnyFunction, argnums: Argnums = 0, has_aux: boolean = false, randomness: Randomness = 'error'): Loose =>
    (...args) => {
      refuseComplex('jacfwd', args, 'inputs');
      const [inputs, structure] = flatten(sliceArguments(args, argnums)) as [Tensor[], ReturnType<typeof flatten>[1]];
      const basis = unflatten(basisRows(inputs, 0, total(inputs)), structure);
      const push = (tangents: never): unknown => {
        const found = jvpBy(func, args, tangents, argnums, false, has_aux);
        refuseComplex('jacfwd', found.output, 'outputs');
        return has_aux ? [found.tangent, found.aux] : found.tangent;
      };
      const found = vmap(push, 0, 0, randomness)(basis as never);
      const [columns, aux] = has_aux ? (found as [unknown, unknown]) : [found, null];
      const [outputs, outputStructure] = flatten(columns) as [Tensor[], typeof structure];
      const jacobians = outputs.map((output) => {
        const pieces = split(
          output.movedim(0, -1),
          inputs.map((input) => input.numel()),
          -1,
        ) as readonly Tensor[];
        const row = unflatten(
          pieces.map((piece, i) => unflattened(piece, inputs[i]!.shape)),
          structure,
        ) as unknown[];
        return typeof argnums === 'number' ? row[0] : row;
      });
      const jacobian = unflatten(jacobians, outputStructure);
      return has_aux ? [jacobian, mapLeaves(aux, (leaf) => (leaf as Tensor).select(0, 0))] : jacobian;
    },
);

const twice = pythonFunction(
  'hessian',
  ['func', 'argnums'],
  (func: AnyFunction, argnums: Argnums = 0): Loose => byForward(byReverse(func, argnums), argnums),
);

/**
 * A function that gives the Jacobian of `func` by an argument, or several, computed by reverse mode: for outputs and inputs
 * that are trees the outputs' tree of the inputs' trees of tensors, shaped output × input.
 *
 * `chunk_size` is how many rows are computed at once; with 1 one after the other, without vmap.
 *
 * @throws TorchError for complex tensors
 * @see https://docs.pytorch.org/docs/stable/generated/torch.func.jacrev.html
 */
export const jacrev: Jacobian<Omit<JacrevOptions, 'argnums'>, JacrevOptions<Argnums>> = byReverse as never;

/**
 * The same as `jacrev`, computed by forward mode: columns at once.
 *
 * @throws TorchError for complex tensors
 * @see https://docs.pytorch.org/docs/stable/generated/torch.func.jacfwd.html
 */
export const jacfwd: Jacobian<Omit<JacfwdOptions, 'argnums'>, JacfwdOptions<Argnums>> = byForward as never;

/**
 * A function that gives the second derivatives of `func`: `jacfwd(jacrev(func))`.
 *
 * @throws TorchError for complex tensors
 * @see https://docs.pytorch.org/docs/stable/generated/torch.func.hessian.html
 */
export const hessian: Jacobian<Record<never, never>, { argnums?: Argnums }> = twice as never;
