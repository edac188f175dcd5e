import { describe, expect, it } from 'vitest';
import {
  reEnroll,
  reEnrollmentSubject,
  forget,
  emptyReEnrollment,
  maxRememberedEnrollments,
  type ReEnrollmentResult,
  type ReEnrollment,
} from './re-enrollment.ts';
import type { ReEnroll } from '../rules/rule.ts';

const daily: ReEnroll = { value: 1, unit: 'days' };
const on = (day: number, hour = 0): string => new Date(Date.UTC(2026, 0, day, hour)).toISOString();

/** Who runs of those that ask one after the other. */
function running(guard: ReEnroll, ...wishes: ReEnrollmentResult[]): string[] {
  let state = emptyReEnrollment;
  return wishes.flatMap((wish) => {
    const outcome = reEnroll(state, wish, guard);
    if ('denial' in outcome) return [];
    state = outcome;
    return [wish.run];
  });
}

describe('re-enrollment', () => {
  it('"once" lets the first one through, whenever the others happened', () => {
    const wishes = [
      { run: 'a', at: on(5) },
      { run: 'b', at: on(1) },
      { run: 'c', at: on(30) },
    ];
    expect(running('once', ...wishes)).toEqual(['a']);
  });

  it('a length of time keeps events apart by when they happened, the bound included', () => {
    const wishes = [
      { run: 'a', at: on(1) },
      { run: 'too soon', at: on(1, 23) },
      { run: 'b', at: on(2) },
      { run: 'also too soon', at: on(2, 1) },
    ];
    expect(running(daily, ...wishes)).toEqual(['a', 'b']);
  });

  it('a late event runs where there is room for it, and is held back by a younger one nearby', () => {
    const wishes = [
      { run: 'a', at: on(10) },
      { run: 'late, nearby', at: on(9, 1) },
      { run: 'late', at: on(5) },
      { run: 'between', at: on(5, 12) },
    ];
    expect(running(daily, ...wishes)).toEqual(['a', 'late']);
  });

  it('finds itself again, and changes nothing then', () => {
    const first = reEnroll(emptyReEnrollment, { run: 'a', at: on(1) }, daily) as ReEnrollment;
    const second = reEnroll(first, { run: 'b', at: on(3) }, daily) as ReEnrollment;
    expect(reEnroll(second, { run: 'a', at: on(1) }, daily)).toBe(second);
    expect(reEnroll(second, { run: 'a', at: on(1) }, 'once')).toBe(second);
  });

  it('names the earlier run and when its event happened', () => {
    const state = reEnroll(emptyReEnrollment, { run: 'r:e1', at: on(1) }, daily) as ReEnrollment;
    expect(reEnroll(state, { run: 'r:e2', at: on(1, 2) }, daily)).toEqual({
      denial: {
        code: 'ran_lately',
        params: { per: { value: 1, unit: 'days' }, at: on(1) },
        earlierRun: 'r:e1',
        note: `the rule runs once in 1 day for each customer: run r:e1 of an event of ${on(1)} came first`,
      },
    });
  });
});

describe('forget', () => {
  const many: ReEnrollment = {
    reEnrolled: Array.from({ length: maxRememberedEnrollments + 3 }, (_, day) => ({ run: `r${day}`, at: on(day + 1) })),
    forgottenUntil: null,
  };

  it('drops the oldest, but none whose record is missing', () => {
    const { reEnrolled, forgottenUntil } = forget(many, (run) => run !== 'r1');
    expect(reEnrolled.map(({ run }) => run).slice(0, 2)).toEqual(['r1', 'r3']);
    expect(reEnrolled).toHaveLength(maxRememberedEnrollments + 1);
    expect(forgottenUntil).toBe(on(3));
  });

  it('what is as old as the forgotten is held back: it may be one of them, or too near', () => {
    const state = forget(many, () => true);
    expect(reEnroll(state, { run: 'r0', at: on(1) }, daily)).toMatchObject({ denial: { earlierRun: null } });
    expect(reEnroll(state, { run: 'x', at: on(3, 23) }, { value: 1, unit: 'minutes' })).toHaveProperty('reEnrolled');
    expect(reEnroll({ ...state, reEnrolled: [] }, { run: 'x', at: on(30) }, 'once')).toHaveProperty('denial');
  });
});

it('a run is about its customer, else its login, else its brand', () => {
  const run = { customerId: 'c-1', login: 5, context: { brand: 'north', event: {} } };
  const subjectOf = (more: object): string => reEnrollmentSubject({ ...run, ...more } as never);
  expect(subjectOf({})).toBe('customer c-1');
  expect(subjectOf({ customerId: null })).toBe('login 5');
  expect(subjectOf({ customerId: null, login: null })).toBe('brand north');
  expect(subjectOf({ customerId: null, login: null, context: { event: {} } })).toBe('brand');
});
