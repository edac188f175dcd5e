/**
 * Every list is served by an index: MongoDB then reads about as many documents as a page has, however many there are.
 * Held against MongoDB's rule for sorted queries (equality, then sort); what the embedded store reads is counted in
 * test/integration/store/page-reads.spec.ts.
 * @see https://www.mongodb.com/docs/manual/tutorial/equality-sort-range-guideline/
 */
import mongoose from 'mongoose';
import { afterAll, describe, expect, it } from 'vitest';
import type { ApprovalFilter } from '#libs/domain/approvals/approval.ts';
import type { AuditFilter } from '#libs/domain/access/audit-log.ts';
import type { DeadLetterFilter } from '#libs/domain/events/dead-letter.ts';
import type { AttemptFilter } from '#libs/domain/subscriptions/delivery.ts';
import { apiKeyModel, newestKeysFirst } from '../access/api-key.repository.ts';
import {
  approvalModel,
  buildApprovalsQuery,
  dueFirst,
  newestAskedFirst,
  oldestAskedFirst,
} from '../approvals/approval.repository.ts';
import { buildRecordsQuery, newestRecordsFirst } from '../crm/action-records.ts';
import { assignmentModel } from '../crm/assignment.repository.ts';
import { noteModel } from '../crm/note.repository.ts';
import { buildNotificationsQuery, notificationModel, type NotificationFilter } from '../crm/notification.repository.ts';
import { buildTasksQuery, taskModel, type TaskPageFilter } from '../crm/task.repository.ts';
import { auditModel } from '../access/audit.model.ts';
import { buildAuditQuery, newestAuditFirst } from '../access/audit.repository.ts';
import { ruleModel } from '../rules/rule.model.ts';
import { ruleOrder, buildRulesQuery, type RuleFilter } from '../rules/rule.repository.ts';
import { runModel } from '../runs/run.model.ts';
import { ruleVersionModel } from '../rules/rule-version.model.ts';
import { buildDeadLettersQuery, deadLetterModel, newestLettersFirst } from '../events/dead-letter.repository.ts';
import { newestApplicationsFirst, webhookApplicationModel } from '../hooks/webhook-application.repository.ts';
import { newestFirst, buildRunsQuery, type RunFilter } from '../runs/run-log.repository.ts';
import {
  buildAttemptsQuery,
  deliveryAttemptModel,
  newestAttemptsFirst,
} from '../subscriptions/delivery-attempt.repository.ts';
import { nextTriedFirst, pendingDeliveryModel } from '../subscriptions/pending-delivery.repository.ts';

type Index = Record<string, unknown>;
type Sort = Record<string, 1 | -1>;

// Never connected: only what the schemas declare is looked at.
const connection = mongoose.createConnection();
afterAll(() => connection.close());
const indexesOf = (model: { schema: mongoose.Schema }): Index[] => model.schema.indexes().map(([fields]) => fields);

/** Fields that must have a value, or one of several. */
function equalities(query: object): Set<string> {
  const isEquality = (wanted: unknown): boolean => typeof wanted !== 'object' || wanted === null || '$in' in wanted;
  return new Set(Object.entries(query).flatMap(([field, wanted]) => (isEquality(wanted) ? [field] : [])));
}

/** Whether the index leads to the documents by one of the equalities at least, and gives them in order. */
function serves(index: Index, wanted: Set<string>, sort: Sort): boolean {
  const fields = Object.entries(index);
  const prefix = fields.findIndex(([field]) => !wanted.has(field));
  const rest = fields.slice(prefix === -1 ? fields.length : prefix);
  const order = Object.entries(sort);
  const isSorted = order.every(([field, direction], at) => rest[at]?.[0] === field && rest[at][1] === direction);
  return isSorted && (wanted.size === 0 || prefix !== 0);
}

const isServed = (indexes: Index[], query: object, sort: Sort): boolean =>
  indexes.some((index) => serves(index, equalities(query), sort));

/** Every choice of the filters, each alone and all combinations. */
function choices<Filter extends object>(all: Required<Filter>): Filter[] {
  return Object.entries(all).reduce<Filter[]>(
    (found, [name, value]) => [...found, ...found.map((one) => ({ ...one, [name]: value }))],
    [{} as Filter],
  );
}

describe('lists', () => {
  it('of runs are served by an index, whatever they are filtered by', () => {
    const indexes = indexesOf(runModel(connection));
    const all: Required<RunFilter> = {
      ruleId: 'r',
      brand: ['a', 'b'],
      status: 'running',
      waitsFor: 'delay',
      finishedBefore: '2026-01-01T00:00:00.000Z',
      trigger: 't',
      customerId: 'c',
      login: 1,
      eventId: 'e',
      from: '2026-01-01',
      to: '2026-01-02',
    };
    const unserved = choices<RunFilter>(all).filter(
      (filter) => !isServed(indexes, buildRunsQuery(filter), newestFirst),
    );
    expect(unserved).toEqual([]);
  });

  it('of approvals are served by an index, whatever they are filtered by', () => {
    const indexes = indexesOf(approvalModel(connection));
    const all: Required<ApprovalFilter> = {
      state: 'open',
      runId: 'r',
      tenants: ['a', 'b'],
      answerableBy: { userId: 'u', role: 'SESSION_DEALER' },
    };
    // Whoever asks what he may answer asks for what is open.
    const asked = choices<ApprovalFilter>(all).filter(({ answerableBy, state }) => !answerableBy || state);
    expect(asked.filter((filter) => !isServed(indexes, buildApprovalsQuery(filter), newestAskedFirst))).toEqual([]);
    const open = buildApprovalsQuery({ ...all, state: 'open' });
    expect(isServed(indexes, open, dueFirst)).toBe(true);
    expect(isServed(indexes, { ...open, expires_at: null }, oldestAskedFirst)).toBe(true);
  });

  it('of the audit log are served by an index, whatever they are filtered by', () => {
    const indexes = indexesOf(auditModel(connection));
    const all: Required<AuditFilter> = {
      by: 'u',
      target: 'rule/r',
      operation: 'rule.create',
      brand: ['a', 'b'],
      from: '2026-01-01',
      to: '2026-01-02',
    };
    const unserved = choices<AuditFilter>(all).filter(
      (filter) => !isServed(indexes, buildAuditQuery(filter), newestAuditFirst),
    );
    expect(unserved).toEqual([]);
  });

  it('of versions, API keys and incoming webhook applications are served by an index', () => {
    expect(isServed(indexesOf(ruleVersionModel(connection)), { rule_id: 'r' }, { version: -1 })).toBe(true);
    expect(isServed(indexesOf(apiKeyModel(connection)), {}, newestKeysFirst)).toBe(true);
    expect(isServed(indexesOf(webhookApplicationModel(connection)), {}, newestApplicationsFirst)).toBe(true);
    expect(isServed(indexesOf(webhookApplicationModel(connection)), { token_hash: 'h' }, {})).toBe(true);
  });

  it('of rules are served by an index, whatever they are filtered by', () => {
    const indexes = indexesOf(ruleModel(connection));
    const all: Required<RuleFilter> = { brand: ['a', null], trigger: 't', status: ['draft', 'active'], search: 'x' };
    const unserved = choices<RuleFilter>(all).filter(
      (filter) => !isServed(indexes, buildRulesQuery(filter), ruleOrder),
    );
    expect(unserved).toEqual([]);
  });

  it('of dead letters are served by an index, whatever they are filtered by', () => {
    const indexes = indexesOf(deadLetterModel(connection));
    const all: Required<DeadLetterFilter> = { brand: ['a', 'b'], reason: 'r', topic: 't', state: 'open' };
    const unserved = choices<DeadLetterFilter>(all).filter(
      (filter) => !isServed(indexes, buildDeadLettersQuery(filter), newestLettersFirst),
    );
    expect(unserved).toEqual([]);
  });

  it('of attempts of a subscription are served by an index, whatever they are filtered by', () => {
    const indexes = indexesOf(deliveryAttemptModel(connection));
    const all: Required<Omit<AttemptFilter, 'subscription_id'>> = {
      event_id: 'e',
      execution_id: 'r',
      outcome: 'failed',
    };
    const unserved = choices<Omit<AttemptFilter, 'subscription_id'>>(all).filter(
      (filter) => !isServed(indexes, buildAttemptsQuery({ subscription_id: 's', ...filter }), newestAttemptsFirst),
    );
    expect(unserved).toEqual([]);
  });

  it('of events that wait for a subscription are served by an index', () => {
    expect(isServed(indexesOf(pendingDeliveryModel(connection)), { subscription_id: 's' }, nextTriedFirst)).toBe(true);
  });

  it('of what runs leave at customers and managers are served by an index, whatever they are filtered by', () => {
    const tasks: Required<TaskPageFilter> = { customerId: 'c', assigneeId: 7, state: 'open', brands: ['a', 'b'] };
    const taskIndexes = indexesOf(taskModel(connection));
    const unserved = choices<TaskPageFilter>(tasks).filter(
      (filter) => !isServed(taskIndexes, buildTasksQuery(filter), newestRecordsFirst),
    );
    expect(unserved).toEqual([]);

    const notifications: Required<NotificationFilter> = {
      customerId: 'c',
      managerId: 7,
      isUnread: true,
      brands: ['a', 'b'],
    };
    const notificationIndexes = indexesOf(notificationModel(connection));
    // One of both is always asked for.
    const asked = choices<NotificationFilter>(notifications).filter(
      ({ customerId, managerId }) => customerId !== undefined || managerId !== undefined,
    );
    expect(
      asked.filter((one) => !isServed(notificationIndexes, buildNotificationsQuery(one), newestRecordsFirst)),
    ).toEqual([]);

    for (const model of [noteModel(connection), assignmentModel(connection)]) {
      const query = buildRecordsQuery({ customerId: 'c', brands: ['a', 'b'] });
      expect(isServed(indexesOf(model), query, newestRecordsFirst)).toBe(true);
    }
  });

  it('would be found not to be', () => {
    const sort: Sort = { at: -1, _id: -1 };
    expect(isServed([{ at: -1, _id: -1 }], {}, sort)).toBe(true);
    expect(isServed([{ at: -1, _id: -1 }], { brand: 'a' }, sort)).toBe(false);
    expect(isServed([{ brand: 1, at: -1, _id: -1 }], { brand: 'a', status: 's' }, sort)).toBe(true);
    expect(isServed([{ brand: 1, at: 1, _id: 1 }], { brand: 'a' }, sort)).toBe(false);
    expect(isServed([{ brand: 1, at: -1, _id: -1 }], { brand: { $ne: 'a' } }, sort)).toBe(false);
  });
});
