/** Ends a training that gets no better. */
import type { EarlyStoppingOptions } from './options';
import type { Stateful } from './training_checkpoint';

/** What has been seen of validations. */
export interface EarlyStoppingState {
  best: number | null;
  best_epoch: number;
  epoch: number;
  /** Validations since the best one. */
  waited: number;
}

/**
 * Watches a metric that is to fall. A validation is better when it is more than `min_delta` below the best one; NaN never is. With
 * patience p the training is over at the first validation that ends p epochs, or is the p-th, without a better one.
 */
export class EarlyStopping implements Stateful {
  private state: EarlyStoppingState = { best: null, best_epoch: 0, epoch: 0, waited: 0 };

  constructor(private readonly options: Pick<EarlyStoppingOptions, 'patience' | 'patience_unit' | 'min_delta'>) {}

  /** Takes a validation after pass `epoch`; whether it is better than all before. */
  validated(metric: number, epoch: number): boolean {
    const { best } = this.state;
    const better = best === null ? !Number.isNaN(metric) : metric < best - this.options.min_delta;
    if (better) this.state = { best: metric, best_epoch: epoch, epoch, waited: 0 };
    else this.state = { ...this.state, epoch, waited: this.state.waited + 1 };
    return better;
  }

  /** Why the training is over; undefined where it is not. */
  over(): string | undefined {
    const { patience, patience_unit } = this.options;
    const { best, best_epoch, epoch, waited } = this.state;
    const gone = patience_unit === 'epochs' ? epoch - best_epoch : waited;
    if (patience === 0 || gone < patience) return undefined;
    return `no better validation for ${gone} ${patience_unit}; the best was ${best} after epoch ${best_epoch}`;
  }

  state_dict(): EarlyStoppingState {
    return { ...this.state };
  }

  load_state_dict(state: EarlyStoppingState): void {
    this.state = { ...state };
  }
}
