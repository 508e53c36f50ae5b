// Which machine this is: what both sides say of it. Either may be unable to load; that is a finding, too.
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root, runScript, scriptOf } from '../reference/index.mjs';
import { howItEnded, runNode } from './child.mjs';

/**
 * @typedef {object} Machine
 * @property {string} cpu
 * @property {number} cores
 * @property {Record<string, any>} python what gpu/python/facts.py gives, or its `failed`
 * @property {Record<string, any>} ours what gpu/ours.mjs gives, or its `failed`
 * @property {Record<string, any>} kit what the kit was made of
 */

/** @returns {Promise<Machine>} */
export async function lookAround() {
  const python = pythonFacts();
  return {
    cpu: os.cpus()[0]?.model.trim() ?? os.arch(),
    cores: os.availableParallelism(),
    python,
    ours: await ourFacts(python.envelope ?? {}),
    kit: JSON.parse(readFileSync(path.join(root, 'kit.json'), 'utf8')),
  };
}

function pythonFacts() {
  try {
    return JSON.parse(runScript(scriptOf('gpu/python/facts.py')).trim().split('\n').at(-1));
  } catch (error) {
    return { failed: error.message, available: false };
  }
}

async function ourFacts(envelope) {
  let facts;
  const ended = await runNode('gpu/ours.mjs', [JSON.stringify(envelope)], {
    deadline: Date.now() + 60_000,
    onLine: (line) => {
      facts = line;
    },
  });
  return facts ?? { failed: howItEnded(ended), available: false };
}
