/** Means of what phases return, since the last line of metrics: summed on the device, read once a tick. */
import { float64, keep, no_grad, type Tensor, zeros } from 'isotorch';
import type { Values } from './training';

/** A sum, and how many values are in it: not every phase runs in every step. */
interface Sum {
  total: Tensor;
  count: number;
}

/** Running means of named one-number tensors. */
export class Means {
  private readonly sums = new Map<string, Sum>();

  add(values: Values): void {
    no_grad(() => {
      for (const [name, value] of Object.entries(values)) {
        let sum = this.sums.get(name);
        if (sum === undefined) {
          sum = { total: keep(zeros([], { dtype: float64, device: value.device })), count: 0 };
          this.sums.set(name, sum);
        }
        sum.total.add_(value.detach());
        sum.count++;
      }
    });
  }

  /** The means since the last `take`. */
  read(): Record<string, number> {
    const counted = [...this.sums].filter(([, { count }]) => count > 0);
    return Object.fromEntries(counted.map(([name, { total, count }]) => [name, total.item() / count]));
  }

  /** The same, which then starts afresh. */
  take(): Record<string, number> {
    const means = this.read();
    for (const sum of this.sums.values()) {
      sum.total.zero_();
      sum.count = 0;
    }
    return means;
  }

  state_dict(): Record<string, Sum> {
    return Object.fromEntries(this.sums);
  }

  load_state_dict(state: Record<string, Sum>): void {
    this.sums.clear();
    for (const [name, { total, count }] of Object.entries(state)) {
      this.sums.set(name, { total: keep(total.clone()), count });
    }
  }
}
