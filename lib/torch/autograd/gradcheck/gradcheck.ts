/** `torch.autograd.gradcheck` and `gradgradcheck`. */
import { AssertionError, NotImplementedError, TorchError, ValueError } from '../../native';
import { imag, real } from '../../generated/functions';
import { complex128, float64, warn } from '../../core';
import { isTensor, type Tensor } from '../../memory';
import { pythonFunction } from '../../call';
import { GradcheckError } from './error';
import { directionsFor, fastCheck } from './fast';
import {
  checkBatchedBackward,
  checkBatchedForward,
  checkMultiplied,
  checkUndefinedBackward,
  checkUndefinedForward,
} from './further';
import { type Settings, slowCheck, type Subject } from './slow';
import { asTuple, type Checked, differentiableOutputs, I, isDifferentiable, outputsOf } from './tensors';

/** Options of `gradcheck`. */
export interface GradcheckOptions {
  /** Distance by which inputs are moved. */
  eps?: number;
  atol?: number;
  rtol?: number;
  /** Throw GradcheckError (the default), or return false. */
  raise_exception?: boolean;
  /** Difference that two passes may have. */
  nondet_tol?: number;
  /** Check that missing gradients of outputs count as zeros. */
  check_undefined_grad?: boolean;
  /** Check that gradients have the inputs' dtypes. */
  check_grad_dtypes?: boolean;
  /** Check that batched backward gives the same. */
  check_batched_grad?: boolean;
  /** Check that batched forward mode gives the same. */
  check_batched_forward_grad?: boolean;
  /** Check forward mode. */
  check_forward_ad?: boolean;
  /** Check backward, which is the default. */
  check_backward_ad?: boolean;
  /** Compare one random combination of the Jacobian's elements instead of each of them. */
  fast_mode?: boolean;
  /** Compare backward of zeros with a tolerance. */
  masked?: boolean | null;
}

/** Function that can be checked: of the inputs, to one tensor or several. */
// biome-ignore lint/suspicious/noExplicitAny: the inputs are the caller's, and may be anything
export type CheckedFunction = (...inputs: any[]) => Tensor | readonly Tensor[];

/** The tensors to move, and whatever else the function takes. */
export type CheckedInputs = Tensor | readonly unknown[];

const sparseLayouts = new Set(['sparse_coo', 'sparse_csr', 'sparse_csc', 'sparse_bsr', 'sparse_bsc']);

function checkInputs(inputs: readonly unknown[]): void {
  inputs.forEach((input, i) => {
    if (!isDifferentiable(input)) return;
    if (input.dtype !== float64 && input.dtype !== complex128) {
      warn(
        `Input #${i} requires gradient and is not a double precision floating point or complex. This check will likely fail if all the inputs are not of double precision floating point or complex. `,
      );
    }
    if (input.layout.name !== 'strided') {
      throw new NotImplementedError(
        `gradcheck of inputs with layout ${input.layout} is not supported: convert inside of the function`,
      );
    }
    const { shape } = input;
    if (!input.stride().every((stride, dim) => stride > 0 || (shape[dim] as number) <= 1)) {
      throw new TorchError(
        `The ${i}th input has a dimension with stride 0. gradcheck only supports inputs that are non-overlapping to be able to compute the numerical gradients correctly. You should call .contiguous on the input before passing it to gradcheck.`,
      );
    }
  });
  if (!inputs.some(isDifferentiable)) {
    throw new ValueError(
      'gradcheck expects at least one input tensor to require gradient, but none of them have requires_grad=True.',
    );
  }
}

function checkOutputs(outputs: readonly Tensor[]): void {
  const refuse = (kind: string) => {
    throw new ValueError(
      `${kind} output is not supported at gradcheck yet. Please call to_dense(masked_grad=...) on the output of fn for gradcheck.`,
    );
  };
  if (outputs.some(({ layout }) => sparseLayouts.has(layout.name))) refuse('Sparse');
  if (outputs.some(({ layout }) => layout.name === '_mkldnn')) refuse('MKLDNN');
}

const isComplexTensor = (value: unknown): value is Tensor => isTensor(value) && (value as Tensor).is_complex();

const complexPlaces = (values: readonly unknown[]): number[] =>
  values.flatMap((value, i) => (isComplexTensor(value) ? [i] : []));

type Check = (subject: Subject) => void;

/** Complex outputs are checked by their imaginary and their real parts. */
function checkBackward(check: Check, func: Checked, funcOut: unknown, inputs: readonly unknown[]): void {
  const outputs = differentiableOutputs(funcOut);
  if (!outputsOf(funcOut).some(isComplexTensor)) {
    check({ func, funcOut, inputs, outputs });
    return;
  }
  const complex = complexPlaces(outputs);
  for (const [part, imaginary] of [
    [imag, true],
    [real, false],
  ] as const) {
    const partial: Checked = (...values) =>
      outputsOf(func(...values)).map((output) => (output.is_complex() ? part(output) : output));
    const partialOut = partial(...inputs);
    check({
      func: partial,
      funcOut: partialOut,
      inputs,
      outputs: differentiableOutputs(partialOut),
      complex,
      imaginary,
    });
  }
}

/** Complex inputs are moved by their imaginary and their real parts, the other part staying as it is. */
function forwardSubjects(func: Checked, funcOut: unknown, inputs: readonly unknown[]): Subject[] {
  const complex = complexPlaces(inputs);
  if (complex.length === 0) {
    return [{ func, funcOut, inputs, outputs: differentiableOutputs(funcOut), forward: true }];
  }
  const subject = (imaginary: boolean): Subject => {
    const whole = (part: Tensor, original: Tensor): Tensor =>
      imaginary ? real(original).add(part.mul(I)) : part.add(imag(original).mul(I));
    const partial: Checked = (...values) =>
      asTuple(
        func(...values.map((value, i) => (complex.includes(i) ? whole(value as Tensor, inputs[i] as Tensor) : value))),
      );
    const parts = inputs.map((input) => (isComplexTensor(input) ? (imaginary ? imag(input) : real(input)) : input));
    const out = partial(...parts);
    const outputs = differentiableOutputs(out);
    return { func: partial, funcOut: out, inputs: parts, outputs, forward: true, complex, imaginary };
  };
  return [subject(true), subject(false)];
}

interface Flags {
  undefinedGrad: boolean;
  batched: boolean;
  batchedForward: boolean;
  forward: boolean;
  backward: boolean;
  fast: boolean;
  masked: boolean;
}

function run(func: Checked, given: CheckedInputs, settings: Settings, flags: Flags): void {
  const inputs = asTuple(given);
  checkInputs(inputs);
  const funcOut = func(...inputs);
  const outputs = differentiableOutputs(funcOut);
  checkOutputs(outputs);
  const check: Check = (subject) => (flags.fast ? fastCheck(subject, settings) : slowCheck(subject, settings));
  if (flags.backward) checkBackward(check, func, funcOut, inputs);
  if (flags.forward) {
    const subjects = forwardSubjects(func, funcOut, inputs);
    subjects.forEach(check);
    if (flags.undefinedGrad) {
      for (const subject of subjects) checkUndefinedForward(subject.func, subject.inputs, directionsFor(subject));
    }
  }
  if (flags.batchedForward) checkBatchedForward(func, inputs);
  if (!flags.backward) return;
  if (flags.batched) for (const [i, output] of outputs.entries()) checkBatchedBackward(inputs, output, i);
  checkMultiplied(outputs, inputs, flags.masked);
  if (flags.undefinedGrad) checkUndefinedBackward(func, outputs, inputs);
}

/** Python's `assert`. */
export function demand(condition: boolean, message: string): void {
  if (!condition) throw new AssertionError(message);
}

/**
 * Whether the derivatives that autograd computes for `func` agree with finite differences, with respect to the inputs
 * that require gradients. Meant for float64 and complex128.
 *
 * Sparse inputs are not supported.
 *
 * @throws GradcheckError saying which Jacobian is wrong, unless `raise_exception` is false
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.gradcheck.gradcheck.html
 */
export const gradcheck: (func: CheckedFunction, inputs: CheckedInputs, options?: GradcheckOptions) => boolean =
  pythonFunction(
    'gradcheck',
    [
      'func',
      'inputs',
      '*',
      'eps',
      'atol',
      'rtol',
      'raise_exception',
      'nondet_tol',
      'check_undefined_grad',
      'check_grad_dtypes',
      'check_batched_grad',
      'check_batched_forward_grad',
      'check_forward_ad',
      'check_backward_ad',
      'fast_mode',
      'masked',
    ],
    (
      func: CheckedFunction,
      inputs: CheckedInputs,
      eps: number = 1e-6,
      atol: number = 1e-5,
      rtol: number = 1e-3,
      raise_exception: boolean = true,
      nondet_tol: number = 0,
      check_undefined_grad: boolean = true,
      check_grad_dtypes: boolean = false,
      check_batched_grad: boolean = false,
      check_batched_forward_grad: boolean = false,
      check_forward_ad: boolean = false,
      check_backward_ad: boolean = true,
      fast_mode: boolean = false,
      masked: boolean | null = null,
    ): boolean => {
      demand(
        check_forward_ad || check_backward_ad,
        'Expected at least one of check_forward_ad or check_backward_ad to be True',
      );
      demand(
        !check_batched_grad || check_backward_ad,
        'Setting check_batched_grad=True requires check_backward_ad to be True',
      );
      demand(
        !check_batched_forward_grad || check_forward_ad,
        'Setting check_batched_forward_grad=True requires check_forward_ad to be True',
      );
      const settings = { eps, atol, rtol, check_grad_dtypes, nondet_tol };
      const flags = {
        undefinedGrad: check_undefined_grad,
        batched: check_batched_grad,
        batchedForward: check_batched_forward_grad,
        forward: check_forward_ad,
        backward: check_backward_ad,
        fast: fast_mode,
        masked: masked ?? false,
      };
      try {
        run(func as Checked, inputs, settings, flags);
      } catch (error) {
        if (raise_exception || !(error instanceof GradcheckError)) throw error;
        return false;
      }
      return true;
    },
  );
