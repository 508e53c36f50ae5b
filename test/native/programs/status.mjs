// What the kernel says of this process's memory, in bytes.
import { readFileSync } from 'node:fs';

function field(name) {
  const status = readFileSync('/proc/self/status', 'utf8');
  return Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)[1]) * 1024;
}

/** Resident memory now. */
export const resident = () => field('VmRSS');
/** The most there ever was. */
export const peak = () => field('VmHWM');
