/** Files that are on the disk, not only in the system's memory: what is renamed into place has to outlast a power cut. */
import { open, writeFile } from 'node:fs/promises';

/** Writes a small file so that it is on the disk when this ends. */
export async function writeDurably(file: string, text: string): Promise<void> {
  await writeFile(file, text, { flush: true });
}

/** Waits until a file is on the disk, not only in the system's memory. */
export async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r');
  await handle.sync();
  await handle.close();
}

/** Makes names of a folder last; not every file system can be asked. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}
