/** Derivatives by finite differences. */
import { AssertionError, ValueError } from '../../native';
import { type Complex, floatRepr, sameShape, sizeText, tupleText } from '../../core';
import type { Tensor } from '../../memory';
import { asTuple, at, type Checked, I, indices, isDifferentiable, isFloatOrComplex, outputsOf } from './tensors';

/** A direction: real and, for a complex input, imaginary parts apart. */
export type Direction = Tensor | readonly [real: Tensor, imaginary: Tensor];

/** Distance by which an input moves. */
type Step = Tensor | number | Complex;

const isPair = (direction: Direction | number): direction is readonly [Tensor, Tensor] => Array.isArray(direction);

/** Runs the function on the inputs as they are now; outputs are copied, as they may be the inputs themselves. */
function runner(fn: Checked, inputs: readonly unknown[]): () => Tensor[] {
  return () => outputsOf(fn(...inputs)).map((output) => output.clone());
}

function checkUnchanged(a: Tensor, b: Tensor, eps: number, index: readonly number[] | null): void {
  const where = index === null ? '' : `on index ${tupleText(index)} `;
  const start = (what: string) =>
    `Expected \`func\` to return outputs with the same ${what} when inputs are perturbed ${where}by ${floatRepr(eps)}, but got:`;
  if (!sameShape(a.shape, b.shape)) {
    throw new AssertionError(`${start('shape')} shapes ${sizeText(a.shape)} and ${sizeText(b.shape)}.`);
  }
  if (a.dtype !== b.dtype) throw new AssertionError(`${start('dtype')} dtypes ${a.dtype} and ${b.dtype}.`);
}

/** Central differences of all outputs when `entry`, a view of an input, moves along `v`. */
function directional(
  run: () => Tensor[],
  entry: Tensor,
  v: Step,
  eps: number,
  index: readonly number[] | null,
): Tensor[] {
  const original = entry.clone();
  entry.copy_(original.sub(v));
  const below = run();
  entry.copy_(original.add(v));
  const above = run();
  entry.copy_(original);
  return below.map((a, i) => {
    const b = above[i] as Tensor;
    checkUnchanged(a, b, eps, index);
    return b
      .sub(a)
      .div(2 * eps)
      .detach()
      .reshape([-1]);
  });
}

/** Directional derivatives of all outputs; for a complex input, the conjugate Wirtinger derivative. */
function products(
  move: (v: Step) => Tensor[],
  delta: Direction | number,
  complexInput: boolean,
  forward: boolean,
): Tensor[] {
  const alongReal = move(isPair(delta) ? delta[0] : (delta as Tensor | number));
  if (!complexInput) {
    for (const derivative of alongReal) {
      if (!forward && derivative.is_complex()) {
        throw new AssertionError('Expected ds_dx to be real-valued, not complex.');
      }
    }
    return alongReal;
  }
  const imaginary = isPair(delta)
    ? delta[1].mul(I)
    : typeof delta === 'number'
      ? { re: 0, im: delta }
      : (delta as Tensor).mul(I);
  const alongImaginary = move(imaginary);
  return alongReal.map((dx, i) => {
    if (dx.is_complex()) throw new AssertionError('Expected ds_dx to be real-valued, not complex');
    return dx.add((alongImaginary[i] as Tensor).mul(I));
  });
}

/** Zeros for the derivatives of every real or complex output with respect to `rows` numbers. */
export function jacobiansLikeOutputs(
  outputs: readonly Tensor[],
  rows: number,
  dtype: Tensor['dtype'] | null = null,
): Tensor[] {
  return outputs
    .filter(isFloatOrComplex)
    .map((output) => output.new_zeros([rows, output.numel()], { dtype: dtype ?? output.dtype }));
}

/** One Jacobian for every output, with respect to one input. */
function jacobianOf(
  fn: Checked,
  input: Tensor,
  inputs: readonly unknown[],
  outputs: readonly Tensor[],
  eps: number,
  forward: boolean,
): Tensor[] {
  const run = runner(fn, inputs);
  // Changing the data alone goes unnoticed by the graph.
  const { data } = input;
  const columns = [...indices(data.shape)].map((index) => {
    const entry = at(data, index);
    return products((v) => directional(run, entry, v, eps, index), eps, data.is_complex(), forward);
  });
  const jacobians = jacobiansLikeOutputs(outputs, input.numel(), input.is_complex() ? input.dtype : null);
  jacobians.forEach((jacobian, i) => {
    for (const [k, column] of columns.entries()) jacobian.select(0, k).copy_(column[i] as Tensor);
  });
  return jacobians;
}

/** Numerical Jacobians: for every input a list with one for each output. */
export function numericalJacobians(
  fn: Checked,
  inputs: readonly unknown[],
  outputs: readonly Tensor[],
  eps: number,
  forward: boolean,
): Tensor[][] {
  if (!forward && outputs.some((output) => output.is_complex())) {
    throw new ValueError(
      'Expected output to be non-complex. get_numerical_jacobian no longer supports functions that return complex outputs.',
    );
  }
  return inputs.filter(isDifferentiable).map((input) => jacobianOf(fn, input, inputs, outputs, eps, forward));
}

/** Derivatives of all outputs when one input moves along `u`. */
export function numericalProducts(
  fn: Checked,
  inputIndex: number,
  inputs: readonly unknown[],
  u: Direction,
  eps: number,
  forward = false,
): Tensor[] {
  const input = inputs[inputIndex] as Tensor;
  const { data } = input;
  const shaped = (part: Tensor) => part.reshape(data.shape).mul(eps);
  const delta: Direction = isPair(u) ? [shaped(u[0]), shaped(u[1])] : shaped(u as Tensor);
  const run = runner(fn, asTuple(inputs));
  return products((v) => directional(run, data, v, eps, null), delta, input.is_complex(), forward);
}
