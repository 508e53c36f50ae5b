/** `isotorch install`: its options, and what it says. */
import { Command, Option } from 'commander';
import type { InstallOptions } from '../../install';

/** Removes what is half done before a signal ends the process. */
function cleanUpOnSignals(clean: () => void): void {
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ] as const) {
    process.once(signal, () => {
      clean();
      process.exit(128 + number);
    });
  }
}

async function run(options: InstallOptions): Promise<void> {
  const { install, removeParts, shownBytes } = await import('../../install/index.js');
  cleanUpOnSignals(removeParts);
  const began = performance.now();
  const { entry, version, bytes, present } = await install(options, (line) => process.stderr.write(`${line}\n`));
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const took = present ? 'was there already' : `took ${seconds} s`;
  console.log(`libtorch ${version} is in ${entry} (${shownBytes(bytes)}, ${took})`);
  if (options.dir !== undefined) {
    console.log(`Programs find it where ISOTORCH_LIBTORCH=${entry} is set, or ISOTORCH_CACHE=${options.dir}.`);
  }
}

/** The subcommand. */
export function installCommand(): Command {
  return new Command('install')
    .summary('fetch libtorch')
    .description(
      'Fetches libtorch and puts what isotorch needs of it into a cache that all projects share (ISOTORCH_CACHE, ' +
        'else isotorch in XDG_CACHE_HOME or ~/.cache). Without options: the version that this isotorch is tested ' +
        'with, for the highest CUDA that the NVIDIA driver can run, or for the CPU.',
    )
    .addOption(new Option('--cpu', 'the build without CUDA').conflicts(['cuda', 'from']))
    .addOption(new Option('--cuda <major>', 'the build for this CUDA').choices(['12', '13']).conflicts('from'))
    .addOption(new Option('--libtorch <version>', 'minor or full version, such as 2.13').conflicts('from'))
    .option(
      '--from <file, folder or address>',
      "a wheel of torch, PyTorch's archive for C++, a folder with torch or libtorch, or a bundle",
    )
    .option('--dir <folder>', 'folder to use in place of the cache')
    .option('--headers', 'C++ headers, too: to build an addon against this libtorch')
    .option('--force', 'fetch it again where it is there already')
    .option('--no-pip', 'fetch without Python, from the list of known files')
    .addHelpText(
      'after',
      '\nProxies: HTTPS_PROXY, HTTP_PROXY, NO_PROXY; certificates: NODE_EXTRA_CA_CERTS.' +
        '\nWhat was interrupted goes on where it stopped. To uninstall, delete the folder.',
    )
    .action(run);
}
