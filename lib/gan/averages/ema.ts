/** Exponential moving averages of networks, in the four expressions that are in use: equal on paper, not in the last bits. */
import { no_grad, type Tensor } from 'isotorch';
import type { Module } from 'isotorch/nn';
import { pow } from 'isotorch/python';

type Move = (average: Tensor, value: Tensor, beta: number) => void;

const FORMS = {
  /** old · β + (1 − β) · new: lucidrains' stylegan2-pytorch. */
  lucidrains: (average, value, beta) => average.copy_(average.mul(beta).add(value.mul(1 - beta))),
  /** old.mul_(β).add_(new, alpha = 1 − β): rosinality's stylegan2-pytorch. */
  rosinality: (average, value, beta) => average.mul_(beta).add_(value, { alpha: 1 - beta }),
  /** new.lerp(old, β): StyleGAN2-ADA. */
  ada: (average, value, beta) => average.copy_(value.lerp(average, beta)),
  /** new + (old − new) · β: StyleGAN in TensorFlow. */
  stylegan: (average, value, beta) => average.copy_(value.add(average.sub(value).mul(beta))),
} satisfies Record<string, Move>;

/** Which expression moves an average. */
export type AverageForm = keyof typeof FORMS;

/** All of them. */
export const average_forms = Object.keys(FORMS) as AverageForm[];

/** Options of `update_average`. */
export interface AverageOptions {
  form?: AverageForm;
  /**
   * What becomes of BatchNorm's statistics and other buffers: `copied` from the network, `averaged` as parameters are (those that
   * count are copied), or `kept` as they are, for `standing_statistics` to compute anew.
   */
  buffers?: 'copied' | 'averaged' | 'kept';
}

/**
 * Moves every parameter of `average` towards that of the same name in `net`, keeping β of the old value.
 * @param average a copy of the network, such as `copy.deepcopy(net)` is in Python
 * @throws TypeError where a parameter or buffer has no counterpart
 */
export function update_average(
  average: Module,
  net: Module,
  beta: number,
  { form = 'ada', buffers = 'copied' }: AverageOptions = {},
): void {
  const move: Move | undefined = FORMS[form];
  if (move === undefined) throw new TypeError(`form has to be one of ${average_forms.join(', ')}, not ${String(form)}`);
  no_grad(() => {
    const parameters = new Map<string, Tensor>(net.named_parameters());
    for (const [name, own] of average.named_parameters()) move(own, counterpart(parameters, name), beta);
    if (buffers === 'kept') return;
    const values = new Map(net.named_buffers());
    for (const [name, own] of average.named_buffers()) {
      const value = counterpart(values, name);
      if (buffers === 'averaged' && own.is_floating_point()) move(own, value, beta);
      else own.copy_(value);
    }
  });
}

function counterpart(values: ReadonlyMap<string, Tensor>, name: string): Tensor {
  const value = values.get(name);
  if (value === undefined) throw new TypeError(`the network has no '${name}', which the average has`);
  return value;
}

/** Makes `average` the network as it is: parameters and buffers. */
export function reset_average(average: Module, net: Module): void {
  average.load_state_dict(net.state_dict());
}

/**
 * β of a step of `batch_size` images after which half of an average is left in `half_life` images: ½^(batch_size / half_life).
 * @param so_far images so far, where the half-life is to grow with them up to its value: at most so_far · rampup
 */
export function average_beta(
  batch_size: number,
  half_life: number,
  { so_far, rampup = 0.05 }: { so_far?: number; rampup?: number } = {},
): number {
  const life = so_far === undefined ? half_life : Math.min(half_life, so_far * rampup);
  return pow(0.5, batch_size / Math.max(life, 1e-8)) as number;
}
