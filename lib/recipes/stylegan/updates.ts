/** Updates of the networks: Adam with either place of ε, skipped where gradients are not finite. */
import type { Adam, Optimizer } from 'isotorch/optim';
import { finite_gradients, updated_parameters } from '../../train';
import { add_eps_as_tensorflow } from '../tensorflow_adam';

/** Options of updates. */
export interface UpdateOptions {
  readonly adam_eps: 'torch' | 'tensorflow';
  readonly nonfinite: 'skip' | 'stop';
}

/** An optimizer as the original treats its own. */
export class Updates {
  /** Updates since the last reset. */
  private count = 0;

  constructor(
    readonly optimizer: Adam,
    private readonly options: UpdateOptions,
  ) {}

  /** Forgets the averages of gradients. */
  reset(): void {
    this.optimizer.state.clear();
    this.count = 0;
  }

  /** Steps by a learning rate, with `update`; false where the gradients are not finite and the update is skipped. */
  step(lr: number, update: (optimizer: Optimizer) => void): boolean {
    const { nonfinite } = this.options;
    if (nonfinite === 'skip' && !finite_gradients(updated_parameters(this.optimizer))) return false;
    this.count++;
    for (const group of this.optimizer.param_groups) group.lr = lr;
    if (this.options.adam_eps === 'tensorflow') add_eps_as_tensorflow(this.optimizer, this.count);
    update(this.optimizer);
    return true;
  }

  state_dict(): { count: number } {
    return { count: this.count };
  }

  load_state_dict({ count }: { count: number }): void {
    this.count = count;
  }
}
