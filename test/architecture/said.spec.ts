/** The German of the console for what the API says, beside every code that it can give. */
import { describe, expect, it } from 'vitest';
import { errorCodes } from '#libs/domain/errors/error-codes.ts';
import { denialCodes } from '#libs/domain/runs/denial.ts';
import { expectations, patternFaults, problemCodes } from '#libs/domain/errors/problem-codes.ts';
import { actionReportCodes } from '#libs/domain/runs/action-report.ts';
import { deadLetterReasons } from '#libs/domain/events/dead-letter.ts';
import { errorCatalog } from '../../apps/api/http/error-catalog.ts';
import { sayGuard } from '../../apps/console/src/runs/guard-note.de.ts';
import { sayReport } from '../../apps/console/src/runs/action-report.de.ts';
import { errorTextsDe, runReasonsDe } from '../../apps/console/src/shared/said/error-texts.de.ts';
import { problemTextsDe } from '../../apps/console/src/shared/said/problem-texts.de.ts';
import { errorText, sayError, sayProblem, sayReason } from '../../apps/console/src/shared/said/said.ts';
import { de } from '../../apps/console/src/i18n/de.ts';

/** What a run and an action fail with where no error of ours was raised. */
const failures = ['Cancelled', 'timeout', 'unexpected'];
const told = [...new Set([...Object.keys(errorCatalog), ...errorCodes, ...deadLetterReasons, ...failures])].sort();

describe('in German', () => {
  it.each(told)('the error %s has a text', (code) => {
    expect(errorText('de', code)).toMatch(/^[A-ZÄÖÜ]/);
  });

  it('no error has a text that no code needs, or two', () => {
    expect(Object.keys(errorTextsDe).filter((code) => !told.includes(code) || code in de.failures)).toEqual([]);
  });

  it('every problem has a text, and nothing else', () => {
    expect(Object.keys(problemTextsDe).sort()).toEqual([...problemCodes].sort());
  });

  it.each(problemCodes)('the problem %s is told without values, too', (code) => {
    const { text } = sayProblem('de', { path: 'a', code, message: 'English' });
    expect(text).toMatch(/^[A-ZÄÖÜ]/);
    expect(text).not.toMatch(/undefined|NaN|English/);
  });

  it.each(expectations)('what is expected as %s is told with its values', (expected) => {
    const params = { expected, name: 'a.b', type: 'TEXT', values: ['x', 'y'], min: 1000, max: 2000 };
    const { text } = sayProblem('de', { path: 'a', code: 'wrong_value', message: 'English', params });
    expect(text).toMatch(/^Das stimmt nicht\. Erwartet: .+\.$/);
    expect(text).not.toMatch(/undefined|NaN/);
  });

  it.each(patternFaults)('a pattern that is %s is told with the part that is wrong', (fault) => {
    const params = { expected: 'pattern', fault, part: '(x', count: 600, max: 512 } as const;
    const { text, original } = sayProblem('de', { path: 'a', code: 'wrong_value', message: 'English', params });
    expect(text).toMatch(/^Das stimmt nicht\. [A-Z].+: \(x\. Erwartet: .+\.$/);
    expect(text).not.toMatch(/undefined|NaN/);
    expect(original).toBeNull();
  });

  it.each(denialCodes)('why a guard kept a run from starting is told for %s with its values', (code) => {
    const params = { count: 5, per: { value: 1, unit: 'hours' }, at: '2026-01-31T12:00:00.000Z' } as const;
    const said = sayGuard('de', { ...guard, code, params, earlier_run: 'r:1' });
    expect(said?.text).toMatch(/^[A-Z].*2026/);
    expect(said?.text).not.toMatch(/undefined|NaN|null|English/);
  });

  it.each(actionReportCodes)('what an action did as %s is told with its values', (code) => {
    const values = {
      customer: 'c-1',
      manager: 7,
      task: 'call',
      kind: 'kyc',
      status: 'x',
      level: '2',
    } as const;
    const call = {
      managers: [7],
      request: 'POST a',
      http_status: 200,
      duration_ms: 5,
      to: 'a@b',
      frozen: [1],
      has_foreign: true,
    };
    const params = { ...values, ...call, counter: 'n', count: 2, by: 'ann', due: '2026-01-31T12:00:00.000Z' };
    const text = sayReport('de', { code, params }, 'English');
    expect(text).not.toMatch(/undefined|NaN|null|English/);
    expect(text.length).toBeGreaterThan(5);
  });

  it('has a text for every reason of a run', () => {
    for (const reason of Object.keys(runReasonsDe)) expect(sayReason('de', reason, null).text).not.toBe(reason);
  });
});

const guard = { note: 'English', earlier_run: null, resolved_by: null, resolved_at: null };

describe('what the server says', () => {
  const problem = { path: 'name', code: 'too_long', message: 'name has 300 characters', params: { max: 200 } } as const;

  it('stays as it is in English', () => {
    expect(sayError('en', 'store_unavailable', 'The store is away')).toEqual({
      text: 'The store is away',
      original: null,
    });
    expect(sayProblem('en', problem)).toEqual({ text: 'name has 300 characters', original: null });
    expect(sayReason('en', 'limit', 'over the limit')).toEqual({ text: 'over the limit', original: null });
  });

  it('stands behind a German text that does not say all of it', () => {
    expect(sayError('de', 'webhook_status', '404 Not Found')).toEqual({
      text: 'Der Empfänger hat den Aufruf abgelehnt',
      original: '404 Not Found',
    });
    expect(sayProblem('de', problem)).toEqual({ text: 'Das ist zu lang. Höchstens 200 Zeichen.', original: null });
    const vague = { path: 'a', code: 'custom', message: 'must be even' } as const;
    expect(sayProblem('de', vague)).toEqual({ text: 'Das stimmt nicht.', original: 'must be even' });
  });

  it('is shown where a code has no text', () => {
    expect(sayReport('de', undefined, 'as before')).toBe('as before');
    expect(sayReport('de', { code: 'of_tomorrow' } as never, 'Something new')).toBe('Something new');
    expect(sayReport('en', { code: 'note_added', params: { customer: 'c-1' } }, 'note added')).toBe('note added');
    expect(sayGuard('de', guard)).toBeNull();
    expect(sayGuard('de', { ...guard, code: 'of_tomorrow' } as never)).toBeNull();
    expect(sayGuard('en', { ...guard, code: 'ran_once' })).toEqual({ text: 'English', original: null });
    expect(sayError('de', 'brand_new', 'Something new')).toEqual({ text: 'Something new', original: null });
    expect(sayError('de', 'toString', 'Something new')).toEqual({ text: 'Something new', original: null });
    expect(sayError('de', 'brand_new', null)).toEqual({ text: 'brand_new', original: null });
  });
});
