/** A mistake of the person at the command line: shown without a stack, exit code 2. */
export class UserError extends Error {
  override name = 'UserError';
}

/** Exit code of a refused command line. */
export const userErrorExitCode = 2;
