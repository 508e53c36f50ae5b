/** What a step does, by the number of steps done before it. */
import { math, pow } from 'isotorch/python';

/** When regularisation and averaging begin. */
export interface CadenceOptions {
  readonly no_pl_reg: boolean;
  readonly path_length_after: number;
  readonly average_after: number;
}

/** Whether D's gradients are penalised: every 4th step. */
export const penalisesGradients = (step: number): boolean => step % 4 === 0;

/** Whether G's path lengths are: every 32nd step, after 5,000. */
export const penalisesPathLengths = (step: number, { no_pl_reg, path_length_after }: CadenceOptions): boolean =>
  !no_pl_reg && step > path_length_after && step % 32 === 0;

/** Whether the averages move: every 10th step, after 20,000. */
export const movesAverages = (step: number, { average_after }: CadenceOptions): boolean =>
  step % 10 === 0 && step > average_after;

/** Whether the averages become copies: at 2, 1,002, 2,002, …, up to 5,000 steps after they began to move. */
export const copiesAverages = (step: number, { average_after }: CadenceOptions): boolean =>
  step <= average_after + 5000 && step % 1000 === 2;

/** What decides how many images G is trained on. */
export interface TopKOptions {
  readonly batch_size: number;
  readonly gradient_accumulate_every: number;
  readonly generator_top_k_gamma: number;
  readonly generator_top_k_frac: number;
}

/** Images of a batch that G is trained on: ⌈batch · max(γ^passes, least share)⌉, of a data set of `count`. */
export function topK(step: number, options: TopKOptions, count: number): number {
  const { batch_size, gradient_accumulate_every, generator_top_k_gamma, generator_top_k_frac } = options;
  const passes = (step * batch_size * gradient_accumulate_every) / count;
  const share = Math.max(pow(generator_top_k_gamma, passes) as number, generator_top_k_frac);
  return Number(math.ceil(batch_size * share));
}
