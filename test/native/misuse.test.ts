// Whatever a caller passes: the documented error, and never a crash. The cases run in a process of their own, so that one
// that crashes is a failure with a name.
import { beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from '../support/program';
import { cases } from './programs/misuse_cases/index.mjs';

type Outcome = { name: string; message: string } | null | { crashed: string };

const outcomes: Outcome[] = [];

beforeAll(async () => {
  let next = 0;
  while (next < cases.length) {
    const options = { args: [String(next)], nodeArguments: ['--expose-gc'], deadline: 60_000 };
    const ended = await runProgram('misuse.mjs', options);
    let running = next;
    for (const line of ended.stdout.trim().split('\n')) {
      const said = JSON.parse(line) as { running?: number; index?: number; error?: Outcome };
      if (said.running !== undefined) running = said.running;
      if (said.index !== undefined) outcomes[said.index] = said.error!;
    }
    if (ended.code === 0) break;
    // It ended in the middle of a case, or after the last one while cleaning up: name that one and go on.
    const how = ended.hungAfter !== undefined ? 'hung' : `ended the process (${ended.signal ?? `code ${ended.code}`})`;
    outcomes[running] = { crashed: `${how}: ${ended.stderr.slice(-500)}` };
    next = running + 1;
  }
}, 300_000);

describe('misuse', () => {
  for (const [index, { name, error, message }] of cases.entries()) {
    it(name, () => {
      const outcome = outcomes[index];
      if (outcome !== null && outcome !== undefined && 'crashed' in outcome) expect.fail(outcome.crashed);
      if (error === null) {
        expect(outcome).toBeNull();
        return;
      }
      expect(outcome, 'nothing was thrown').not.toBeNull();
      expect(error.split('|'), `${outcome!.name}: ${outcome!.message}`).toContain(outcome!.name);
      expect(outcome!.message).toMatch(message!);
    });
  }
});
