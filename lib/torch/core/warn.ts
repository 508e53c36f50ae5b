/** Python's `warnings.warn`, as Node's `process.on('warning')` shows it. What libtorch itself says is a `TorchWarning`. */
import { emitWarning } from '../native';

/** Python's categories that are in use. */
type Category = 'UserWarning' | 'FutureWarning' | 'DeprecationWarning';

/** Warns, once for each place in the user's code; every time after `set_warn_always(true)`. */
export function warn(message: string, category: Category = 'UserWarning'): void {
  emitWarning(message, category);
}

const said = new Set<string>();

/** Warns the first time only. */
export function warnOnce(message: string, category?: Category): void {
  if (said.has(message)) return;
  said.add(message);
  warn(message, category);
}
