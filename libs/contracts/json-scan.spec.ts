import { describe, expect, it } from 'vitest';
import { formatJsonPath } from '#libs/domain/errors/json-path.ts';
import { findJsonFault } from './json-scan.ts';

const limit = 8;

function fault(text: string, maxDepth = limit): { code: string; path: string } | null {
  const found = findJsonFault(text, maxDepth);
  return found === null ? null : { code: found.code, path: found.place === null ? '' : formatJsonPath(found.place) };
}

function isParsed(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Right and wrong texts, and each of them with one character left out, changed, or put in. */
function mutants(): string[] {
  const seeds = [
    '{"a":[1,-0.5e+10,"x\\u00e9\\n",{"b":null}],"c":{"d":true,"e":false}}',
    ' [ ] ',
    '{"":{"":[[],{}]}}',
    '"text"',
    '-0',
    '[0.1,1E5,1e-5,100]',
    '{"a" : 1 ,\n"b"\t:\r2}',
  ];
  const inserted = [
    '"',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '\\',
    '0',
    '1',
    '.',
    'e',
    '-',
    ' ',
    '\u0000',
    '\u00a0',
    'u',
    'n',
  ];
  return seeds.flatMap((seed) =>
    Array.from({ length: seed.length + 1 }, (_, index) => [
      seed.slice(0, index),
      seed.slice(index),
      seed.slice(0, index) + seed.slice(index + 1),
      ...inserted.flatMap((character) => [
        seed.slice(0, index) + character + seed.slice(index),
        seed.slice(0, index) + character + seed.slice(index + 1),
      ]),
    ]).flat(),
  );
}

describe('findJsonFault', () => {
  it('takes and refuses what JSON.parse does, except for names that come twice', () => {
    const texts = mutants();
    expect(texts.length).toBeGreaterThan(5_000);
    const differing = texts.filter((text) => {
      const found = fault(text, 100);
      return found?.code !== 'duplicate_member' && (found === null) !== isParsed(text);
    });
    expect(differing).toEqual([]);
  });

  it.each([
    ['{"a":1,"b":2,"a":3}', '.a'],
    ['{"x":[{},{"a":{"b":1,"b":1}}]}', '.x[1].a.b'],
    [String.raw`{"customerId":1,"customerI\u0064":2}`, '.customerId'],
    ['{"":1,"":2}', ''],
    ['{"__proto__":1,"__proto__":2}', '.__proto__'],
  ])('names the member that comes twice in %s', (text, path) => {
    expect(fault(text)).toEqual({ code: 'duplicate_member', path });
  });

  it('lets objects beside one another have the same names', () => {
    expect(fault('[{"a":1},{"a":1},{"b":{"a":1},"a":{"b":1}}]')).toBeNull();
  });

  it('counts objects and lists inside one another', () => {
    expect(fault('[[{"a":[]}]]', 4)).toBeNull();
    expect(fault('[[{"a":[]}]]', 3)).toEqual({ code: 'too_deep', path: '[0][0].a' });
    expect(fault('[[],[],{"a":{}},[[]]]', 3)).toBeNull();
  });

  it('ends at the limit of a text that is nested without end', () => {
    const text = '[{"a":'.repeat(300_000);
    expect(fault(text, 100)?.code).toBe('too_deep');
    expect(fault(text, 10_000_000)?.code).toBe('not_json');
  });

  it('says where it stopped reading', () => {
    expect(findJsonFault('{"a": nil}', limit)).toMatchObject({ code: 'not_json', offset: 6 });
    expect(fault('{"a":[1,{"b":x}]}')).toEqual({ code: 'not_json', path: '.a[1].b' });
  });
});
