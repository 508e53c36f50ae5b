/** Progress at the terminal; nothing where there is none. */
import { SingleBar } from 'cli-progress';
import { shownBytes } from './disk';

/** Shows how far something is, in bytes. */
export interface Progress {
  /** @param total undefined while it is not known. */
  at(done: number, total: number | undefined): void;
  end(): void;
}

/** A bar on the terminal's error stream, so that what is printed stays clean. */
export function showProgress(label: string): Progress {
  if (!process.stderr.isTTY) return { at: () => {}, end: () => {} };
  const bar = new SingleBar({
    format: `${label} {bar} {percentage}%  {done} of {all}  {eta_formatted} left`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    gracefulExit: false,
    etaBuffer: 500,
    stream: process.stderr,
  });
  let started = false;
  return {
    at: (done, total) => {
      if (total === undefined) return;
      const shown = { done: shownBytes(done), all: shownBytes(total) };
      if (started) bar.update(done, shown);
      else bar.start(total, done, shown);
      started = true;
    },
    end: () => {
      if (started) bar.stop();
    },
  };
}
