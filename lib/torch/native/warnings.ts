/** Warnings on their way to Node: one for each place in the user's code, as Python's default filter lets them through. */
import { writeSync } from 'node:fs';
import { isOurs } from './package';

/** So many texts and places are remembered; after that all are forgotten and may be told again. */
const MOST = 10_000;

/** Warnings that were shown: text, category and place. */
const said = new Set<string>();
let always = false;

/** So many warnings wait for Node in one turn of the event loop; more go straight to stderr. */
const MOST_WAITING = 1000;
let waiting = 0;

/** Node keeps a warning until its next turn: a loop that warns for ever and lets no turn come would fill the memory. */
function hand(text: string, category: string): void {
  if (waiting >= MOST_WAITING) {
    // Nobody listens under --no-warnings.
    if (process.listenerCount('warning') > 0) writeSync(2, `(node:${process.pid}) ${category}: ${text}\n`);
    return;
  }
  if (waiting++ === 0) {
    setImmediate(() => {
      waiting = 0;
    }).unref();
  }
  process.emitWarning(text, category);
}

/** Whether equal warnings from one place are all shown. */
export function showAlways(value: boolean): void {
  always = value;
}

/** File, line and column of the user's code that is running; of our outermost call where the two are one bundle. */
function place(): string {
  const { stackTraceLimit, prepareStackTrace } = Error;
  try {
    Error.stackTraceLimit = 50;
    Error.prepareStackTrace = (_, sites) => sites;
    const sites = (new Error().stack ?? []) as unknown as NodeJS.CallSite[];
    if (!Array.isArray(sites)) return '';
    const named = sites.filter((site) => site.getFileName() && !site.getFileName()?.startsWith('node:'));
    const site = named.find((each) => !isOurs(each.getFileName() ?? '')) ?? named.at(-1);
    return site === undefined ? '' : `${site.getFileName()}:${site.getLineNumber()}:${site.getColumnNumber()}`;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    Error.prepareStackTrace = prepareStackTrace;
  }
}

/** Gives a warning to Node, unless the same text of the same category came from the same place before. */
export function emitWarning(text: string, category: string): void {
  if (!always) {
    const key = `${category}\n${place()}\n${text}`;
    if (said.has(key)) return;
    if (said.size >= MOST) said.clear();
    said.add(key);
  }
  hand(text, category);
}
