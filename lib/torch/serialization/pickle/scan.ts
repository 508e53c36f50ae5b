/** What a pickle names, found without running it. */
import { nextInstruction } from './opcodes';
import type { PickleReader } from './reader';

/** Places of the classes and functions that the pickle names, up to its end or the first damage. */
export function namedGlobals(reader: PickleReader): Set<string> {
  const found = new Set<string>();
  const memo: unknown[] = [];
  // Names of protocol 4 are the two texts before.
  let texts: [unknown, unknown] = [undefined, undefined];
  for (;;) {
    const { op, argument } = nextInstruction(reader);
    if (op === 'STOP') return found;
    if (op === 'GLOBAL' || op === 'INST')
      found.add((argument as [string, string]).join('.').replace(/^__builtin__\./, 'builtins.'));
    else if (op === 'STACK_GLOBAL') found.add(texts.join('.'));
    else if (/UNICODE/.test(op)) texts = [texts[1], argument];
    else if (op === 'MEMOIZE') memo.push(texts[1]);
    else if (/^(LONG_)?(BIN)?PUT$/.test(op)) memo[Number(argument) & 0xffff] = texts[1];
    else if (/^(LONG_)?(BIN)?GET$/.test(op)) texts = [texts[1], memo[Number(argument) & 0xffff]];
  }
}
