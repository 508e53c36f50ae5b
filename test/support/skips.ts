/** A reporter that says at the end of a run how many tests were skipped, and why. */
import type { Reporter, TestModule, TestSuite } from 'vitest/node';

/** The title of a test that cannot run here. */
export const skipped = (title: string, reason: string): string => `${title} (skipped: ${reason})`;

const REASON = /\(skipped: (.+)\)$/;

/** Counts by reason, innermost title first. */
function count(parent: TestModule | TestSuite, outer: string, counts: Map<string, number>): void {
  for (const child of parent.children) {
    const reason = REASON.exec(child.name)?.[1] ?? outer;
    if (child.type === 'suite') count(child, reason, counts);
    else if (child.result().state === 'skipped') counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
}

/** What the reporter prints: nothing where nothing was skipped. */
export function skips(modules: readonly TestModule[]): string[] {
  const counts = new Map<string, number>();
  for (const module of modules) count(module, 'no reason is given', counts);
  return [...counts].map(([reason, number]) => `${number} ${number === 1 ? 'test' : 'tests'} skipped: ${reason}`);
}

export default class SkipReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    for (const line of skips(modules)) console.log(line);
  }
}
