/** Jumps in a series of numbers, such as the cycle error: the document wants them watched, and has no formula. */

/** When a number is a jump. */
export interface JumpOptions {
  /** Numbers before it that it is compared with; before there are as many, nothing is a jump. */
  window?: number;
  /** Standard deviations from their mean. */
  deviations?: number;
  /** Share of their mean that it has to be away at least, so that noise around a quiet series is none. */
  least?: number;
}

/** What a detector has seen. */
export interface JumpState {
  recent: number[];
}

/** Mean of the window, and how far the number is from it. */
export interface Jump {
  value: number;
  mean: number;
  /** In standard deviations of the window; infinite where the window was constant. */
  deviations: number;
}

/**
 * Finds jumps: numbers that are more than `deviations` population standard deviations, and more than `least` of the mean,
 * away from the mean of the `window` numbers before them. After a jump the window starts afresh, so that a new level is
 * reported once.
 */
export class JumpDetector {
  readonly window: number;
  readonly deviations: number;
  readonly least: number;
  private recent: number[] = [];

  constructor({ window = 20, deviations = 4, least = 0.2 }: JumpOptions = {}) {
    if (!Number.isSafeInteger(window) || window < 2) throw new RangeError(`window: 2 numbers or more, not ${window}`);
    this.window = window;
    this.deviations = deviations;
    this.least = least;
  }

  /** Takes the next number; returns the jump that it is, or undefined. What is not finite always is one. */
  add(value: number): Jump | undefined {
    const { recent, window } = this;
    const mean = recent.reduce((sum, one) => sum + one, 0) / recent.length;
    const variance = recent.reduce((sum, one) => sum + (one - mean) * (one - mean), 0) / recent.length;
    const away = Math.abs(value - mean);
    const deviations = away / Math.sqrt(variance);
    const full = recent.length === window;
    const far = full && deviations > this.deviations && away > this.least * Math.abs(mean);
    if (!Number.isFinite(value) || far) {
      this.recent = Number.isFinite(value) ? [value] : [];
      return { value, mean, deviations };
    }
    this.recent = [...(full ? recent.slice(1) : recent), value];
    return undefined;
  }

  state_dict(): JumpState {
    return { recent: [...this.recent] };
  }

  load_state_dict({ recent }: JumpState): void {
    this.recent = [...recent];
  }
}
