/** `isotorch info <run|file>`: what is in a run folder, a snapshot, or a file of PyTorch. */
import { statSync } from 'node:fs';
import { Command } from 'commander';
import { prepareLibtorch } from '../prepare_libtorch';

interface Flags {
  json?: boolean;
  all?: boolean;
}

async function info(path: string, { json = false, all = false }: Flags): Promise<void> {
  prepareLibtorch();
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const { fileInfo, fileText, runInfo, runText } = await import('../info/index.js');
  if (isFolder) {
    const found = runInfo(path);
    console.log(json ? JSON.stringify(found, null, 2) : runText(found, all));
    return;
  }
  const found = fileInfo(path);
  console.log(json ? JSON.stringify(found, null, 2) : fileText(found, all));
}

/** The subcommand. */
export function infoCommand(): Command {
  return new Command('info')
    .summary('show what is in a run folder or a file')
    .description(
      'Shows what is in a run folder, a snapshot, a .pt file of PyTorch, a safetensors file or one of NumPy: tensors with ' +
        "shapes and dtypes, counters, names of Python's objects. The whole file is read and checked; nothing of it is run.",
    )
    .argument('<run or file>', 'a run folder, or a file')
    .option('--all', 'all tensors and values, also of long lists')
    .option('--json', 'as JSON')
    .action(info);
}
