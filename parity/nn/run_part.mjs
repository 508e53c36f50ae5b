// One part, in this process; its outcome goes to a file.
import { writeFileSync } from 'node:fs';
import { settle } from '../../reference/index.mjs';
import { torch } from '../ops/isotorch.mjs';
import { loadPart } from './parts.mjs';
import { startPython } from './processes.mjs';

const { name, folder, result, filter, quick, verbose } = JSON.parse(process.argv[2]);
const wanted = filter?.split(',');
const write = (outcome) => writeFileSync(result, JSON.stringify(outcome));

/** What a part is given. */
const context = {
  /** A folder for files. */
  folder,
  /** Whether only a share is to be run. */
  quick,
  /** Whether all mismatches of an entry are failures, not only its first. */
  verbose,
  /** Whether an entry is to be run. */
  isWanted: (entry) =>
    wanted === undefined ||
    wanted.some((part) => (part.startsWith('=') ? entry === part.slice(1) : entry.includes(part))),
  /** Python with a script of parity/nn/python. */
  startPython,
  /** Says which entry comes next, for who finds this process dead. */
  begin: (entry) => write({ done: 0, all: 0, failures: [`died in ${entry}`] }),
};

context.begin('its first lines');
torch.set_num_threads(1);
settle(torch);
const { run } = await loadPart(name);
write(await run(context));
