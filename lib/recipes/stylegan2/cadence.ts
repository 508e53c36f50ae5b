/** What a step does, by the number of steps done before it. */

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
