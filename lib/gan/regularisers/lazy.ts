/** Lazy regularisation (Karras et al. 2020, https://arxiv.org/abs/1912.04958): a penalty every k-th step only. */
import { pow } from 'isotorch/python';

/** Whether a penalty of interval k is due in a step, which are counted from 0. */
export const lazy_due = (step: number, interval: number): boolean => step % interval === 0;

/** What a penalty that is due is multiplied by, so that it weighs as much as one that is due at every step: k. */
export const lazy_gain = (interval: number): number => interval;

/** A learning rate and Adam's betas. */
export interface AdamRates {
  lr: number;
  betas: [beta1: number, beta2: number];
}

/**
 * Adam's rates where the penalty is a step of its own after every k-th: with c = k/(k+1), lr·c and β^c, so that k + 1 steps move
 * parameters and moments as k did.
 */
export function lazy_rates({ lr, betas }: AdamRates, interval: number): AdamRates {
  const c = interval / (interval + 1);
  const powered = betas.map((beta) => pow(beta, c) as number);
  return { lr: lr * c, betas: [powered[0]!, powered[1]!] };
}
