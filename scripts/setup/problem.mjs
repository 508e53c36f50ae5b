/** A set-up failure that a user can act on: what went wrong, and what to do about it. */
export class SetupProblem extends Error {
  /**
   * @param {string} cause one sentence: what is wrong
   * @param {string} fix one sentence or command: what to do
   * @param {string} [output] what the failing command printed
   */
  constructor(cause, fix, output = '') {
    super(cause);
    this.name = 'SetupProblem';
    this.fix = fix;
    this.output = output;
  }
}

// What a command's output says about a failure that has nothing to do with the command itself.
const OUTSIDE_CAUSES = [
  {
    pattern: /ENOSPC|No space left on device|Disk quota exceeded/i,
    cause: 'the disk is full',
    fix: 'free some space (the whole set-up needs about 4 GB), then run the same command again',
  },
  {
    pattern:
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|network (?:is )?unreachable|name resolution|Failed to establish a new connection|Max retries exceeded|ConnectTimeout|ReadTimeout/i,
    cause: 'the package registry cannot be reached',
    fix: 'check the network connection (and proxy settings), then run the same command again',
  },
];

/**
 * Turns a failed command into a problem: a cause outside the command where its output names one, else the given one.
 * @param {string} output
 * @param {string} cause
 * @param {string} fix
 */
export function explain(output, cause, fix) {
  const outside = OUTSIDE_CAUSES.find((known) => known.pattern.test(output));
  if (outside) {
    const evidence = output.split('\n').filter((line) => outside.pattern.test(line));
    return new SetupProblem(`${cause}: ${outside.cause}`, outside.fix, evidence.slice(-2).join('\n'));
  }
  return new SetupProblem(cause, fix, output);
}
