import { expect, it, vi } from 'vitest';
import { findDraft, forgetDraft, keepDraft } from './rule-draft.ts';

function storageOf(): Storage {
  const members = {} as Record<string, string>;
  const methods = {
    setItem: (key: string, value: string) => void (members[key] = value),
    getItem: (key: string) => members[key] ?? null,
    removeItem: (key: string) => void Reflect.deleteProperty(members, key),
  };
  const hidden = Object.fromEntries(Object.entries(methods).map(([name, value]) => [name, { value, writable: true }]));
  return Object.defineProperties(members, hidden) as unknown as Storage;
}

const draft = { rule: { name: 'x' }, base: { name: 'w' }, version: 3, text: null };

it('is found again by the same person for the same rule, and forgotten for others', () => {
  const storage = storageOf();
  storage.setItem('signalbox.token', 't');
  keepDraft(storage, 'ada', 'r1', draft);
  keepDraft(storage, 'ada', '', { ...draft, base: null, version: 0, text: 'name: x' });
  expect(findDraft(storage, 'ada', 'r1')).toEqual(draft);
  expect(findDraft(storage, 'ada', '')).toEqual({ ...draft, base: null, version: 0, text: 'name: x' });
  expect(findDraft(storage, 'ada', 'r2')).toBeNull();
  expect(findDraft(storage, 'ad', 'r1')).toBeNull();
  expect(Object.keys(storage)).toEqual(['signalbox.token']);
});

it('is none when it was forgotten, had no room or cannot be read', () => {
  const storage = storageOf();
  keepDraft(storage, 'ada', 'r1', draft);
  forgetDraft(storage, 'ada', 'r1');
  expect(findDraft(storage, 'ada', 'r1')).toBeNull();
  expect(keepDraft(storage, 'ada', 'r1', draft)).toBe(true);
  storage.setItem = vi.fn<Storage['setItem']>(() => {
    throw new Error('QuotaExceededError');
  });
  expect(keepDraft(storage, 'ada', 'r1', draft)).toBe(false);
  expect(findDraft(storage, 'ada', 'r1')).toBeNull();
  const other = storageOf();
  other.setItem('signalbox.rule-draft:["ada","r1"]', '{"rule": 5}');
  expect(findDraft(other, 'ada', 'r1')).toBeNull();
});
