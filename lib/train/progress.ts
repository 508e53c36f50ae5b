/** Progress on the terminal: a bar where there is one, plain lines elsewhere. */
import { SingleBar } from 'cli-progress';

/** Shows how far a training run is. */
export interface Progress {
  /** After every step. */
  step(done: number): void;
  /** After every tick, with the means to show. */
  tick(done: number, means: Record<string, number>): void;
  /** When the run stops. */
  end(): void;
}

function shown(means: Record<string, number>): string {
  return Object.entries(means)
    .map(([name, value]) => `${name} ${value.toFixed(3)}`)
    .join('  ');
}

/** Steps per second since the run (or its continuation) began. */
class Speed {
  readonly #began = performance.now();
  readonly #from: number;

  constructor(from: number) {
    this.#from = from;
  }

  at(done: number): string {
    const seconds = (performance.now() - this.#began) / 1000;
    return `${((done - this.#from) / Math.max(seconds, 1e-3)).toFixed(1)} steps/s`;
  }
}

function bar(name: string, steps: number, from: number): Progress {
  const speed = new Speed(from);
  const line = new SingleBar({
    format: `${name} {bar} {value}/{total}  {speed}  {means}  {eta_formatted} left`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 20,
    hideCursor: true,
    // The program has its own Ctrl-C.
    gracefulExit: false,
    etaBuffer: 200,
  });
  let means = '';
  line.start(steps, from, { speed: '', means });
  return {
    step: (done) => line.update(done, { speed: speed.at(done), means }),
    tick: (done, values) => {
      means = shown(values);
      line.update(done, { speed: speed.at(done), means });
    },
    end: () => line.stop(),
  };
}

function lines(name: string, steps: number, from: number): Progress {
  const speed = new Speed(from);
  return {
    step: () => {},
    tick: (done, means) => console.log(`${name} ${done}/${steps}  ${speed.at(done)}  ${shown(means)}`),
    end: () => {},
  };
}

/** Progress of `steps` steps of the run called `name`, going on from step `from`. */
export function showProgress(name: string, steps: number, from = 0): Progress {
  return process.stdout.isTTY ? bar(name, steps, from) : lines(name, steps, from);
}
