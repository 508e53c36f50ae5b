/** The command `isotorch` and its subcommands. It works where libtorch or the addon cannot be loaded: mending that is what it is for. */
import { Command, CommanderError } from 'commander';
import { bundleCommand } from './commands/bundle';
import { dataCommand } from './commands/data';
import { doctorCommand } from './commands/doctor';
import { evaluateCommand } from './commands/evaluate';
import { infoCommand } from './commands/info';
import { installCommand } from './commands/install';
import { recipesCommand } from './commands/recipes';
import { replayCommand } from './commands/replay';
import { reportCommand } from './commands/report';
import { reproCommand } from './commands/repro';
import { resumeCommand } from './commands/resume';
import { sampleCommand } from './commands/sample';
import { trainCommand } from './commands/train';
import { packageVersion } from './package';
import { UserError, userErrorExitCode } from './user_error';

/** Exit code of a command that could not do its work. */
const failureExitCode = 1;

/** All commands, in the order of `--help`. */
const COMMANDS = (): Command[] => [
  ...[recipesCommand(), dataCommand(), trainCommand(), resumeCommand(), replayCommand()],
  ...[sampleCommand(), evaluateCommand(), reportCommand(), infoCommand()],
  ...[installCommand(), doctorCommand(), bundleCommand(), reproCommand()],
];

/** Gives a command, and those below it, what all have. `path` is that of the one above. */
function settle(above: Command, command: Command, path: string): void {
  const own = `${path} ${command.name()}`;
  command
    .helpOption('--help', 'show this')
    .allowExcessArguments(false)
    .copyInheritedSettings(above)
    .showHelpAfterError(`See ${own} --help for all options.`);
  for (const subcommand of command.commands) settle(command, subcommand, own);
  if (!above.commands.includes(command)) above.addCommand(command);
}

function program(): Command {
  const command = new Command('isotorch')
    .description("PyTorch's numbers in TypeScript: trainings, and what the package needs around it.")
    .version(packageVersion(), '--version', 'show the version of isotorch')
    .helpOption('--help', 'show this')
    .helpCommand(false)
    .exitOverride()
    .showHelpAfterError('See --help for all commands.');
  for (const subcommand of COMMANDS()) settle(command, subcommand, 'isotorch');
  return command;
}

/** What is said of an error: one that is about the machine or the network needs no stack. */
function said(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return ['InstallFailure', 'NonFinite', 'RunFailure', 'UserError'].includes(error.name)
    ? error.message
    : (error.stack ?? error.message);
}

/** Does what a command line says. Its exit code is `process.exitCode`; errors have been said. */
export async function runCommand(args: readonly string[]): Promise<void> {
  const command = program();
  try {
    if (args.length === 0) command.outputHelp();
    else await command.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      // Said by commander already.
      process.exitCode = error.exitCode === 0 ? 0 : userErrorExitCode;
      return;
    }
    process.stderr.write(`isotorch: ${said(error)}\n`);
    process.exitCode = error instanceof UserError ? userErrorExitCode : failureExitCode;
  }
}
