/** Means of per-step statistics, summed on the device and read once a tick. */
import { no_grad } from 'isotorch/autograd';
import { float64, keep, type Tensor, zeros } from 'isotorch';

/** Sums since the last `take`, as stored in a checkpoint. */
export interface Sums {
  count: number;
  totals: Record<string, Tensor>;
}

/** Running sums of named one-number tensors. */
export class RunningMeans {
  #totals = new Map<string, Tensor>();
  #count = 0;

  /** Adds one step's values. */
  add(values: Readonly<Record<string, Tensor>>): void {
    no_grad(() => {
      for (const [name, value] of Object.entries(values)) this.#total(name, value).add_(value.detach());
    });
    this.#count++;
  }

  /** The means since the last call, which then starts afresh; empty when nothing was added. */
  take(): Record<string, number> {
    const means: Record<string, number> = {};
    for (const [name, total] of this.#totals) {
      if (this.#count > 0) means[name] = total.item() / this.#count;
      total.zero_();
    }
    this.#count = 0;
    return means;
  }

  /** What has been added since the last `take`; the tensors are this object's own. */
  sums(): Sums {
    return { count: this.#count, totals: Object.fromEntries(this.#totals) };
  }

  /** Puts back what `sums` gave. */
  restore({ count, totals }: Sums): void {
    this.#count = count;
    this.#totals = new Map(Object.entries(totals).map(([name, total]) => [name, keep(total.clone())]));
  }

  /** The sum's tensor, on the values' device. */
  #total(name: string, like: Tensor): Tensor {
    const total = this.#totals.get(name);
    if (total !== undefined && String(total.device) === String(like.device)) return total;
    const moved = keep((total ?? zeros([], { dtype: float64 })).to(like.device));
    this.#totals.set(name, moved);
    return moved;
  }
}
