/** RECORD, the list of files and checksums that every wheel carries. */

/** A line's first two cells: the name may be in quotes, with quotes inside doubled. */
const LINE = /^(?:"((?:[^"]|"")*)"|([^",]*)),sha256=([\w-]+)=*,/;

/** SHA-256 in hexadecimal digits, by the file's name in the package. */
export function readRecord(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, quoted, plain, digest] = LINE.exec(line) ?? [];
    const name = quoted?.replaceAll('""', '"') ?? plain;
    if (name !== undefined && digest !== undefined) found.set(name, Buffer.from(digest, 'base64url').toString('hex'));
  }
  return found;
}
