import { parse } from 'yaml';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { actionCatalog } from '../actions/action-catalog.ts';
import { ruleFileSchema } from './rule-json-schema.ts';
import { validateRule } from './validate-rule.ts';

const accepts = (rule: unknown): boolean => z.fromJSONSchema(ruleFileSchema()).safeParse(rule).success;
const folder = new URL('../../../examples/rules/', import.meta.url);
const examples = readdirSync(folder).map((name) => [name, parse(readFileSync(new URL(name, folder), 'utf8'))] as const);
const rule = { name: 'A', trigger_event: 'a.b', actions: [{ type: 'add_note', params: { body: 'x' } }] };

describe('the JSON Schema of a rule', () => {
  it('is the one that editors are pointed at', () => {
    const committed = readFileSync(new URL('../../../schemas/rule.schema.json', import.meta.url), 'utf8');
    expect(JSON.parse(committed)).toEqual(ruleFileSchema());
  });

  it.each(examples)('accepts the example %s, as validation does', (_, example) => {
    expect(validateRule(example).errors).toEqual([]);
    expect(accepts(example)).toBe(true);
  });

  it('knows every action', () => {
    const { $defs } = ruleFileSchema() as { $defs: { Action: { oneOf: unknown[] } } };
    expect($defs.Action.oneOf).toHaveLength(actionCatalog.length);
  });

  it.each([
    ['an unknown member', { ...rule, colour: 'red' }],
    ['an unknown action', { ...rule, actions: [{ type: 'fly', params: {} }] }],
    ['a missing parameter', { ...rule, actions: [{ type: 'add_note', params: {} }] }],
    ['an unknown operator', { ...rule, conditions: { field: 'event.a', operator: 'like', value: 1 } }],
    ['a value of another shape', { ...rule, conditions: { field: 'event.a', operator: 'between', value: 1 } }],
    ['a status that cannot be set', { ...rule, status: 'archived' }],
    ['no action', { ...rule, actions: [] }],
  ])('refuses %s, as validation does', (_, wrong) => {
    expect(validateRule(wrong).rule).toBeNull();
    expect(accepts(wrong)).toBe(false);
  });
});
