/** Opens a training for the command line. */
import { DataError } from '../data';
import { OptionError, type OpenedTraining, openTraining, type RunOptions } from '../train';
import { UserError } from './user_error';

/** Opens a training as the command line does. @throws UserError where options or data do not fit */
export async function openRun(run: RunOptions): Promise<OpenedTraining> {
  try {
    return await openTraining(run);
  } catch (cause) {
    if (!(cause instanceof OptionError || cause instanceof DataError)) throw cause;
    throw new UserError(cause.message, { cause });
  }
}
