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
    .map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`)
    .join('  ');
}

/** A span of time in its two largest units: `1h 05m`, `3m 20s`, `12s`. */
export function shownSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  if (hours > 0) return `${hours}h ${two(minutes)}m`;
  return minutes > 0 ? `${minutes}m ${two(whole % 60)}s` : `${whole}s`;
}

/** A moment of a run. */
interface Mark {
  /** Milliseconds. */
  time: number;
  steps: number;
  images: number;
}

/** Rates of the last minute: steps may become slower, as where images grow. */
export class Rates {
  private readonly marks: Mark[] = [];

  /**
   * @param from Steps done before
   * @param images Images seen so far; undefined where nobody counts them
   */
  constructor(
    private readonly steps: number,
    from: number,
    private readonly images: (() => number) | undefined,
    private readonly clock: () => number = () => performance.now(),
  ) {
    this.marks.push({ time: clock(), steps: from, images: images?.() ?? 0 });
  }

  /** Steps and images a second, and how long it takes still, in words. */
  at(done: number): string {
    const now = { time: this.clock(), steps: done, images: this.images?.() ?? 0 };
    // A run that went back to a snapshot begins anew.
    if (done < this.marks.at(-1)!.steps) this.marks.length = 0;
    if (this.marks.length === 0 || now.time - this.marks.at(-1)!.time >= 1000) this.marks.push(now);
    while (this.marks.length > 1 && now.time - this.marks[1]!.time > 60_000) this.marks.shift();
    const since = this.marks[0]!;
    const seconds = Math.max(now.time - since.time, 1) / 1000;
    const steps = (now.steps - since.steps) / seconds;
    const images = this.images === undefined ? [] : [`${((now.images - since.images) / seconds).toFixed(1)} images/s`];
    const left = steps > 0 ? [`${shownSeconds((this.steps - done) / steps)} left`] : [];
    return [`${steps.toFixed(1)} steps/s`, ...images, ...left].join('  ');
  }
}

function bar(name: string, steps: number, from: number, rates: Rates): Progress {
  const line = new SingleBar({
    format: `${name} {bar} {value}/{total}  {rates}  {means}`,
    stream: process.stdout,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 20,
    hideCursor: true,
    // The program has its own Ctrl-C.
    gracefulExit: false,
  });
  let means = '';
  line.start(steps, from, { rates: '', means });
  return {
    step: (done) => line.update(done, { rates: rates.at(done), means }),
    tick: (done, values) => {
      means = shown(values);
      line.update(done, { rates: rates.at(done), means });
    },
    end: () => line.stop(),
  };
}

function lines(name: string, steps: number, rates: Rates): Progress {
  return {
    step: () => {},
    tick: (done, means) => console.log(`${name} ${done}/${steps}  ${rates.at(done)}  ${shown(means)}`),
    end: () => {},
  };
}

/**
 * Progress of `steps` steps of the run called `name`, going on from step `from`.
 *
 * @param images Gives the number of images seen so far
 */
export function showProgress(name: string, steps: number, from = 0, images?: () => number): Progress {
  const rates = new Rates(steps, from, images);
  return process.stdout.isTTY ? bar(name, steps, from, rates) : lines(name, steps, rates);
}
