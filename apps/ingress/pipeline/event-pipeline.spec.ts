/** What servers cannot show: in which order the steps are durable. The rest is tried on real servers. */
import { Registry } from 'prom-client';
import { expect, it, vi } from 'vitest';
import { RetryPolicy } from '#libs/async/retry.ts';
import type { DirectoryReader } from '#libs/domain/directory/directory.ts';
import { topics, type PlatformEvent } from '#libs/domain/events/platform-event.ts';
import type { WaitingEvent } from '#libs/domain/events/waiting-event.ts';
import { RuleIndex } from '#libs/domain/matching/rule-index.ts';
import type { Rule } from '#libs/domain/rules/rule.ts';
import type { Chunk } from '#libs/kafka/chunk.ts';
import { DirectoryCache } from '#libs/matching/directory-cache.ts';
import type { Match } from '#libs/matching/match-events.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { IngressMetrics } from '../metrics.ts';
import { EventPipeline, type PipelineOptions } from './event-pipeline.ts';

const at = '2026-06-01T00:00:00Z';
const login = 7;
const deposit: PlatformEvent = {
  id: 'd-1',
  trigger: 'deposit.created',
  topic: topics.trade,
  occurredAt: at,
  data: {},
  login,
  brand: null,
  customerId: null,
  causation: [],
};
const waitsForAccount: WaitingEvent = {
  key: 'd-1',
  event: deposit,
  held: null,
  waitsFor: `login:${login}`,
  since: at,
  until: at,
};
const ruleFor = (trigger: string): Rule => ({
  id: `rule for ${trigger}`,
  name: 'rule',
  description: '',
  brand: 'alpha',
  trigger_event: trigger,
  conditions: { match: 'all', rules: [] },
  actions: [],
  priority: 100,
  stop_after: false,
  status: 'active',
  version: 1,
  created_at: at,
  updated_at: at,
  archived_at: null,
  created_by: 'test',
  updated_by: 'test',
});

/** A directory that has heard of the account and not of its group. */
const reader: Partial<DirectoryReader> = {
  changes: async () => ({ revision: 1, logins: null }),
  accountHistories: async () => new Map([[login, { login, account: { login, group: 'new' }, placements: [] }]]),
  groups: async () => new Map(),
  customers: async () => new Map(),
  customerAccounts: async () => new Map(),
};

function pipelineWith(more: Partial<PipelineOptions>): EventPipeline {
  const log = createLogger('test', 'silent');
  const rules = new RuleIndex();
  for (const trigger of ['deposit.created', 'customer.deposited']) rules.put(ruleFor(trigger));
  const options: Partial<PipelineOptions> = {
    logicalTopic: (topic) => topic,
    topicId: () => 'topic',
    limits: { maxBytes: 10_000, maxDepth: 10, maxAheadMs: 60_000 },
    rules,
    directory: new DirectoryCache(reader as DirectoryReader),
    evaluations: { keepsUnmatched: false, keep: async () => {} } as unknown as PipelineOptions['evaluations'],
    retryPolicy: new RetryPolicy({ log, checks: {}, limitMs: 1000 }),
    metrics: new IngressMetrics(new Registry()),
    log,
    ...more,
  };
  return new EventPipeline(options as PipelineOptions);
}

const signal = new AbortController().signal;
/** Everything that can go on without what is waited for has gone on. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

it('an event whose account has come waits for its group, durably, before anything behind it goes on', async () => {
  let store = (): void => {};
  const keep = vi.fn(() => new Promise<Set<PlatformEvent>>((resolve) => (store = () => resolve(new Set()))));
  const pipeline = pipelineWith({ waiting: { keep } as unknown as PipelineOptions['waiting'] });
  const resumed = vi.fn();
  const resuming = pipeline.resume([waitsForAccount], false, signal).then(resumed);
  await vi.waitFor(() => expect(keep).toHaveBeenCalledOnce());
  expect(keep).toHaveBeenCalledWith([expect.objectContaining({ event: deposit, waitsFor: 'group:new' })]);
  await settled();
  expect(resumed).not.toHaveBeenCalled();
  store();
  await resuming;
});

it('a chunk is processed only when the events of it that cannot be are in the dead letters', async () => {
  let send = (): void => {};
  const deadLetters = { send: vi.fn(() => new Promise<void>((resolve) => (send = resolve))) };
  const marks = { newMessages: async ({ messages }: Chunk) => messages, decidedBefore: async () => () => false };
  const processed = vi.fn(async () => {});
  // Each event has come under the id of another one.
  const decide = async (matches: Match[]) => {
    return { decided: [], conflicts: new Set(matches.map(({ subject }) => subject.event)) };
  };
  const nothing = { news: () => [] };
  const pipeline = pipelineWith({
    watermarks: { ...marks, processed } as unknown as PipelineOptions['watermarks'],
    dispatcher: { decide, dispatch: async () => {} } as unknown as PipelineOptions['dispatcher'],
    waiting: { remove: async () => {} } as unknown as PipelineOptions['waiting'],
    activity: nothing as unknown as PipelineOptions['activity'],
    triggers: nothing as unknown as PipelineOptions['triggers'],
    deadLetters: deadLetters as unknown as PipelineOptions['deadLetters'],
  });
  const value = Buffer.from(JSON.stringify({ id: 'e-1', type: 'customer.deposited', brand: 'alpha', data: {} }));
  const message = { key: null, value, timestamp: String(Date.parse(at)), attributes: 0, offset: '5', headers: {} };
  const place = { topic: topics.crm, partition: 0, first: 5n, next: 6n, highWatermark: 6n };
  const processing = pipeline.process({ ...place, messages: [message], fetch: {} }, signal);
  await vi.waitFor(() => expect(deadLetters.send).toHaveBeenCalledOnce());
  expect(deadLetters.send).toHaveBeenCalledWith(expect.objectContaining({ reason: 'event_id_conflict' }));
  await settled();
  expect(processed).not.toHaveBeenCalled();
  send();
  await processing;
  expect(processed).toHaveBeenCalledOnce();
});

it('keeps what rules made of an event whose account came while it was put on the waiting list', async () => {
  let revision = 0;
  const groups = vi.fn(async () => new Map([['new', { name: 'new', brand: 'alpha' }]]));
  groups.mockResolvedValueOnce(new Map());
  const directory = new DirectoryCache({
    ...reader,
    groups,
    changes: async () => ({ revision: ++revision, logins: null }),
  } as unknown as DirectoryReader);
  const rules = new RuleIndex();
  rules.put({ ...ruleFor('customer.deposited'), conditions: { field: 'event.amount', operator: 'gte', value: 500 } });
  const keep = vi.fn(async () => {});
  const removed = vi.fn(async () => {});
  const registry = new Registry();
  const nothing = { news: () => [] } as unknown;
  const pipeline = pipelineWith({
    directory,
    rules,
    metrics: new IngressMetrics(registry),
    evaluations: { keepsUnmatched: true, keep } as unknown as PipelineOptions['evaluations'],
    watermarks: {
      newMessages: async ({ messages }: Chunk) => messages,
      decidedBefore: async () => () => false,
      processed: async () => {},
    } as unknown as PipelineOptions['watermarks'],
    dispatcher: { dispatch: async () => {} } as unknown as PipelineOptions['dispatcher'],
    waiting: { keep: async () => new Set(), remove: removed } as unknown as PipelineOptions['waiting'],
    activity: nothing as PipelineOptions['activity'],
    triggers: nothing as PipelineOptions['triggers'],
  });
  const value = Buffer.from(JSON.stringify({ id: 'e-1', type: 'customer.deposited', login, data: { amount: 1 } }));
  const message = { key: null, value, timestamp: String(Date.parse(at)), attributes: 0, offset: '5', headers: {} };
  const place = { topic: topics.crm, partition: 0, first: 5n, next: 6n, highWatermark: 6n };
  await pipeline.process({ ...place, messages: [message], fetch: {} }, signal);
  expect(groups).toHaveBeenCalledTimes(2);
  expect(keep.mock.calls.flat(2)).toMatchObject([{ eventId: 'e-1', outcome: 'no_match' }]);
  expect(removed).toHaveBeenCalledWith([expect.stringContaining('e-1')]);
  const counted = (await registry.getSingleMetric('signalbox_events_total')?.get())?.values ?? [];
  expect(counted.filter(({ value: count }) => count > 0)).toMatchObject([
    { labels: { outcome: 'waiting' }, value: 1 },
    { labels: { outcome: 'no_match' }, value: 1 },
  ]);
});
