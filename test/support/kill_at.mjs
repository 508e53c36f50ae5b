// Preloaded into a run: ends it by SIGKILL when it has written the metrics of step ISOTORCH_KILL_AT.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const at = Number(process.env.ISOTORCH_KILL_AT);
// Kept here: the import of this name is what is replaced.
const { appendFileSync } = fs;

fs.appendFileSync = (path, text) => {
  appendFileSync(path, text);
  if (String(path).endsWith('metrics.jsonl') && JSON.parse(String(text)).step === at)
    process.kill(process.pid, 'SIGKILL');
};
syncBuiltinESMExports();
