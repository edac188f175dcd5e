import { describe, expect, it } from 'vitest';
import { ProblemList } from '../errors/problem-list.ts';
import type { DataItem } from '../rules/process.ts';
import { throwProblems } from './parameter-problems.ts';
import { missingItems, parseParameters } from './parameters.ts';

const items: DataItem[] = [
  { name: 'COMPANY', type: 'TEXT', required: true },
  { name: 'AMOUNT', type: 'NUMERIC' },
  { name: 'DUE', type: 'DATETIME' },
  { name: 'CONTRACT', type: 'FILE' },
];

function parse(parameters: unknown, declared = items) {
  const problems = new ProblemList();
  const parsed = parseParameters(declared, parameters, 1000, problems);
  return { ...parsed, problems: problems.problems };
}

/** The code and message that a caller would get; null: none. */
function refusal(parameters: unknown, declared = items): { code: string; message: string } | null {
  const problems = new ProblemList();
  parseParameters(declared, parameters, 1000, problems);
  try {
    throwProblems(problems);
    return null;
  } catch (error) {
    return error as { code: string; message: string };
  }
}

describe('values', () => {
  it('R-233 takes a text as textValue', () => {
    const text = 'Ærø & "Søn" 😀\n\t';
    expect(parse([{ name: 'COMPANY', textValue: text }]).values).toEqual([['COMPANY', text]]);
    expect(parse([{ name: 'COMPANY', textValue: '' }]).values).toEqual([['COMPANY', '']]);
    for (const textValue of [5, true, {}, []])
      expect(refusal([{ name: 'COMPANY', textValue }])).toMatchObject({ code: 'invalid_input' });
  });

  it.each(['a\0b', 'half \ud83d', '\ude00 half'])('refuses a text that the store cannot keep', (textValue) => {
    expect(refusal([{ name: 'COMPANY', textValue }])).toMatchObject({
      code: 'invalid_input',
      message: 'parameter "COMPANY" must not hold a NUL character or half a surrogate pair, which cannot be kept',
    });
  });

  it('R-234 takes a number as numericValue, exactly', () => {
    for (const numericValue of [0, -1234.5, 1e-7, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER])
      expect(parse([{ name: 'AMOUNT', numericValue }]).values).toEqual([['AMOUNT', numericValue]]);
    for (const numericValue of ['5', true, JSON.parse('1e999'), JSON.parse('9007199254740993'), -1e300, [5]])
      expect(refusal([{ name: 'AMOUNT', numericValue }])).toMatchObject({ code: 'invalid_input' });
  });

  it('R-234 says of a number whether it is none, or too great', () => {
    const message = (numericValue: unknown) => refusal([{ name: 'AMOUNT', numericValue }])?.message;
    expect(message(JSON.parse('1e999'))).toMatch(/must have a finite number/);
    expect(message(1e300)).toMatch(/must not be beyond 9007199254740991/);
  });

  it.each([
    ['2026-11-21T09:30:00.000Z', '2026-11-21T09:30:00.000Z'],
    ['2026-11-21T09:30:00+02:00', '2026-11-21T07:30:00.000Z'],
    ['2026-11-21', '2026-11-21T00:00:00.000Z'],
    ['0000-01-01', '0000-01-01T00:00:00.000Z'],
  ])('R-235 keeps the dateTimeValue %s as ISO 8601 in UTC', (dateTimeValue, expected) => {
    expect(parse([{ name: 'DUE', dateTimeValue }]).values).toEqual([['DUE', expected]]);
  });

  it.each(['', 'tomorrow', '2026-02-30', 1_700_000_000_000, '0000-01-01T00:00:00+01:00', '9999-12-31T23:59:59-01:00'])(
    'R-235 refuses the dateTimeValue %j',
    (dateTimeValue) => {
      expect(refusal([{ name: 'DUE', dateTimeValue }])).toMatchObject({ code: 'invalid_input' });
    },
  );

  it('takes none where nothing is given', () => {
    for (const parameters of [undefined, null, []])
      expect(parse(parameters)).toEqual({ values: [], files: [], problems: [] });
  });
});

describe('what the process declares', () => {
  it('R-237 refuses a name that the process does not declare, and says which it does', () => {
    expect(refusal([{ name: 'COMPANI', textValue: 'hush' }])).toMatchObject({
      code: 'invalid_parameter',
      message:
        'parameter "COMPANI" is no data item of the process, which has ' +
        'COMPANY (TEXT), AMOUNT (NUMERIC), DUE (DATETIME), CONTRACT (FILE)',
    });
    expect(refusal([{ name: 'company', textValue: 'hush' }])?.code).toBe('invalid_parameter');
    expect(refusal([{ name: 'COMPANY', textValue: 'hush' }], [])?.message).toMatch(/which has none$/);
  });

  it('R-237 refuses another type than the declared one', () => {
    expect(refusal([{ name: 'AMOUNT', textValue: 'hush' }])).toMatchObject({
      code: 'invalid_parameter',
      message: 'parameter "AMOUNT" is declared as NUMERIC by the process: give it as numericValue and not as textValue',
    });
    const given = {
      textValue: 'a',
      numericValue: 1,
      dateTimeValue: '2026-11-21',
      fileValue: { name: 'a', content: '' },
    };
    for (const { name, type } of items) {
      const key = { TEXT: 'textValue', NUMERIC: 'numericValue', DATETIME: 'dateTimeValue', FILE: 'fileValue' }[type];
      for (const [other, value] of Object.entries(given)) {
        const code = refusal([{ name, [other]: value }])?.code;
        expect(code, `${name} ${other}`).toBe(other === key ? undefined : 'invalid_parameter');
      }
    }
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('knows no %s that is not declared', (name) => {
    expect(refusal([{ name, textValue: 'hush' }])?.code).toBe('invalid_parameter');
    expect(missingItems([{ name, type: 'TEXT', required: true }], {})).toEqual([name]);
    expect(parse([{ name, textValue: 'x' }], [{ name, type: 'TEXT' }]).values).toEqual([[name, 'x']]);
  });

  it('names no more than a few of many data items', () => {
    const many = Array.from({ length: 100 }, (_, index): DataItem => ({ name: `I${index}`, type: 'TEXT' }));
    expect(refusal([{ name: 'X', textValue: 'x' }], many)?.message).toMatch(/I19 \(TEXT\) and 80 more$/);
  });
});

describe('malformed elements', () => {
  it.each([
    ['no list', { name: 'COMPANY', textValue: 'x' }],
    ['a text', 'COMPANY'],
    ['an element that is a text', ['COMPANY']],
    ['an element that is a list', [['COMPANY', 'x']]],
    ['an element that is null', [null]],
    ['no name', [{ textValue: 'x' }]],
    ['an empty name', [{ name: '', textValue: 'x' }]],
    ['a name that is a number', [{ name: 5, textValue: 'x' }]],
    ['no value', [{ name: 'COMPANY' }]],
    ['null as the value', [{ name: 'COMPANY', textValue: null }]],
    ['two values', [{ name: 'COMPANY', textValue: 'x', numericValue: 1 }]],
    ['another member', [{ name: 'COMPANY', textValue: 'x', description: 'x' }]],
    ['a member __proto__', JSON.parse('[{"name":"COMPANY","textValue":"x","__proto__":{}}]')],
    ['a value in a member __proto__', JSON.parse('[{"name":"COMPANY","__proto__":{"textValue":"x"}}]')],
    [
      'a name twice',
      [
        { name: 'COMPANY', textValue: 'x' },
        { name: 'COMPANY', textValue: 'x' },
      ],
    ],
    ['a thousand elements', Array.from({ length: 1000 }, (_, index) => ({ name: `N${index}`, textValue: 'x' }))],
  ])('are refused: %s', (_, parameters) => {
    expect(refusal(parameters)).toMatchObject({ code: 'invalid_input' });
  });

  it('may say null for the values that they do not give', () => {
    const element = { name: 'COMPANY', textValue: 'x', numericValue: null, dateTimeValue: null, fileValue: null };
    expect(parse([element])).toMatchObject({ values: [['COMPANY', 'x']], problems: [] });
  });
});

describe('problems', () => {
  const wrong = [
    { name: 'AMOUNT', numericValue: 'secret-1' },
    { name: 'DUE', textValue: 'secret-2' },
    { name: 'OTHER', textValue: 'secret-3' },
    { name: 'COMPANY', textValue: 'secret-4' },
  ];

  it('are all listed, each with its place and name', () => {
    expect(parse(wrong).problems).toEqual([
      {
        path: 'parameters[0].numericValue',
        code: 'invalid_input',
        message: 'parameter "AMOUNT" must have a finite number as numericValue',
      },
      expect.objectContaining({ path: 'parameters[1].textValue', code: 'invalid_parameter' }),
      expect.objectContaining({ path: 'parameters[2].textValue', code: 'invalid_parameter' }),
    ]);
    expect(parse(wrong).values).toEqual([['COMPANY', 'secret-4']]);
  });

  it('are malformed input when any is, and name no value', () => {
    expect(refusal(wrong)).toMatchObject({ code: 'invalid_input', problems: { length: 3 } });
    expect(refusal(wrong.slice(1))).toMatchObject({ code: 'invalid_parameter', problems: { length: 2 } });
    expect(JSON.stringify([refusal(wrong), refusal(wrong)?.message])).not.toContain('secret');
  });

  it('are few in the message', () => {
    const message = refusal(Array.from({ length: 100 }, () => 5))?.message ?? '';
    expect(message).toMatch(/; and 95 more$/);
    expect(message.length).toBeLessThan(500);
  });

  it('show a long or strange name shortly and safely', () => {
    const message = refusal([{ name: `\0\ud83d"${'x'.repeat(1_000_000)}`, textValue: '' }])?.message ?? '';
    expect(message.length).toBeLessThan(300);
    expect(message).toMatch(/^parameter "\\u0000\\ud83d\\"x+…" is no data item/);
  });
});

describe('missing items', () => {
  it('are those that are required and have no value', () => {
    const declared: DataItem[] = [...items, { name: 'NOTE', type: 'TEXT', required: true }];
    expect(missingItems(declared, {})).toEqual(['COMPANY', 'NOTE']);
    expect(missingItems(declared, { COMPANY: null, NOTE: '' })).toEqual(['COMPANY']);
    expect(missingItems(declared, { COMPANY: 'x', NOTE: 'y' })).toEqual([]);
  });
});
