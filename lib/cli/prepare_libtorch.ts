/** What is to be said to libtorch before it is loaded. */

let prepared = false;

/** Must come before the first import of `isotorch`; once is enough for a process. */
export function prepareLibtorch(): void {
  if (prepared) return;
  prepared = true;
  // libtorch's threads would spin while they wait, which on a busy machine costs several times the speed.
  process.env.OMP_WAIT_POLICY ??= 'PASSIVE';
  // Where nobody reads any more (`isotorch train … | head`), a run is stopped as by Ctrl-C, and saved.
  process.stdout.on('error', () => {});
  process.stdout.once('error', () => process.kill(process.pid, 'SIGINT'));
}
