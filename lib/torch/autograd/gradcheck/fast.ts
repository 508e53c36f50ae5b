/** The check of one random combination of each Jacobian's elements. */
import { AssertionError } from '../../native';
import { allclose, rand, view_as_real, zeros_like } from '../../generated/functions';
import { vector_norm } from '../../generated/linalg';
import { Generator } from '../../random';
import { complex128, complex64, type Dtype, float32, float64 } from '../../core';
import type { Tensor } from '../../memory';
import { backwardJacobians, forwardJacobians } from './analytical';
import { FAST_FAIL_SLOW_OK_MSG, GradcheckError } from './error';
import { type Direction, numericalJacobians, numericalProducts } from './numerical';
import { mismatch, type Settings, type Subject } from './slow';
import { closeEnough, I, isDifferentiable, isFloatOrComplex, outputsOf, text } from './tensors';

function realDtype(dtype: Dtype): Dtype {
  if (dtype === complex128) return float64;
  return dtype === complex64 ? float32 : dtype;
}

/** A random vector of length one, with as many elements as `like`. */
function unitVector(like: Tensor, generator: Generator, dtype: Dtype): Tensor {
  const vector = rand([like.numel()], { generator, device: 'cpu' }).to({ dtype, device: like.device });
  return vector.div_(vector_norm(vector));
}

interface Vectors {
  readonly directions: Direction[];
  /** Null in forward mode, which needs none. */
  readonly weights: Tensor[] | null;
}

function makeVectors(sources: readonly Tensor[], outputs: readonly Tensor[], forward: boolean): Vectors {
  // Its own generator, so that the user's goes on undisturbed.
  const generator = new Generator();
  const directions = sources.map((source): Direction => {
    const dtype = realDtype(source.dtype);
    const real = unitVector(source, generator, dtype);
    return source.is_complex() ? [real, unitVector(source, generator, dtype)] : real;
  });
  const weights = forward ? null : outputs.map((output) => unitVector(output, generator, output.dtype));
  return { directions, weights };
}

/** The directions in which the inputs are moved: the same ones every time. */
export function directionsFor({ inputs, outputs }: Subject): Tensor[] {
  return makeVectors(inputs.filter(isDifferentiable), outputs, true).directions as Tensor[];
}

function dot(u: Tensor, v: Tensor): Tensor {
  if (u.ndim !== 1 || v.ndim !== 1) {
    throw new AssertionError(`Expected u and v to be 1D tensors, but got dims ${u.ndim} and ${v.ndim}`);
  }
  return u.mul(v).sum();
}

/** Numerical products: for every input a list with one for each output. */
function numericalRows({ func, inputs, funcOut, forward }: Subject, vectors: Vectors, eps: number): Tensor[][] {
  const outputs = outputsOf(funcOut);
  const places = inputs.flatMap((input, i) => (isDifferentiable(input) ? [i] : []));
  return places.map((place, i) => {
    const all = numericalProducts(func, place, inputs, vectors.directions[i] as Direction, eps, forward);
    if (all.length !== outputs.length) {
      throw new AssertionError(
        `Expected all_Ju and func_out to have the same length, but got ${all.length} and ${outputs.length}`,
      );
    }
    const kept = all.filter((_, o) => isFloatOrComplex(outputs[o] as Tensor));
    return vectors.weights === null
      ? kept
      : vectors.weights.slice(0, kept.length).map((weight, o) => dot(weight, kept[o] as Tensor));
  });
}

/** Products by backward: for every output a list with one for each input. */
function backwardRows(subject: Subject, { directions, weights }: Vectors, settings: Settings): Tensor[][] {
  return subject.outputs.map((output, o) => {
    const v = weights?.[o] as Tensor;
    return backwardJacobians(subject.inputs, output, settings.nondet_tol, settings.check_grad_dtypes, v).map(
      (column, i) => {
        const u = directions[i] as Direction;
        const row = column.t().squeeze(0);
        if (!row.is_complex()) return row.dot(u as Tensor);
        const [real, imaginary] = u as readonly [Tensor, Tensor];
        const parts = view_as_real(row.resolve_conj());
        return parts.select(-1, 0).dot(real).add(parts.select(-1, 1).dot(imaginary).mul(I));
      },
    );
  });
}

const total = (vector: Tensor): number => Number(vector.sum().to(float64).item());

/** The tolerance of a sum over all elements. */
function summedTolerance(atol: number, u: Direction, v: Tensor | undefined): number {
  const weight = v === undefined ? 1 : total(v);
  if (!Array.isArray(u)) return atol * total(u as Tensor) * weight;
  const [real, imaginary] = u as readonly [Tensor, Tensor];
  return atol * (total(real) + total(imaginary)) * weight;
}

/** The whole Jacobians, for the message of a failed fast check. */
function slowReport(subject: Subject, input: number, output: number, { rtol, atol, eps }: Settings): string {
  const { func, inputs, outputs, forward = false } = subject;
  const numerical = numericalJacobians(func, inputs, outputs, eps, forward)[input]?.[output] as Tensor;
  const analytical = forward
    ? (forwardJacobians(
        (value) => outputsOf(func(...inputs.map((old, i) => (i === input ? value : old))))[output],
        [inputs[input]],
        [outputs[output] as Tensor],
        false,
      )[0]?.[0] as Tensor)
    : (backwardJacobians(inputs, outputs[output] as Tensor, Infinity, false)[input] as Tensor);
  const largest = numerical.sub(analytical).abs().max();
  const report =
    '\nThe above quantities relating the numerical and analytical jacobians are computed \n' +
    'in fast mode. See: https://github.com/pytorch/pytorch/issues/53876 for more background \n' +
    'about fast mode. Below, we recompute numerical and analytical jacobians in slow mode:\n\n' +
    `Numerical:\n ${text(numerical)}\nAnalytical:\n${text(analytical)}\n\n` +
    `The max per-element difference (slow mode) is: ${text(largest)}.\n`;
  return allclose(analytical, numerical, rtol, atol) ? report + FAST_FAIL_SLOW_OK_MSG : report;
}

function expectZeros({ func, inputs }: Subject, { directions }: Vectors, { eps, nondet_tol }: Settings): void {
  const places = inputs.flatMap((input, i) => (isDifferentiable(input) ? [i] : []));
  places.forEach((place, i) => {
    for (const product of numericalProducts(func, place, inputs, directions[i] as Direction, eps)) {
      if (product.numel() === 0) continue;
      if (product.sub(zeros_like(product)).abs().max().gt(nondet_tol).item()) {
        throw new GradcheckError('Numerical gradient for function expected to be zero');
      }
    }
  });
}

/** Compares one number for each pair of an input and an output. @throws GradcheckError */
export function fastCheck(subject: Subject, settings: Settings): void {
  const { func, inputs, outputs, funcOut, forward = false } = subject;
  const vectors = makeVectors(inputs.filter(isDifferentiable), outputs, forward);
  const numerical = numericalRows(subject, vectors, settings.eps);
  let analytical: Tensor[][];
  if (forward) {
    const directions = vectors.directions as Tensor[];
    analytical = forwardJacobians(func, inputs, outputsOf(funcOut), settings.check_grad_dtypes, directions);
  } else {
    if (outputs.length === 0) expectZeros(subject, vectors, settings);
    analytical = backwardRows(subject, vectors, settings);
  }
  numerical.forEach((row, i) => {
    row.forEach((n, j) => {
      const a = (forward ? analytical[i]?.[j] : analytical[j]?.[i]) as Tensor;
      const tolerance = summedTolerance(settings.atol, vectors.directions[i] as Direction, vectors.weights?.[j]);
      if (closeEnough(a, n.to(a.device), settings.rtol, tolerance)) return;
      const report = slowReport(subject, i, j, settings);
      throw new GradcheckError(mismatch(a, n, j, i, subject) + report);
    });
  });
}
