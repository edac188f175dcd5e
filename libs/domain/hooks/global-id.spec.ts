import { describe, expect, it } from 'vitest';
import { decodeActionId, decodeId, encodeActionId, encodeId } from './global-id.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('ids of incoming webhooks', () => {
  it.each([
    ['R-213 User:1', 'User', 'VXNlcjox'],
    ['R-214 Process:1', 'Process', 'UHJvY2Vzczox'],
    ['R-215 Request:1', 'Request', 'UmVxdWVzdDox'],
  ] as const)('%s is the Base64 of type and number', (_title, type, id) => {
    expect(encodeId(type, 1)).toBe(id);
    expect(decodeId(type, id)).toBe(1);
  });

  it('R-216 Action:1---2 is the Base64 of request and action', () => {
    expect(encodeActionId({ requestNumber: 1, number: 2 })).toBe('QWN0aW9uOjEtLS0y');
    expect(decodeActionId('QWN0aW9uOjEtLS0y')).toEqual({ requestNumber: 1, number: 2 });
  });

  it('tolerates the brackets that the document prints around the pattern', () => {
    expect(decodeId('User', base64('[User:7]'))).toBe(7);
  });

  it('says of an id of another type which type it is', () => {
    expect(() => decodeId('User', encodeId('Request', 1))).toThrow('is one of type Request: it must be of type User');
  });

  it.each([
    ['no Base64', 'User:1'],
    ['of the URL alphabet', base64('User:1').replace('V', '_')],
    ['with a blank', `${base64('User:1')} `],
    ['without a number', base64('User:')],
    ['with zero', base64('User:0')],
    ['with a fraction', base64('User:1.5')],
    ['with a number that is too large', base64('User:99999999999999999999')],
    ['of an action', encodeActionId({ requestNumber: 1, number: 2 })],
    ['empty', ''],
    ['very long', base64(`User:${'1'.repeat(500)}`)],
  ])('refuses one that is %s', (_what, id) => {
    expect(() => decodeId('User', id)).toThrow(expect.objectContaining({ code: 'invalid_input' }) as Error);
  });

  it.each(['Action:1', 'Action:1---', 'Action:1---2---3', 'Action:1--2', 'Action:0---1', 'Request:1---2'])(
    'refuses %s as the id of an action',
    (text) => {
      expect(() => decodeActionId(base64(text))).toThrow(expect.objectContaining({ code: 'invalid_input' }) as Error);
    },
  );
});
