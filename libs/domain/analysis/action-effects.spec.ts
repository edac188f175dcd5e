import { expect, it } from 'vitest';
import { findActionType } from '../actions/action-catalog.ts';
import { actionsWithEffects, toActionEffect } from './action-effects.ts';
import { isKnownTrigger } from '../events/triggers.ts';

const statuses = [
  { id: 7, type: 'sales', code: 'vip', brand: 'north' },
  { id: 8, type: 'sales', code: 'vip', brand: 'south' },
  { id: 9, type: 'sales', code: 'churn' },
  { id: 7, type: 'kyc', code: 'passed' },
];

const effect = (type: string, params: Record<string, unknown> = {}) => toActionEffect({ type, params }, statuses);

it('names a status by code and id, as far as all brands have the same', () => {
  expect(effect('set_status', { status: 9 })).toEqual({
    emits: ['customer.status_changed'],
    write: { field: 'customer.sales_status', value: 'churn' },
    facts: {
      'event.kind': 'sales',
      'event.status': 'churn',
      'event.status_id': 9,
      'customer.sales_status': 'churn',
      'customer.sales_status_id': 9,
    },
  });
  expect(effect('customer.set_status', { status: 'vip', kind: 'kyc' })?.facts).toEqual({
    'event.kind': 'sales',
    'event.status': 'vip',
    'customer.sales_status': 'vip',
  });
  expect(effect('set_status', { status: 7, kind: 'kyc' })?.write).toEqual({
    field: 'customer.kyc_status',
    value: 'passed',
  });
  expect(effect('set_status', { status: 'later' })?.write?.value).toBe('later');
});

it('implied nothing about values that only the run knows', () => {
  const facts = { 'event.kind': 'sales' };
  expect(effect('set_status', { status: '{{ event.status }}' })).toMatchObject({ write: { value: null }, facts });
  expect(effect('customer.set_risk_level', { risk_level: '{{ event.risk }}' })).toEqual({
    emits: ['customer.risk_changed'],
    write: { field: 'customer.risk_level', value: null },
    facts: {},
  });
});

it('tells whom a customer is assigned to, as far as the rule says', () => {
  const facts = { 'event.team_id': 'br', 'customer.team_id': 'br' };
  expect(effect('assign_to_team', { team_id: 'br' })).toMatchObject({ write: { value: 'team br' }, facts });
  expect(effect('assign_to_agent', { agent_id: 4 })?.facts).toEqual({ 'event.manager_id': 4 });
  expect(effect('assign_to_agent', { agent: 'vip' })?.write?.value).toBe('desk vip');
  expect(effect('handover_to_retention')?.facts).toMatchObject({ 'customer.desk': 'retention' });
  expect(effect('reassign_round_robin')).toMatchObject({ emits: ['customer.assigned'], write: { value: null } });
});

it('knows that a task with a due date may become overdue', () => {
  expect(effect('create_task', { type: 'call' })?.emits).toEqual(['task.created']);
  expect(effect('create_task', { type: 'call', due_in: { value: 1, unit: 'days' } })).toMatchObject({
    emits: ['task.created', 'task.overdue'],
    facts: { 'event.type': 'call' },
  });
});

it('knows each trigger it names, and each action', () => {
  const effects = [...actionsWithEffects].map((type) => effect(type, { due_in: { value: 1, unit: 'days' } }));
  for (const trigger of effects.flatMap((one) => one?.emits ?? [])) expect(isKnownTrigger(trigger), trigger).toBe(true);
  for (const type of actionsWithEffects) expect(findActionType(type)?.type).toBe(type);
});

it('has nothing of actions that change no record of ours', () => {
  for (const type of ['webhook', 'send_email', 'delay', 'notify.manager', 'unknown']) expect(effect(type)).toBeNull();
});
