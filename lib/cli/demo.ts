/** `npm run demo`: document 4's experiment on the MNIST digits, from the command line. */
import { RunFailure } from '../train/failure';
import { parseDemoCommand } from './options';
import { prepareLibtorch } from './prepare_libtorch';
import { UserError, userErrorExitCode } from './user_error';

/** Exit code of a run that could not go on. */
const failureExitCode = 1;

async function main(): Promise<number> {
  prepareLibtorch();
  const command = parseDemoCommand(process.argv.slice(2));
  if (command === undefined) return 0;
  // Loaded only now, so that --help and mistakes are answered without starting libtorch.
  const { resumeDemo, startDemo } = await import('./run_demo.js');
  return 'resume' in command ? resumeDemo(command.resume) : startDemo(command.run);
}

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
