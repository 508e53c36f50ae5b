/** What commands that make folders have in common: how failures, interruptions and progress are shown. */
import { SingleBar } from 'cli-progress';
import { prepareLibtorch } from './prepare_libtorch';
import { UserError } from './user_error';

/** Shows how many files are done: a bar on a terminal, else a line each quarter. */
export interface FileProgress {
  show(done: number, total: number): void;
  end(): void;
}

/** Fewest files for which progress is worth a line. */
const FEWEST = 200;

/** Progress on stderr, so that what is printed at the end can be read by programs. */
function fileProgress(what: string): FileProgress {
  let bar: SingleBar | undefined;
  let quarter = 0;
  return {
    show(done, total) {
      if (total < FEWEST) return;
      if (!process.stderr.isTTY) {
        if (Math.floor((4 * done) / total) > quarter) {
          quarter = Math.floor((4 * done) / total);
          process.stderr.write(`${what} ${done}/${total}\n`);
        }
        return;
      }
      if (bar === undefined) {
        const format = `${what} {bar} {value}/{total}  {eta_formatted} left`;
        bar = new SingleBar({ format, barsize: 20, hideCursor: true, gracefulExit: false, stream: process.stderr });
        bar.start(total, done);
      } else bar.update(done);
    },
    end() {
      bar?.stop();
      bar = undefined;
      quarter = 0;
    },
  };
}

const signals = [
  ['SIGINT', 2],
  ['SIGTERM', 15],
  ['SIGHUP', 1],
] as const;

/** What a person can do about an error of the system. */
function remedyFor(code: string): string {
  if (['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code))
    return '\nThe disk is full: make room, or choose a folder on another.';
  if (['EACCES', 'EPERM', 'EROFS'].includes(code)) return '\nChoose a folder that can be written.';
  return '';
}

/**
 * Runs a command that makes a folder. What it cannot do is said without a stack; a signal first removes what is half done.
 *
 * @throws UserError
 */
export async function making(what: string, work: (progress: FileProgress) => Promise<void>): Promise<void> {
  prepareLibtorch();
  const { DataError, removeUnfinished } = await import('../data/index.js');
  const { isSystemError } = await import('../system/index.js');
  const progress = fileProgress(what);
  const handlers = signals.map(([signal, number]) => {
    const handler = (): never => {
      progress.end();
      removeUnfinished();
      return process.exit(128 + number);
    };
    process.once(signal, handler);
    return [signal, handler] as const;
  });
  try {
    await work(progress);
  } catch (cause) {
    progress.end();
    if (cause instanceof DataError) throw new UserError(cause.message, { cause });
    if (isSystemError(cause)) throw new UserError(`${cause.message}${remedyFor(cause.code)}`, { cause });
    throw cause;
  } finally {
    progress.end();
    for (const [signal, handler] of handlers) process.off(signal, handler);
  }
}
