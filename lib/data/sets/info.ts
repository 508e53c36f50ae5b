/** What a folder that was made here says of itself. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DataKind, dataKinds } from './description';

/** The file in the folder. */
export const infoFile = 'data.json';

/** The kind that a folder says to be; undefined where it says nothing. */
export function kindOfFolder(folder: string): DataKind | undefined {
  try {
    const { kind } = JSON.parse(readFileSync(join(folder, infoFile), 'utf8')) as { kind?: unknown };
    return dataKinds.find((known) => known === kind);
  } catch {
    return undefined;
  }
}
