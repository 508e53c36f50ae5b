/** The error for pickles that are not read. */
import { ValueError } from '../../native';

/** A pickle names what may not be loaded, or is damaged (Python: pickle.UnpicklingError). */
export class UnpicklingError extends ValueError {
  override name = 'UnpicklingError';
}
