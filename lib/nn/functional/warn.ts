/** Python's `warnings.warn`: a `UserWarning` on Node's `process.on('warning')`. */
export function warn(message: string): void {
  process.emitWarning(message, 'UserWarning');
}
