/** Derivatives by autograd, in both modes. */
import { AssertionError, ValueError } from '../../native';
import { zeros_like } from '../../generated/functions';
import { contiguous_format, floatRepr, sameShape } from '../../core';
import type { Tensor } from '../../memory';
import { dual_level, make_dual, unpack_dual } from '../forward_ad';
import { grad } from '../grad';
import { FAILED_NONDET_MSG, GradcheckError } from './error';
import { jacobiansLikeOutputs } from './numerical';
import { at, type Checked, differentiable, indices, isDifferentiable, isFloatOrComplex, outputsOf } from './tensors';

type Backward = (weights: Tensor) => (Tensor | null)[];

/** Rows of the Jacobian of one output: for every input a list of gradients. */
function rowsOf(backward: Backward, output: Tensor): (Tensor | null)[][] {
  const weights = zeros_like(output, { memory_format: contiguous_format });
  const flat = weights.view([-1]);
  const rows: (Tensor | null)[][] = [];
  const count = flat.numel();
  for (let j = 0; j < count; j++) {
    flat.zero_();
    flat.select(0, j).fill_(1);
    backward(weights).forEach((gradient, i) => {
      rows[i] ??= [];
      rows[i].push(gradient === null ? null : gradient.clone());
    });
  }
  return rows;
}

function combinedRow(backward: Backward, output: Tensor, v: Tensor): (Tensor | null)[][] {
  return backward(v.reshape(output.shape)).map((gradient) => [gradient === null ? null : gradient.clone()]);
}

/** One tensor for every input from its list of gradients, and whether sizes and dtypes were right. */
function assemble(
  rows: readonly (Tensor | null)[][],
  inputs: readonly unknown[],
  columns: number,
): [jacobians: Tensor[], sizes: boolean, dtypes: boolean] {
  const sources = differentiable(inputs);
  const jacobians = sources.filter(isFloatOrComplex).map((source) => source.new_zeros([source.numel(), columns]));
  let [sizes, dtypes] = [true, true];
  rows.forEach((gradients, i) => {
    const source = sources[i] as Tensor;
    gradients.forEach((gradient, j) => {
      if (gradient !== null && !sameShape(gradient.shape, source.shape)) sizes = false;
      else if (gradient !== null && gradient.dtype !== source.dtype) dtypes = false;
      const column = (jacobians[i] as Tensor).select(1, j);
      if (gradient === null) {
        column.zero_();
        return;
      }
      const dense = gradient.layout.name === 'strided' ? gradient : gradient.to_dense();
      if (column.numel() !== dense.numel()) {
        throw new AssertionError(
          `Expected out_jacobian column to have ${dense.numel()} elements, but got ${column.numel()}`,
        );
      }
      column.copy_(dense.reshape([-1]));
    });
  });
  return [jacobians, sizes, dtypes];
}

function equalWithin(a: readonly Tensor[], b: readonly Tensor[], tolerance: number): boolean {
  return a.every((x, i) => {
    if (x.numel() === 0) return true;
    return !x
      .sub(b[i] as Tensor)
      .abs()
      .max()
      .gt(tolerance)
      .item();
  });
}

/**
 * The Jacobian of one output with respect to every input (multiplied with `v` from the left, if given), computed twice
 * to see whether it is the same.
 */
export function backwardJacobians(
  inputs: readonly unknown[],
  output: Tensor,
  nondetTol: number,
  checkDtypes: boolean,
  v: Tensor | null = null,
): Tensor[] {
  const sources = differentiable(inputs);
  const backward: Backward = (weights) =>
    grad(output, sources, { grad_outputs: weights, retain_graph: true, allow_unused: true });
  const rows = () => (v === null ? rowsOf(backward, output.clone()) : combinedRow(backward, output.clone(), v));
  const [first, second] = [rows(), rows()];
  const columns = v === null ? output.numel() : 1;
  // Python's names for the two flags are exchanged here; the errors follow the names.
  const [jacobians, typesOk, sizesOk] = assemble(first, inputs, columns);
  const [again] = assemble(second, inputs, columns);
  const reentrant = equalWithin(jacobians, again, nondetTol);
  if (!typesOk && checkDtypes) throw new GradcheckError('Gradient has dtype mismatch');
  if (!sizesOk) throw new GradcheckError('Analytical gradient has incorrect size');
  if (!reentrant) {
    throw new GradcheckError(
      'Backward is not reentrant, i.e., running backward with same input and grad_output multiple times gives different values, although analytical gradient matches numerical gradient.' +
        `The tolerance for nondeterminism was ${floatRepr(nondetTol)}.${FAILED_NONDET_MSG}`,
    );
  }
  return jacobians;
}

/** Inputs with tangents of zeros where gradients are wanted, and those tangents, to be filled. */
export function dualInputs(inputs: readonly unknown[]): { duals: unknown[]; tangents: Tensor[] } {
  const tangents: Tensor[] = [];
  const duals = inputs.map((input) => {
    if (!isDifferentiable(input)) return input;
    const dual = make_dual(input.detach(), zeros_like(input));
    // The tangent of a view may be another tensor than the one given.
    tangents.push(unpack_dual(dual).tangent as Tensor);
    return dual;
  });
  return { duals, tangents };
}

/** Puts the outputs' tangents, flat, where they belong. */
function writeTangents(
  fn: Checked,
  duals: readonly unknown[],
  checkDtypes: boolean,
  target: (i: number) => Tensor,
): void {
  outputsOf(fn(...duals))
    .filter(isFloatOrComplex)
    .forEach((output, i) => {
      const { primal, tangent } = unpack_dual(output);
      if (checkDtypes && tangent !== null && primal.is_complex() !== tangent.is_complex()) {
        throw new GradcheckError('Forward AD gradient has dtype mismatch.');
      }
      if (tangent === null) target(i).zero_();
      else target(i).copy_(tangent.reshape([-1]));
    });
}

/**
 * Jacobians by forward mode: for every input a list with one for each output. With `directions`, each is multiplied
 * with its input's direction.
 */
export function forwardJacobians(
  fn: Checked,
  inputs: readonly unknown[],
  outputs: readonly Tensor[],
  checkDtypes: boolean,
  directions: readonly Tensor[] | null = null,
): Tensor[][] {
  const sources = differentiable(inputs);
  if (sources.some((source) => source.is_complex())) {
    throw new ValueError('Expected inputs to be non-complex for _get_analytical_jacobian_forward_ad.');
  }
  const jacobians = sources.map((source) => jacobiansLikeOutputs(outputs, directions ? 1 : source.numel()));
  dual_level(() => {
    const { duals, tangents } = dualInputs(inputs);
    tangents.forEach((tangent, i) => {
      const blocks = jacobians[i] as Tensor[];
      if (directions !== null) {
        tangent.copy_((directions[i] as Tensor).view_as(tangent));
        writeTangents(fn, duals, checkDtypes, (o) => (blocks[o] as Tensor).squeeze_(0));
        tangent.zero_();
        return;
      }
      [...indices(tangent.shape)].forEach((index, row) => {
        at(tangent, index).fill_(1);
        writeTangents(fn, duals, checkDtypes, (o) => (blocks[o] as Tensor).select(0, row));
        at(tangent, index).fill_(0);
      });
    });
  });
  return jacobians;
}
