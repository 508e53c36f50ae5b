// What isotorch says of the machine, as JSON on file descriptor 3. Its argument is Python's envelope, to compare with.
import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as torch from 'isotorch';
import { envelope, envelopeDifference } from 'isotorch/envelope';
import { settle } from '../reference/index.mjs';

const { version } = createRequire(import.meta.url)('../package.json');
settle(torch);
const facts = {
  isotorch: version,
  node: process.versions.node,
  libtorch: torch.__version__,
  available: torch.cuda.is_available(),
  gpus: torch.cuda.device_count(),
  envelope: envelope(),
  difference: envelopeDifference(JSON.parse(process.argv[2]), envelope()),
};
writeSync(3, `${JSON.stringify(facts)}\n`);
