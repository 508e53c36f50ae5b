/** The check of second derivatives. */
import { empty, view_as_real } from '../../generated/functions';
import { type Dtype, float64 } from '../../core';
import { pythonFunction } from '../../call';
import type { Tensor } from '../../memory';
import { grad } from '../grad';
import { type CheckedFunction, type CheckedInputs, demand, type GradcheckOptions, gradcheck } from './gradcheck';
import { asTuple, type Checked, differentiableOutputs, isDifferentiable, outputsOf } from './tensors';

/** Options of `gradgradcheck`. */
export interface GradgradcheckOptions
  extends Omit<GradcheckOptions, 'check_batched_forward_grad' | 'check_forward_ad' | 'check_backward_ad'> {
  /** Make the random gradients of the outputs non-contiguous. */
  gen_non_contig_grad_outputs?: boolean;
  /** Check forward mode over backward. */
  check_fwd_over_rev?: boolean;
  /** Check backward over backward, which is the default. */
  check_rev_over_rev?: boolean;
}

/** Type of `gradgradcheck`. */
export interface Gradgradcheck {
  (
    func: CheckedFunction,
    inputs: CheckedInputs,
    grad_outputs?: Tensor | readonly Tensor[] | null,
    options?: GradgradcheckOptions,
  ): boolean;
  (
    func: CheckedFunction,
    inputs: CheckedInputs,
    options: GradgradcheckOptions & { grad_outputs?: Tensor | readonly Tensor[] | null },
  ): boolean;
}

/** A random gradient between -1 and 1, drawn as `torch.testing.make_tensor` draws. */
function randomGradient(like: Tensor, nonContiguous: boolean): Tensor {
  const dtype: Dtype = like.is_floating_point() || like.is_complex() ? like.dtype : float64;
  const spread = nonContiguous && like.numel() > 1;
  const { shape } = like;
  const size = spread ? [...shape.slice(0, -1), 2 * (shape.at(-1) as number)] : shape;
  const result = empty(size, { dtype, device: like.device });
  (dtype.is_complex ? view_as_real(result) : result).uniform_(-1, 1);
  return (spread ? result.view([...shape, 2]).select(-1, 1) : result).requires_grad_();
}

/**
 * `gradcheck` of the gradients themselves: whether second derivatives agree with finite differences, with respect to
 * the inputs and to `grad_outputs`, which are random where left out.
 *
 * @throws GradcheckError saying which Jacobian is wrong, unless `raise_exception` is false
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.gradcheck.gradgradcheck.html
 */
export const gradgradcheck = pythonFunction(
  'gradgradcheck',
  [
    'func',
    'inputs',
    'grad_outputs',
    '*',
    'eps',
    'atol',
    'rtol',
    'gen_non_contig_grad_outputs',
    'raise_exception',
    'nondet_tol',
    'check_undefined_grad',
    'check_grad_dtypes',
    'check_batched_grad',
    'check_fwd_over_rev',
    'check_rev_over_rev',
    'fast_mode',
    'masked',
  ],
  (
    func: CheckedFunction,
    inputs: CheckedInputs,
    grad_outputs: Tensor | readonly Tensor[] | null = null,
    eps: number = 1e-6,
    atol: number = 1e-5,
    rtol: number = 1e-3,
    gen_non_contig_grad_outputs: boolean = false,
    raise_exception: boolean = true,
    nondet_tol: number = 0,
    check_undefined_grad: boolean = true,
    check_grad_dtypes: boolean = false,
    check_batched_grad: boolean = false,
    check_fwd_over_rev: boolean = false,
    check_rev_over_rev: boolean = true,
    fast_mode: boolean = false,
    masked: boolean = false,
  ): boolean => {
    demand(
      check_fwd_over_rev || check_rev_over_rev,
      'Expected at least one of check_fwd_over_rev or check_rev_over_rev to be True',
    );
    demand(
      !check_undefined_grad || check_rev_over_rev,
      'Setting check_undefined_grad=True requires check_rev_over_rev to be True',
    );
    demand(
      !check_batched_grad || check_rev_over_rev,
      'Setting check_batched_grad=True requires check_rev_over_rev to be True',
    );
    const given = asTuple(inputs);
    const weights =
      grad_outputs === null
        ? differentiableOutputs(func(...given)).map((output) => randomGradient(output, gen_non_contig_grad_outputs))
        : outputsOf(grad_outputs);
    const count = weights.length;
    // gradcheck detaches inputs for forward mode: which of them gradients are wanted for is found out before.
    const wanted = [...given, ...weights].map(isDifferentiable);
    const gradients: Checked = (...args) => {
      const restored = args.map((arg, i) => (wanted[i] ? (arg as Tensor).requires_grad_() : arg));
      const sources = restored.slice(0, given.length);
      const outputs = differentiableOutputs(func(...sources));
      return grad(outputs, sources.filter((_, i) => wanted[i]) as Tensor[], {
        grad_outputs: restored.slice(restored.length - count) as Tensor[],
        create_graph: true,
        allow_unused: true,
      }).filter((gradient) => gradient !== null);
    };
    return gradcheck(gradients as CheckedFunction, [...given, ...weights], {
      eps,
      atol,
      rtol,
      raise_exception,
      nondet_tol,
      check_undefined_grad,
      check_grad_dtypes,
      check_batched_grad,
      fast_mode,
      check_forward_ad: check_fwd_over_rev,
      check_backward_ad: check_rev_over_rev,
      masked,
    });
  },
) as unknown as Gradgradcheck;
