import { describe, expect, it } from 'vitest';
import { whyNotEntitled } from '../approvals/approval.ts';
import { canonicalName, goesBy, personNames } from './person-names.ts';

const managers = [
  { id: 7, email: 'Ada@acme.example' },
  { id: 8 },
  { id: 9, email: 'desk@acme.example' },
  { id: 10, email: 'DESK@acme.example' },
];
const person = (userId: string) => ({ userId, role: 'SESSION_DEALER', names: personNames(userId, managers) });

describe('the names of a person', () => {
  it('are those of the manager, whichever of them is in the session', () => {
    for (const name of ['7', 'Ada@acme.example', 'ADA@ACME.example']) {
      expect(canonicalName(person(name))).toBe('7');
      for (const other of ['7', 'ada@acme.example']) expect(goesBy(person(name), other)).toBe(true);
    }
    expect(personNames('8', managers)).toEqual(['8']);
    expect(goesBy(person('70'), '7')).toBe(false);
  });

  it('are those of all who share one, for they cannot be told apart', () => {
    expect(goesBy(person('9'), '10')).toBe(true);
    expect(canonicalName(person('10'))).toBe(canonicalName(person('9')));
  });

  it('are only what the session says for whoever is in no directory', () => {
    expect(personNames('carol', managers)).toEqual(['carol']);
  });
});

describe('who may answer', () => {
  const question = { approvers: { roles: ['SESSION_DEALER'], users: ['8'] }, forbidden_users: ['7'], tenant: 'acme' };

  it('is not the person who set the run off, under any of their names', () => {
    expect(whyNotEntitled(question, person('ada@acme.example'))).toContain('set this run off');
    expect(whyNotEntitled(question, person('8'))).toBeNull();
  });

  it('is not a person of a brand where the run has none, be it called "default"', () => {
    const brands = ['default'];
    expect(whyNotEntitled({ ...question, tenant: null }, { ...person('8'), brands })).toContain('does not work for');
    expect(whyNotEntitled({ ...question, tenant: 'default' }, { ...person('8'), brands })).toBeNull();
    expect(whyNotEntitled({ ...question, tenant: null }, person('8'))).toBeNull();
  });
});
