/** `isotorch doctor`: its options, and what it prints. */
import { Command } from 'commander';
import { packageFolder, packageVersion } from '../package';

async function run({ json = false }: { json?: boolean }): Promise<void> {
  const { examine, reportText } = await import('../../doctor/index.js');
  const report = await examine(packageFolder, packageVersion());
  process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
  process.exitCode = report.ok ? 0 : 1;
}

/** The subcommand. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .summary('say whether training works here, and what mends it where not')
    .description(
      'Shows the machine, the driver, every libtorch that was found and the one that is taken, and computes something ' +
        'whose bits are known. Ends with 0 where training works, else with 1 and what mends it.',
    )
    .option('--json', 'as JSON; docs/install.md says what the keys mean')
    .action(run);
}
