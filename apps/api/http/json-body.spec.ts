import { describe, expect, it } from 'vitest';
import { InvalidInputError, type Problem } from '#libs/domain/errors/errors.ts';
import { readJsonBody } from './json-body.ts';

const limits = { maxDepth: 5 };

const read = (text: string) => readJsonBody(Buffer.from(text), limits);

function refusalOf(bytes: Buffer | string): Problem & { text: string } {
  try {
    readJsonBody(Buffer.from(bytes as string), limits);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return { ...error.problems[0]!, text: error.message };
  }
  throw new Error('the body was read');
}

describe('readJsonBody', () => {
  it('gives the object', () => {
    expect(read(' {"a":[1,"é",null,{"b":true}],"c":1.5} ')).toEqual({ a: [1, 'é', null, { b: true }], c: 1.5 });
  });

  it('keeps a member that is called __proto__ a member like any other', () => {
    const body = read('{"__proto__":{"a":1}}');
    expect(Object.keys(body)).toEqual(['__proto__']);
    expect('a' in body).toBe(false);
  });

  it.each([
    ['[1]', 'wrong_type', 'The body is a list: expected an object.'],
    ['"secret"', 'wrong_type', 'The body is a string: expected an object.'],
    ['null', 'wrong_type', 'The body is null: expected an object.'],
    ['', 'not_json', 'The body is empty: expected an object.'],
    ['{"a":1,}', 'not_json', 'The body is not JSON from line 1, column 8 on.'],
    ['{"a":\n  secret}', 'not_json', 'The body is not JSON from line 2, column 3 on.'],
    ['{"a":1} {"b":2}', 'not_json', 'The body is not JSON from line 1, column 9 on.'],
    ['{"a":{"b":1,"b":2}}', 'duplicate_member', 'a.b is there twice: a name may come once.'],
    ['{"a":[{"b":[[[1]]]}]}', 'too_deep', 'a[0].b[0][0] is nested too deeply: at most 5 levels are allowed.'],
    [
      '{"a":[{"id":9007199254740993}]}',
      'inexact_number',
      'a[0].id is a number beyond 9007199254740991, which cannot be kept exactly: write it as a text.',
    ],
    [
      '{"a":1e400}',
      'inexact_number',
      'a is a number beyond 9007199254740991, which cannot be kept exactly: write it as a text.',
    ],
  ])('refuses %j', (text, code, message) => {
    expect(refusalOf(text)).toMatchObject({ code, text: message });
  });

  it.each([[[0x7b, 0x22, 0xc3, 0x22, 0x3a, 0x31, 0x7d]], [[0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d]]])(
    'refuses bytes that are not UTF-8: %j',
    (bytes) => {
      expect(refusalOf(Buffer.from(bytes))).toMatchObject({ code: 'not_utf8', text: 'The body is not UTF-8.' });
    },
  );

  it('refuses a text that is nested a million levels deep', () => {
    expect(refusalOf('{"a":['.repeat(1_000_000))).toMatchObject({ code: 'too_deep', path: 'a[0].a[0].a' });
  });
});
