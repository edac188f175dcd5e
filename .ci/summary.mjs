// Prints `N passed, N failed` from Vitest's JSON report and ends with 1 unless every test passed.
//
//   node .ci/summary.mjs REPORT FAILED_CHECKS
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/**
 * A test that did not run has not passed: a skipped one counts as failed. So does a file that broke before its tests,
 * and so does a run without any test.
 *
 * @param {string} report Vitest's JSON report, empty when there is none
 * @param {number} failedChecks how many commands ended with a failure, the tests' own among them
 * @returns {{ passed: number, failed: number }}
 */
export function summarise(report, failedChecks) {
  const files = report.trim() === '' ? [] : JSON.parse(report).testResults;
  const statuses = files.flatMap(({ status, assertionResults }) => {
    const tests = assertionResults.map((test) => test.status);
    return status === 'failed' && tests.every((test) => test === 'passed') ? [...tests, 'failed'] : tests;
  });
  const passed = statuses.filter((status) => status === 'passed').length;
  const failedTests = statuses.length - passed;
  // The command that runs the tests fails with each of them: it is a failure of its own only without any.
  const failed = failedTests + Math.max(failedChecks - (failedTests > 0 ? 1 : 0), 0);
  return { passed, failed: failed === 0 && passed === 0 ? 1 : failed };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [, , file = '', failedChecks = '0'] = process.argv;
  let report = '';
  try {
    report = readFileSync(file, 'utf8');
  } catch (error) {
    console.error(`There is no report of the tests: ${error.message}`);
  }
  const { passed, failed } = summarise(report, Number(failedChecks));
  process.exitCode = failed === 0 ? 0 : 1;
  console.log(`${passed} passed, ${failed} failed`);
}
