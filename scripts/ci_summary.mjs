// The last line of a CI run: how many tests and checks passed, failed and were skipped, from the reports that they left in build/.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readJson } from './setup/stamp.mjs';

/**
 * @param {{ tests: any, testsExit: number, checks: any, checksExit: number }} reports vitest's JSON report and check's,
 *   undefined where the program did not live to write it
 */
export function summarise({ tests, testsExit, checks, checksExit }) {
  const files = tests?.testResults ?? [];
  // A file that cannot be loaded fails without a single test of its own.
  const brokenFiles = files.filter(
    (/** @type {any} */ file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  let passed = tests?.numPassedTests ?? 0;
  let failed = (tests?.numFailedTests ?? 0) + brokenFiles.length;
  if (!tests || (testsExit !== 0 && failed === 0)) failed += 1;
  const outcomes = /** @type {{ ok: boolean, skipped?: string }[]} */ (checks ?? []);
  const failedChecks = outcomes.filter(({ ok }) => !ok).length;
  const skippedChecks = outcomes.filter(({ ok, skipped }) => ok && skipped).length;
  passed += outcomes.length - failedChecks - skippedChecks;
  failed += failedChecks;
  if (!checks || (checksExit !== 0 && failedChecks === 0)) failed += 1;
  return { passed, failed, skipped: (tests?.numPendingTests ?? 0) + skippedChecks };
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [testsFile = '', testsExit = '1', checksFile = '', checksExit = '1'] = process.argv.slice(2);
  const { passed, failed, skipped } = summarise({
    tests: readJson(testsFile),
    testsExit: Number(testsExit),
    checks: readJson(checksFile),
    checksExit: Number(checksExit),
  });
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  process.exitCode = failed === 0 ? 0 : 1;
}
