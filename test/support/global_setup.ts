/** Before the first test file: where Python is, asked once, and the process that the files' own Pythons are forked from. */
import type { TestProject } from 'vitest/node';
import { findReference, type Reference, startSnippetServer } from '../../reference/index.mjs';
import { offer } from './offer';

declare module 'vitest' {
  interface ProvidedContext {
    /** The Python to compare with, or why there is none. */
    reference: Reference;
    /** Where Pythons are forked; null where each is started anew. */
    socket: string | null;
  }
}

export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const reference = findReference();
  project.provide('reference', reference);
  if ('missing' in reference) {
    project.provide('socket', null);
    return undefined;
  }
  const { socket, stop } = await startSnippetServer(offer);
  project.provide('socket', socket ?? null);
  return stop;
}
