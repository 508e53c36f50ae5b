/** `npm run demo`: document 4's experiment on the MNIST digits, from the command line. */
import { parseDemoCommand } from './options';
import { UserError, userErrorExitCode } from './user_error';

async function main(): Promise<number> {
  const command = parseDemoCommand(process.argv.slice(2));
  if (command === undefined) return 0;
  // libtorch's threads would spin while they wait, which on a busy machine costs several times the speed.
  process.env.OMP_WAIT_POLICY ??= 'PASSIVE';
  // Loaded only now, so that --help and mistakes are answered without starting libtorch.
  const { resumeDemo, startDemo } = await import('./run_demo.js');
  return 'resume' in command ? resumeDemo(command.resume) : startDemo(command.run);
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    console.error(`isotorch demo: ${error.message}`);
    process.exitCode = userErrorExitCode;
  },
);
