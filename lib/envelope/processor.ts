/** The processor's instruction sets, as Linux lists them. */
import { readFileSync } from 'node:fs';

/** Flags of the first processor in `/proc/cpuinfo`, those of the others being the same; none where there is no such file. */
export function processorFlags(): ReadonlySet<string> {
  try {
    const text = readFileSync('/proc/cpuinfo', 'latin1');
    return new Set(/^flags\s*:(.*)$/m.exec(text)?.[1]?.trim().split(' '));
  } catch {
    return new Set();
  }
}
