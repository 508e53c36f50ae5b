/** `isotorch repro`: runs a program under portable settings, or prints them. Does not start libtorch itself. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { portableEnvironment, type PortableSettings, strictPython } from '../../envelope/settings';
import { processorFlags } from '../../envelope/processor';
import { runInPlace } from '../run_in_place';
import { UserError } from '../user_error';

/** Lines for a shell, and for a Python program, that make the settings. */
export function printedSettings(settings: PortableSettings): string {
  const variables = Object.entries(portableEnvironment(settings));
  const python = [
    'import os',
    `os.environ.update(${JSON.stringify(Object.fromEntries(variables.filter(([name]) => name !== 'ISOTORCH_REPRO')))})`,
    'import torch',
    ...(settings.strict ? strictPython : []),
  ];
  return [
    ...variables.map(([name, value]) => `export ${name}=${value}`),
    '',
    '# The same in Python, at the top of the program:',
    ...python.map((line) => `#   ${line}`),
  ].join('\n');
}

/** Why the settings would not hold on this machine; undefined where they do. */
function obstacle(): string | undefined {
  if (process.arch !== 'x64')
    return `the portable settings are those of x86-64 processors, and this one is ${process.arch}`;
  const flags = processorFlags();
  if (flags.size === 0 || (flags.has('avx2') && flags.has('fma'))) return undefined;
  return 'this processor has no AVX2, which the portable settings are made of';
}

/** What else a program in Python needs under the strict settings. */
function noteForPython(program: string, { strict }: PortableSettings): void {
  if (!strict || !/(^|[/\\])python[\d.]*$/.test(program)) return;
  const lines = strictPython.map((line) => `  ${line}`).join('\n');
  console.error(`isotorch repro: Python reads no variable for these; put them after its "import torch":\n${lines}`);
}

function threadCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > 4096)
    throw new InvalidArgumentError('It takes a whole number from 1 to 4096.');
  return count;
}

interface ReproOptions extends PortableSettings {
  print: boolean;
}

async function repro(command: readonly string[], { print, threads, strict }: ReproOptions): Promise<void> {
  const settings = { threads, strict };
  const [program, ...args] = command;
  if (print) {
    if (program !== undefined) throw new UserError("option '--print' runs no program: leave one of the two out");
    console.log(printedSettings(settings));
    return;
  }
  if (program === undefined) {
    throw new UserError('nothing to run: isotorch repro -- node script.mjs\nOr --print, for the settings themselves.');
  }
  const why = obstacle();
  if (why !== undefined) throw new UserError(`${why}.`);
  noteForPython(program, settings);
  await runInPlace('isotorch repro', program, args, portableEnvironment(settings));
}

/** The subcommand. */
export function reproCommand(): Command {
  return new Command('repro')
    .summary('run a program so that its numbers are those of other machines')
    .description(
      'Runs a program so that its numbers do not depend on the kind of x86-64 processor, nor on how many it has.\n' +
        'docs/envelope.md says what that promises, and what it costs.',
    )
    .usage('[options] -- <program> [arguments…]')
    .argument('[program...]', 'what to run, with its arguments')
    .addOption(
      new Option('--threads <n>', 'threads of one operation; compare runs of the same number')
        .argParser(threadCount)
        .default(1),
    )
    .addOption(
      new Option('--strict', 'also one thread, deterministic algorithms, no oneDNN, no TF32')
        .default(false)
        .conflicts('threads'),
    )
    .option('--print', 'print the settings for a shell, and for a Python program', false)
    .action(repro);
}
