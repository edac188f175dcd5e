/**
 * The published schema beside validation, on thousands of rules: what validation accepts the schema accepts, and where
 * only the schema accepts, validation names an issue that no schema can tell.
 */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { actionCatalog, type ActionParam, type ActionType } from '../actions/action-catalog.ts';
import type { Problem } from '../errors/errors.ts';
import { builtInFields } from '../context/fields.ts';
import { operators, type ValueShape } from '../conditions/operators.ts';
import { ruleFileSchema, ruleSchema } from './rule-json-schema.ts';
import { validateRule } from './validate-rule.ts';

const ajv = (): Ajv2020 => new Ajv2020({ strict: false, allErrors: false });
const file = ajv().compile(ruleFileSchema());
const { rule: ruleOfApi, parts } = ruleSchema('#/components/schemas');
const api = ajv().compile({ ...ruleOfApi, components: { schemas: parts } });

/** Needs the directory, another part of the rule, or the meaning of a text. */
const untold: ((problem: Problem) => boolean)[] = [
  ({ code }) => ['unknown_field', 'wrong_reference', 'unknown_reference', 'too_deep'].includes(code),
  ({ code, path, message }) => code === 'too_long' && path === 'actions' && message.includes('as JSON'),
  ({ code, message }) => code === 'too_many' && message.includes('regex'),
  // Values by the type of the field, dates, and patterns by their syntax.
  ({ code, path }) => code === 'wrong_value' && /^conditions.*\.value$/.test(path),
  // Two parameters together, addresses, numbers of phones, and names of headers.
  ({ code, path }) =>
    code === 'wrong_value' && /^actions\[\d+\]\.params(?:\.(?:url|to|headers|approvers))?$/.test(path),
];

const random = seeded(20_260_101);
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
const maybe = (chance: number): boolean => random() < chance;

/** What people write where something else belongs. */
const odd: readonly unknown[] = [
  null,
  true,
  0,
  1,
  -1,
  1.5,
  5,
  1e300,
  '',
  ' ',
  'x',
  ' x',
  '{{ event.amount }}',
  '{{',
  'a\nb',
  'a\tb',
  'x'.repeat(5_000),
  '2026-01-31',
  [],
  [1, 2],
  [null],
  ['a', 5],
  [{}],
  {},
  { value: 1, unit: 'days' },
  { value: 0, unit: 'days' },
  { value: 400, unit: 'days' },
  { value: '1', unit: 'hours' },
  { 'X-A': 'b' },
  { 'X-A': 5 },
  { roles: ['SESSION_ADMIN'] },
  { roles: [] },
  { users: [5] },
];

const fields = [...builtInFields.map(({ path }) => path), 'event.amount', 'event.a.b', 'nothing', ''];
const valueOf: Record<ValueShape, () => unknown> = {
  scalar: () => pick(['a', 5, true]),
  number_or_date: () => pick([5, '2026-01-31', 1.5]),
  array: () => pick([['a', 'b'], [1, 2, 3], []]),
  string: () => pick(['a', 'BR']),
  pair: () =>
    pick([
      [1, 2],
      ['2026-01-01', '2026-02-01'],
      [2, 1],
    ]),
  none: () => pick([undefined, null, '']),
  pattern: () => pick(['^a', 'a|b', '(']),
};

function condition(depth: number): unknown {
  if (maybe(0.03)) return pick(odd);
  if (depth > 0 && maybe(0.4)) {
    if (maybe(0.3)) return { not: condition(depth - 1), ...(maybe(0.05) && { match: 'all' }) };
    const rules = Array.from({ length: Math.floor(random() * 4) }, () => condition(depth - 1));
    return { match: maybe(0.03) ? pick(odd) : pick(['all', 'any']), rules: maybe(0.03) ? pick(odd) : rules };
  }
  const operator = pick(operators);
  const value = maybe(0.2) ? pick(odd) : valueOf[operator.value_shape]();
  return {
    field: maybe(0.03) ? pick(odd) : pick(fields),
    operator: maybe(0.03) ? pick(odd) : operator.code,
    ...(value !== undefined && { value }),
    ...(maybe(0.02) && { colour: 'red' }),
  };
}

function paramValue(param: ActionParam): unknown {
  const { type, values, min = 1, max, name } = param;
  if (maybe(0.15)) return pick(odd);
  if (values !== undefined) return pick(values);
  if (name === 'approvers')
    return pick([{ roles: ['SESSION_ADMIN'] }, { users: ['ann'] }, { manager_of_customer: true }]);
  if (name === 'url') return pick(['https://h.example/a', 'https://h.example/{{ event.id }}']);
  if (name === 'to') return pick(['ann@example.com', '+447700900123']);
  const texts = ['x', 'Hello {{ customer.id }}', 'x'.repeat(Math.min(max ?? 10, 300)), 'y'.repeat((max ?? 10) + 1)];
  const numbers = [min, max ?? 1_000, (max ?? 1_000) + 1, min - 1];
  const byType: Record<ActionParam['type'], () => unknown> = {
    string: () => pick(texts),
    integer: () => pick(numbers),
    number: () => pick(numbers),
    boolean: () => maybe(0.5),
    id: () => pick([7, 'a', 'x'.repeat(300)]),
    object: () =>
      pick([
        { value: 2, unit: 'days' },
        { value: 90, unit: 'minutes' },
      ]),
    headers: () => pick([{ 'X-A': 'b' }, {}]),
  };
  return byType[type]();
}

function action({ type, params }: ActionType): unknown {
  const chosen = params.filter(({ required }) => maybe(required ? 0.97 : 0.4));
  const given: Record<string, unknown> = Object.fromEntries(chosen.map((param) => [param.name, paramValue(param)]));
  if (maybe(0.03)) given['colour'] = 'red';
  return { type, ...(maybe(0.05) ? maybe(0.5) && { params: pick(odd) } : { params: given }) };
}

function rule(): Record<string, unknown> {
  const written: Record<string, unknown> = {
    name: 'A rule',
    trigger_event: 'customer.deposited',
    actions: Array.from({ length: maybe(0.02) ? 0 : 1 + Math.floor(random() * 2) }, () => action(pick(actionCatalog))),
  };
  if (maybe(0.6)) written['conditions'] = maybe(0.2) ? [condition(1), condition(1)] : condition(3);
  const more: Record<string, readonly unknown[]> = {
    id: ['big', 'a b', 'x'.repeat(65)],
    description: ['Says why.\nAnd more.'],
    brand: ['alpha', null],
    priority: [0, 100, 2_147_483_648],
    stop_after: [true],
    status: ['draft', 'active', 'archived'],
    re_enroll: ['once', 'always', { value: 1, unit: 'days' }],
    limit: [
      { count: 5, per: 'hour' },
      { count: 5, per: { value: 2, unit: 'days' }, on_exceed: 'hold' },
      { count: 0, per: 'day' },
    ],
    version: [1],
    colour: ['red'],
  };
  for (const [name, values] of Object.entries(more)) {
    const isKnown = name !== 'version' && name !== 'colour';
    if (maybe(isKnown ? 0.15 : 0.01)) written[name] = maybe(0.2) ? pick(odd) : pick(values);
  }
  for (const name of ['name', 'trigger_event', 'actions']) {
    if (maybe(0.02)) written[name] = pick(odd);
    if (maybe(0.01)) Reflect.deleteProperty(written, name);
  }
  return written;
}

describe('the schema of a rule and its validation', () => {
  it('agree about thousands of rules', () => {
    const disagreements: string[] = [];
    const count = { valid: 0, invalid: 0 };
    for (let round = 0; round < 20_000; round += 1) {
      const written = JSON.parse(JSON.stringify(rule())) as unknown;
      const { rule: read, errors } = validateRule(written);
      const isAccepted = file(written);
      count[read === null ? 'invalid' : 'valid'] += 1;
      if (api(written) !== isAccepted) disagreements.push(`file and API differ: ${JSON.stringify(written)}`);
      if (read !== null && !isAccepted) {
        disagreements.push(
          `only the schema refuses: ${JSON.stringify(file.errors?.at(-1))} ${JSON.stringify(written)}`,
        );
      }
      const told = errors.filter((problem) => !untold.some((isUntold) => isUntold(problem)));
      if (isAccepted && told.length > 0) disagreements.push(`only validation refuses: ${JSON.stringify(told[0])}`);
    }
    expect([...new Set(disagreements)].slice(0, 20)).toEqual([]);
    // Neither side is held against too few.
    expect(Math.min(count.valid, count.invalid)).toBeGreaterThan(2_000);
  }, 60_000);

  it.each([
    [
      'a number given by a reference',
      { type: 'increment_manager_counter', params: { counter: 'a', by: '{{ event.n }}' } },
    ],
    ['a flag given by a reference', { type: 'set_customer_active', params: { active: '{{ event.active }}' } }],
  ])('refuse %s', (_, wrong) => {
    const written = { name: 'A', trigger_event: 'a.b', actions: [wrong] };
    expect([validateRule(written).rule, file(written), api(written)]).toEqual([null, false, false]);
  });

  it.each([
    ['a value of null', { field: 'event.a', operator: 'eq', value: null }, false],
    ['a number as the beginning of a text', { field: 'event.a', operator: 'starts_with', value: 5 }, false],
    ['a flat list', [{ field: 'event.a', operator: 'eq', value: 1 }], true],
    ['nothing', null, true],
    ['a value of null where there is none', { field: 'event.a', operator: 'is_null', value: null }, true],
  ])('agree about %s in conditions', (_, conditions, isRight) => {
    const actions = [{ type: 'add_note', params: { body: 'x' } }];
    const written = { name: 'A', trigger_event: 'a.b', conditions, actions };
    expect([validateRule(written).rule !== null, file(written), api(written)]).toEqual([isRight, isRight, isRight]);
  });
});

/** Numbers from 0 to below 1, the same on every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
