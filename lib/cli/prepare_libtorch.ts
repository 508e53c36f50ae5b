/** What is to be said to libtorch before it is loaded. */

/** Must come before the first import of `isotorch`. */
export function prepareLibtorch(): void {
  // libtorch's threads would spin while they wait, which on a busy machine costs several times the speed.
  process.env.OMP_WAIT_POLICY ??= 'PASSIVE';
  // Where nobody reads any more (`isotorch train … | head`), a run is stopped as by Ctrl-C, and saved.
  process.stdout.on('error', () => {});
  process.stdout.once('error', () => process.kill(process.pid, 'SIGINT'));
}
