/** Sums of products over chosen dimensions (`torch/functional.py`). */
import { isKeywords, pythonFunction, refuseKeywords, unexpected } from '../call';
import { TorchError, ValueError } from '../native';
import * as raw from '../generated/functions';
import { isInt, typeName, ownOf } from '../core';
import { isTensor, type Tensor } from '../memory';
import type { EllipsisType } from '../tensor';

/** The dimensions of one operand by number; `torch.Ellipsis` or '...' stands for those that are not named. */
export type Sublist = readonly (number | '...' | EllipsisType)[];

function subscript(label: Sublist[number]): string {
  if (typeof label !== 'number') return '...';
  if (label >= 0 && label < 26) return String.fromCharCode(65 + label);
  if (label >= 26 && label < 52) return String.fromCharCode(97 + label - 26);
  throw new ValueError('einsum(): subscript in subscript list is not within the valid range [0, 52)');
}

function subscripts(labels: Sublist): string {
  if (Array.isArray(labels)) return labels.map(subscript).join('');
  throw new TypeError(`einsum(): expected a list of subscripts after each operand, not ${typeName(labels)}`);
}

/** The equation and the operands of a call in sublist form. */
function fromSublists(args: readonly unknown[]): [string, Tensor[]] {
  const named = args.length % 2 === 1 ? args.slice(0, -1) : args;
  const inputs = named.filter((_, i) => i % 2 === 1).map((labels) => subscripts(labels as Sublist));
  const output = named === args ? '' : `->${subscripts(args.at(-1) as Sublist)}`;
  return [inputs.join(',') + output, named.filter((_, i) => i % 2 === 0) as Tensor[]];
}

/**
 * The sum of products that an equation such as `'bij,bjk->bik'` describes. Operands may come as one list; in sublist
 * form, each operand is followed by its subscripts as numbers (below 52, or an ellipsis), and the output's may come last.
 *
 * Contracts from left to right, as Python does where the package opt_einsum is not installed.
 * @throws ValueError for fewer than two arguments, and for subscripts out of range
 * @see https://docs.pytorch.org/docs/stable/generated/torch.einsum.html
 */
export function einsum(equation: string, ...operands: Tensor[]): Tensor;
export function einsum(equation: string, operands: readonly Tensor[]): Tensor;
export function einsum(...operandsAndSublists: (Tensor | Sublist)[]): Tensor;
export function einsum(...args: unknown[]): Tensor {
  refuseKeywords('einsum', args);
  if (args.length < 2) {
    throw new ValueError(
      'einsum(): must specify the equation string and at least one operand, ' +
        'or at least one operand and its subscripts list',
    );
  }
  const [equation, operands] = isTensor(args[0]) ? fromSublists(args) : [args[0] as string, args.slice(1)];
  const list = operands.length === 1 && Array.isArray(operands[0]) ? (operands[0] as unknown[]) : operands;
  if (list !== operands) return einsum(equation, ...(list as Tensor[]));
  return raw.einsum(equation, list as Tensor[]);
}

/** Dimensions that `tensordot` contracts: the last n with the first n, or listed ones. */
export type ContractedDims = number | readonly [readonly number[], readonly number[]] | Tensor;

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);

function listedDims(dims: Tensor): [readonly number[], readonly number[]] {
  if (dims.numel() > 1) {
    if (dims.size(0) !== 2)
      throw new TorchError(`dims tensor must have size 2 in first dimension, got ${dims.size(0)}`);
    const [a, b] = dims.tolist() as [number[], number[]];
    return [a, b];
  }
  const count = Number(dims.item());
  if (count < 0) throw new TorchError(`tensordot expects dims >= 0, but got dims=${dims}`);
  return [range(-count, 0), range(0, count)];
}

function contractedDims(a: Tensor, b: Tensor, dims: ContractedDims): readonly [readonly number[], readonly number[]] {
  if (isTensor(dims)) return listedDims(dims as Tensor);
  if (Array.isArray(dims)) return dims as unknown as [readonly number[], readonly number[]];
  if (!isInt(dims)) {
    throw new TorchError(
      'tensordot expects dims to be int or tuple[list[int], list[int]] or list[list[int]] containing two lists, ' +
        `but got dims=${String(dims)}`,
    );
  }
  if (dims < 0) throw new TorchError(`tensordot expects dims >= 0, but got dims=${dims}`);
  if (dims > Math.min(a.dim(), b.dim())) {
    throw new TorchError(`tensordot expects dims < ndim_a or ndim_b, but got dims=${dims}`);
  }
  return [range(-dims, 0), range(0, dims)];
}

/**
 * The product of two tensors, summed over dimensions of both.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.tensordot.html
 */
export const tensordot = pythonFunction(
  'tensordot',
  ['a', 'b', 'dims', 'out'],
  (a: Tensor, b: Tensor, dims: ContractedDims = 2, out: Tensor | null = null): Tensor => {
    const [dimsA, dimsB] = contractedDims(a, b, dims);
    return out === null ? raw.tensordot(a, b, dimsA, dimsB) : raw.tensordot(a, b, dimsA, dimsB, { out });
  },
);

/**
 * The product of matrices, in the order that costs least. Deprecated in favour of `linalg.multi_dot`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.chain_matmul.html
 */
export function chain_matmul(...matrices: Tensor[]): Tensor;
export function chain_matmul(...matricesAndOptions: [...Tensor[], { out?: Tensor | null }]): Tensor;
export function chain_matmul(...args: unknown[]): Tensor {
  const last = args.at(-1);
  const { out, ...others } = ownOf((isKeywords(last) ? args.pop() : {}) as { out?: Tensor | null });
  for (const name of Object.keys(others)) throw unexpected('chain_matmul', name);
  return out ? raw.chain_matmul(args as Tensor[], { out }) : raw.chain_matmul(args as Tensor[]);
}
