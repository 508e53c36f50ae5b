/** The package that this command is part of. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Folder of the package: that of the compiled files is `dist/cli/`. */
export const packageFolder = dirname(dirname(__dirname));

/** Version of the package. */
export function packageVersion(): string {
  const text = readFileSync(join(packageFolder, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
