import { describe, expect, it } from 'vitest';
import { summarise } from '../../.ci/summary.mjs';

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((test) => ({ status: test })),
});
const report = (...testResults: object[]) => JSON.stringify({ testResults });

describe('the summary of a CI run', () => {
  it('counts tests', () => {
    const given = report(file('passed', 'passed', 'passed'), file('failed', 'passed', 'failed'));
    expect(summarise(given, 1)).toEqual({ passed: 3, failed: 1 });
  });

  it('has no failure when everything passed', () => {
    expect(summarise(report(file('passed', 'passed')), 0)).toEqual({ passed: 1, failed: 0 });
  });

  it('counts a file that broke before its tests, and tests that did not run', () => {
    expect(summarise(report(file('failed'), file('passed', 'passed')), 1)).toEqual({ passed: 1, failed: 1 });
    expect(summarise(report(file('failed', 'skipped', 'pending')), 1)).toEqual({ passed: 0, failed: 2 });
  });

  it('counts checks that failed beside the tests', () => {
    expect(summarise(report(file('passed', 'passed')), 2)).toEqual({ passed: 1, failed: 2 });
    expect(summarise(report(file('failed', 'failed')), 2)).toEqual({ passed: 0, failed: 2 });
  });

  it('is no success without tests or without a report', () => {
    expect(summarise(report(), 0)).toEqual({ passed: 0, failed: 1 });
    expect(summarise('', 1)).toEqual({ passed: 0, failed: 1 });
  });
});
