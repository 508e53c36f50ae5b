/** Whether a shared library is there as a whole. Mapping one that was cut short ends the process with SIGBUS. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Bytes read of a file: the header, and the table of segments that follows it. */
const HEAD = 4096;
const LOADED = 1;

/** Reads what ELF's 64-bit header says of the file's length; undefined where it is no such file. */
function lengthBySegments(head: Buffer): number | undefined {
  if (head.length < 64 || head.readUInt32BE(0) !== 0x7f454c46 || head[4] !== 2 || head[5] !== 1) return undefined;
  const table = Number(head.readBigUInt64LE(32));
  const [size, count] = [head.readUInt16LE(54), head.readUInt16LE(56)];
  let least = table + size * count;
  for (let at = table, i = 0; i < count && at + 40 <= head.length; i++, at += size) {
    if (head.readUInt32LE(at) !== LOADED) continue;
    least = Math.max(least, Number(head.readBigUInt64LE(at + 8)) + Number(head.readBigUInt64LE(at + 32)));
  }
  return least;
}

/**
 * What is wrong with a shared library's file, in words; undefined when nothing is. Reads one page, whatever its size.
 * What is no 64-bit ELF file at all is left to the dynamic linker on systems that have another format.
 */
export function libraryProblem(file: string): string | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? 'is missing' : `cannot be read (${code})`;
  }
  try {
    const head = Buffer.alloc(HEAD);
    const least = lengthBySegments(head.subarray(0, readSync(descriptor, head, 0, HEAD, 0)));
    if (least === undefined) return process.platform === 'linux' ? 'is no 64-bit library' : undefined;
    const { size } = fstatSync(descriptor);
    return size < least ? `was cut short: ${size} of at least ${least} bytes` : undefined;
  } catch (error) {
    return `cannot be read (${(error as NodeJS.ErrnoException).code})`;
  } finally {
    closeSync(descriptor);
  }
}
