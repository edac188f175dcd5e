import { expect, it } from 'vitest';
import { RetryPolicy } from '#libs/async/retry.ts';
import { loadConfig } from '#libs/config/config.ts';
import type { KeptEvent } from '#libs/domain/runs/lifecycle-log.ts';
import { KafkaCluster } from '#libs/kafka/cluster.ts';
import { toCloudEvent } from '#libs/lifecycle/publisher.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { EventKeeper } from './event-keeper.service.ts';
import type { DispatchedChunk } from './webhooks/dispatcher.ts';

const at = '2026-01-31T12:00:00.000Z';
const config = loadConfig({ KAFKA_TOPIC_PREFIX: 'test.' });

interface Sent {
  offsets: number[];
  next: number;
  /** Offsets that were kept before, and those of which the store was being told. */
  kept: number[];
  beingKept: number[];
}

/** @param refuses whether the store takes no event of this offset */
function keeper(refuses: (offset: number) => boolean = () => false) {
  const kept: number[] = [];
  let beingKept: number[] = [];
  const sent: Sent[] = [];
  const offsets = (events: readonly KeptEvent[]): number[] => events.map(({ offset }) => offset);
  const lifecycle = {
    add: async (events: readonly KeptEvent[]) => {
      beingKept = offsets(events);
      await new Promise((resolve) => setImmediate(resolve));
      if (beingKept.some(refuses)) throw new TypeError('refused');
      kept.push(...beingKept);
      beingKept = [];
    },
  };
  let prepared = 0;
  const dispatcher = {
    prepare: () => Promise.resolve(void (prepared += 1)),
    dispatch: async ({ events, next }: DispatchedChunk) => {
      expect(prepared).toBe(1);
      sent.push({ offsets: offsets(events), next, kept: [...kept], beingKept: [...beingKept] });
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    },
  };
  const metrics = { kept: { inc: () => undefined } };
  const noKafka = { admin: () => Promise.reject(new Error('not asked')) } as never;
  const cluster = new KafkaCluster(noKafka, config.kafka);
  const policy = new RetryPolicy({ checks: {}, limitMs: 1000, log: createLogger('test', 'silent') });
  const parts = [lifecycle, config, cluster, {}, policy, metrics, dispatcher];
  return { kept, sent, keeper: new EventKeeper(...(parts as never as ConstructorParameters<typeof EventKeeper>)) };
}

/** Offsets from 10 on; behind them lies one that is gone. */
function chunk(count: number) {
  const messages = Array.from({ length: count }, (_, index) => {
    const event = toCloudEvent({
      executionId: `r:e${index}`,
      processId: 'r',
      tenantId: 'acme',
      occurredAt: at,
      sequence: 0,
      eventType: 'WorkflowStarted',
      triggeredBy: 'system',
      startedAt: at,
      triggerPayload: {},
    });
    return {
      offset: String(10 + index),
      timestamp: '0',
      key: null,
      value: Buffer.from(JSON.stringify(event)),
      headers: {},
    };
  });
  const next = BigInt(11 + count);
  return { topic: 'test.workflow.lifecycle', partition: 3, messages, first: 10n, next, highWatermark: next, fetch: {} };
}

it('sends each event once it is kept, in order, while the next are being kept', async () => {
  const { kept, sent, keeper: tested } = keeper();
  await tested.process(chunk(250), new AbortController().signal);
  const all = Array.from({ length: 250 }, (_, index) => 10 + index);
  expect(kept).toEqual(all);
  expect(sent.flatMap(({ offsets }) => offsets)).toEqual(all);
  for (const { offsets, kept: before } of sent) expect(before).toEqual(expect.arrayContaining(offsets));
  expect(sent.map(({ offsets, next }) => [offsets[0], next])).toEqual([
    [10, 110],
    [110, 210],
    [210, 261],
  ]);
  expect(sent[0]?.beingKept).toEqual(all.slice(100, 200));
});

it('passes over a chunk without events', async () => {
  const { kept, sent, keeper: tested } = keeper();
  await tested.process(chunk(0), new AbortController().signal);
  expect(kept).toEqual([]);
  expect(sent).toEqual([{ offsets: [], next: 11, kept: [], beingKept: [] }]);
});

it('sends nothing that is not kept', async () => {
  const { sent, keeper: tested } = keeper((offset) => offset === 115);
  await expect(tested.process(chunk(250), new AbortController().signal)).rejects.toThrow('refused');
  expect(sent.map(({ offsets }) => offsets.at(-1))).toEqual([109]);
});
