/** The check of every element of the Jacobians. */
import { ne } from '../../generated/functions';
import type { Tensor } from '../../memory';
import { backwardJacobians, forwardJacobians } from './analytical';
import { GradcheckError } from './error';
import { numericalJacobians } from './numerical';
import { type Checked, closeEnough, outputsOf, text, transpose } from './tensors';

/** Tolerances, and what is looked at besides. */
export interface Settings {
  readonly eps: number;
  readonly rtol: number;
  readonly atol: number;
  readonly check_grad_dtypes: boolean;
  readonly nondet_tol: number;
}

/** Function and derivatives of it that are compared. */
export interface Subject {
  readonly func: Checked;
  readonly funcOut: unknown;
  readonly inputs: readonly unknown[];
  /** Those of the outputs that were recorded. */
  readonly outputs: readonly Tensor[];
  readonly forward?: boolean;
  /** Indices of the complex outputs (inputs, in forward mode). */
  readonly complex?: readonly number[];
  readonly imaginary?: boolean;
}

/** Says which Jacobian is wrong. */
export function mismatch(
  analytical: Tensor,
  numerical: Tensor,
  output: number,
  input: number,
  { complex = [], imaginary = false, forward = false }: Subject,
): string {
  const isPart = complex.includes(forward ? input : output);
  const part = imaginary ? 'imaginary' : 'real';
  const prefix = isPart ? `While considering the ${part} part of complex ${forward ? 'inputs' : 'outputs'} only, ` : '';
  return (
    `${prefix}Jacobian ${forward ? 'computed with forward mode ' : ''}mismatch for output ${output} with respect to ` +
    `input ${input},\nnumerical:${text(numerical)}\nanalytical:${text(analytical)}\n`
  );
}

function expectZeros({ func, inputs, funcOut, forward = false }: Subject, eps: number): void {
  for (const jacobians of numericalJacobians(func, inputs, outputsOf(funcOut), eps, forward)) {
    for (const jacobian of jacobians) {
      if (ne(jacobian, 0).sum().gt(0).item()) {
        throw new GradcheckError('Numerical gradient for function expected to be zero');
      }
    }
  }
}

/** Compares all elements. @throws GradcheckError */
export function slowCheck(subject: Subject, settings: Settings): void {
  const { func, inputs, outputs, forward = false } = subject;
  const { eps, rtol, atol, check_grad_dtypes, nondet_tol } = settings;
  if (outputs.length === 0) {
    expectZeros(subject, eps);
    return;
  }
  const funcOut = outputsOf(subject.funcOut);
  const all = transpose(numericalJacobians(func, inputs, funcOut, eps, forward));
  const numerical = all.filter((_, i) => funcOut[i]?.requires_grad);
  const compare = (a: Tensor, i: number, j: number) => {
    const n = numerical[i]?.[j] as Tensor;
    if (closeEnough(a, n.to(a.device), rtol, atol)) return;
    throw new GradcheckError(mismatch(a, n, i, j, subject));
  };
  if (forward) {
    const analytical = forwardJacobians(func, inputs, funcOut, check_grad_dtypes);
    numerical.forEach((row, i) => {
      for (const j of row.keys()) compare(analytical[j]?.[i] as Tensor, i, j);
    });
    return;
  }
  outputs.forEach((output, i) => {
    const analytical = backwardJacobians(inputs, output, nondet_tol, check_grad_dtypes);
    for (const [j, a] of analytical.entries()) compare(a, i, j);
  });
}
