/** Gradients of scores by the images that they judge, in a graph of their own: what a penalty's own gradient goes through. */
import { autograd, type Tensor } from 'isotorch';
import type { Reduction } from '../losses/reduction';

/** A network that judges images: a Module, or any function of one tensor. */
export type Critic = (images: Tensor) => Tensor;

/** Options of every penalty on gradients. */
export interface PenaltyOptions {
  /** What becomes of the samples' penalties; `mean` where nothing is said. */
  reduction?: Reduction;
}

/**
 * Gradient of Σ scores by the images, shaped as they are. A network is called on the images' values; logits are taken as they
 * are, so that one forward pass serves loss and penalty, and the images must have required a gradient before it.
 * @throws TypeError where logits are given and the images require no gradient
 */
export function input_gradient(critic: Critic | Tensor, images: Tensor): Tensor {
  const given = typeof critic !== 'function';
  if (given && !images.requires_grad) {
    throw new TypeError(
      'the logits have no gradient by these images: call images.requires_grad_() before the network, or give the network itself',
    );
  }
  const input = given ? images : images.detach().requires_grad_();
  const logits = given ? critic : critic(input);
  const [gradient] = autograd.grad(logits.sum(), input, { create_graph: true });
  return gradient!;
}

/** ‖∇‖₂ of each sample. Its gradient at a zero vector is zero, where that of a square root would not be a number. */
export const gradient_norms = (gradient: Tensor): Tensor => gradient.flatten(1).norm({ p: 2, dim: 1 });

/** ‖∇‖₂² of each sample. */
export const squared_gradient_norms = (gradient: Tensor): Tensor => gradient.square().flatten(1).sum(1);

/** (‖∇‖₂ − target)² of each sample. */
export const norm_errors = (gradient: Tensor, target: number): Tensor => gradient_norms(gradient).sub(target).square();
