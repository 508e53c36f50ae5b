/** `npm run demo`: document 4's experiment on the MNIST digits, from the command line. */
// By its own path: the room's door would start libtorch.
import { RunFailure } from '../train/failure';
import { parseDemoCommand } from './options';
import { UserError, userErrorExitCode } from './user_error';

/** Exit code of a run that could not go on. */
const failureExitCode = 1;

async function main(): Promise<number> {
  const command = parseDemoCommand(process.argv.slice(2));
  if (command === undefined) return 0;
  // libtorch's threads would spin while they wait, which on a busy machine costs several times the speed.
  process.env.OMP_WAIT_POLICY ??= 'PASSIVE';
  // Loaded only now, so that --help and mistakes are answered without starting libtorch.
  const { resumeDemo, startDemo } = await import('./run_demo.js');
  return 'resume' in command ? resumeDemo(command.resume) : startDemo(command.run);
}

// Where nobody reads any more (`npm run demo | head`), a run is stopped as by Ctrl-C, and saved.
process.stdout.on('error', () => {});
process.stdout.once('error', () => process.kill(process.pid, 'SIGINT'));

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    if (!(error instanceof UserError || error instanceof RunFailure)) throw error;
    console.error(`isotorch demo: ${error.message}`);
    process.exitCode = error instanceof UserError ? userErrorExitCode : failureExitCode;
  },
);
