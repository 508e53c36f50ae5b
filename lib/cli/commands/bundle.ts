/** `isotorch bundle`: its options, and what it says. */
import { Command } from 'commander';
import type { BundleOptions } from '../../install';
import { packageFolder } from '../package';

async function run(options: BundleOptions): Promise<void> {
  const { makeBundle, shownBytes } = await import('../../install/index.js');
  const { file, bytes, version } = await makeBundle(packageFolder, options, (line) =>
    process.stderr.write(`${line}\n`),
  );
  console.log(`isotorch and libtorch ${version} are in ${file} (${shownBytes(bytes)}).`);
  console.log(`On the other machine: npx isotorch install --from ${file}`);
}

/** The subcommand. */
export function bundleCommand(): Command {
  return new Command('bundle')
    .summary('make one archive for a machine without network')
    .description(
      'Makes one archive with this package and an installed libtorch, for a machine without network. Its README ' +
        'says how to use it there.',
    )
    .option('--out <file>', 'the archive (default: isotorch-<version>-libtorch-<version>-….tar.gz)')
    .option('--libtorch <version>', 'which of the installed ones, by minor or full version')
    .option('--dir <folder>', 'folder that "install --dir" was given')
    .action(run);
}
