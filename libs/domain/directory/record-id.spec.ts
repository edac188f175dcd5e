import { describe, expect, it } from 'vitest';
import type { DirectoryKind } from './directory-data.ts';
import { readRecordId, recordId } from './record-id.ts';

const records: [DirectoryKind, object, string][] = [
  ['groups', { name: 'real\\oak/usd' }, 'real\\oak/usd'],
  ['accounts', { login: 5001 }, '5001'],
  ['statuses', { id: 7 }, '7'],
  ['statuses', { id: '7' }, '~7'],
  ['statuses', { id: '~7' }, '~~7'],
  ['statuses', { id: 'vip' }, 'vip'],
  ['desks', { code: 'retention' }, 'retention'],
  ['desks', { code: 'a~b', brand: '50%7E' }, 'a%7Eb~50%257E'],
  ['templates', { channel: 'email', code: 'welcome', brand: 'oak' }, 'email~welcome~~oak'],
  ['templates', { channel: 'sms', code: 'code', language: 'pt-br' }, 'sms~code~pt-br'],
  ['endpoints', { name: 'crm', brand: 'oak' }, 'crm~oak'],
];

describe('the id of a record', () => {
  it.each(records)('names one of %s, and is read as what it names', (kind, identity, id) => {
    expect(recordId(kind, identity as never)).toBe(id);
    expect(readRecordId(kind, id)).toEqual(identity);
  });

  it.each<[DirectoryKind, string]>([
    ['accounts', 'x'],
    ['accounts', '007'],
    ['managers', '99999999999999999'],
    ['templates', 'fax~welcome'],
    ['desks', 'a~b~c'],
    ['endpoints', '~oak'],
  ])('of %s is not "%s"', (kind, id) => {
    expect(readRecordId(kind, id)).toBeNull();
  });
});
