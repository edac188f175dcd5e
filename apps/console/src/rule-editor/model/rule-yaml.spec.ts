import { describe, expect, it } from 'vitest';
import type { JsonObject } from './condition-tree.ts';
import { readYaml, writeYaml, yamlLimits } from './rule-yaml.ts';
import { writeJson } from './write-json.ts';

const rule = {
  name: 'Large withdrawals: "all", # of them',
  description: 'two\nlines\n',
  brand: null,
  trigger_event: 'withdrawal.created',
  conditions: {
    match: 'all',
    rules: [
      { field: 'amount_usd', operator: 'gt', value: 5000 },
      { not: { field: 'brand', operator: 'in', value: ['no', 'yes', '1', 1, true] } },
    ],
  },
  actions: [{ type: 'add_note', params: { body: '{{ event.amount }} – ‮ <b>', odd: { 'a.b': [null] } } }],
};

const read = (text: string): JsonObject => {
  const found = readYaml(text);
  if ('problems' in found) throw new Error(JSON.stringify(found.problems));
  return found.rule;
};
const problemsOf = (text: string): string[] => {
  const found = readYaml(text);
  return 'problems' in found ? found.problems.map(({ message }) => message) : [];
};

function nested(levels: number): JsonObject {
  let conditions: unknown = { field: 'brand', operator: 'is_null' };
  for (let level = 1; level < levels; level += 1) conditions = { not: conditions };
  return { name: 'deep', conditions, actions: [] };
}

describe('a rule as YAML', () => {
  it('comes back exactly as it was', () => {
    expect(read(writeYaml(rule))).toStrictEqual(rule);
    expect(read(writeYaml(nested(12)))).toStrictEqual(nested(12));
    expect(read(writeYaml(nested(100)))).toStrictEqual(nested(100));
    expect(read(JSON.stringify(rule, null, 2))).toStrictEqual(rule);
  });

  it('is JSON where it nests more deeply than the writer goes, and comes back all the same', () => {
    const text = writeYaml(nested(3000));
    expect(text.startsWith('{')).toBe(true);
    const { conditions, ...others } = read(text);
    expect(others).toStrictEqual({ name: 'deep', actions: [] });
    // Step by step: a comparison of the whole recurses, and 3,000 levels are as many as a stack just holds.
    let [inner, levels] = [conditions as JsonObject, 1];
    for (; 'not' in inner; levels += 1) {
      expect(Object.keys(inner)).toEqual(['not']);
      inner = inner['not'] as JsonObject;
    }
    expect(inner).toStrictEqual({ field: 'brand', operator: 'is_null' });
    expect(levels).toBe(3000);
  });

  it('repeats nothing by an alias, and takes one', () => {
    const shared = { a: 1 };
    expect(writeYaml({ one: shared, two: shared })).toBe('one:\n  a: 1\ntwo:\n  a: 1\n');
    expect(read('one: &a { b: 1 }\ntwo: *a\n')).toEqual({ one: { b: 1 }, two: { b: 1 } });
  });

  it.each([
    ['a name said twice', 'name: a\nname: b\n', /unique/i],
    ['an alias within what it stands for', 'a: &x [1, *x]\n', /within/],
    [
      'aliases that unfold without end',
      `a: &a [x]\n${'bcdefghij'
        .split('')
        .map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[at]}`).join(', ')}]`)
        .join('\n')}\n`,
      /alias/i,
    ],
    ['a number of too many digits', 'a: 9007199254740993\n', /exactly/],
    ['no number', 'a: .nan\n', /exactly/],
    ['binary', 'a: !!binary aGk=\n', /text/],
    ['a set', 'a: !!set { x }\n', /list/],
    ['an unknown tag', 'a: !x 1\n', /tag/i],
    ['a list', '- a\n', /object/],
    ['nothing', '  \n', /empty/],
    ['two documents', 'a: 1\n---\nb: 1\n', /document/i],
    ['brackets without end', '['.repeat(100_000), /deeply/],
    ['dashes without end', `${'- '.repeat(100_000)}\n`, /deeply/],
    ['an open quote', 'a: "b\n', /./],
    ['a text that is too long', `a: ${'x'.repeat(yamlLimits.characters)}`, /characters/],
  ])('refuses %s', (_, text, message) => {
    expect(problemsOf(text).join('\n')).toMatch(message);
  });

  it('knows where a path stands', () => {
    const text = writeYaml(rule);
    const found = readYaml(text);
    const textAt = (path: string): string => ('places' in found ? text.slice(...found.places(path)) : '');
    expect(textAt('conditions.rules[0].value')).toBe('5000');
    expect(textAt('conditions.rules[1].not.operator')).toBe('in');
    expect(textAt('conditions.rules[1].not.colour')).toBe('not');
    expect(textAt('actions[0].params.odd["a.b"]')).toBe('"a.b"'.slice(1, -1));
    expect(textAt('actions[0].params')).toBe('params');
    expect(textAt('trigger_event')).toBe('withdrawal.created');
    expect(textAt('limit.per')).toBe('');
  });

  it('says where something is wrong', () => {
    const found = readYaml('name: a\nname: b\n');
    expect('problems' in found && found.problems[0]).toMatchObject({ from: 8 });
  });
});

it('writes JSON of any depth as the language does', () => {
  expect(writeJson(rule)).toBe(JSON.stringify(rule));
  expect(writeJson(nested(100_000)).length).toBeGreaterThan(100_000);
});
