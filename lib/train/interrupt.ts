/** Ctrl-C: the first one asks the loop to stop after its step, the second one quits at once. */

/** Exit code of a program ended by Ctrl-C (128 + SIGINT). */
export const interruptedExitCode = 130;

/** Watches for SIGINT and SIGTERM until `release` is called. */
export class Interrupt {
  /** Whether a stop has been asked for; the training loop reads it once per step. */
  requested = false;

  readonly #onSignal = (): void => {
    if (this.requested) process.exit(interruptedExitCode);
    this.requested = true;
    this.#announce();
  };

  readonly #announce: () => void;

  /** `announce` is called at the first signal, to say what happens next. */
  constructor(announce: () => void) {
    this.#announce = announce;
    process.on('SIGINT', this.#onSignal);
    process.on('SIGTERM', this.#onSignal);
  }

  release(): void {
    process.off('SIGINT', this.#onSignal);
    process.off('SIGTERM', this.#onSignal);
  }
}
