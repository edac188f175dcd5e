import { expect, it } from 'vitest';
import { RetryPolicy } from '#libs/async/retry.ts';
import { loadConfig } from '#libs/config/config.ts';
import type { KeptDeadLetter } from '#libs/domain/events/dead-letter.ts';
import { KafkaCluster } from '#libs/kafka/cluster.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { DeadLetterKeeper } from './dead-letter-keeper.service.ts';

const dayMs = 24 * 60 * 60 * 1000;
const config = loadConfig({ KAFKA_TOPIC_PREFIX: 'test.', DEAD_LETTER_DAYS: '2' });

function keeper() {
  const kept: KeptDeadLetter[] = [];
  const forgotten: string[] = [];
  const letters = {
    add: (added: readonly KeptDeadLetter[]) => Promise.resolve(void kept.push(...added)),
    forget: (before: string) => Promise.resolve(forgotten.push(before)),
  };
  const noKafka = { admin: () => Promise.reject(new Error('not asked')) } as never;
  const policy = new RetryPolicy({ checks: {}, limitMs: 1000, log: createLogger('test', 'silent') });
  const cluster = new KafkaCluster(noKafka, config.kafka);
  return { kept, forgotten, keeper: new DeadLetterKeeper(letters as never, config, cluster, policy) };
}

const message = (offset: number, ageMs: number) => ({
  offset: String(offset),
  timestamp: String(Date.now() - ageMs),
  key: null,
  value: Buffer.from('{}'),
  headers: { 'dead-letter.reason': 'not_json', 'dead-letter.topic': 'test.crm.events' },
});

it('keeps dead letters by their place, and none that it would have forgotten', async () => {
  const { kept, keeper: tested } = keeper();
  const messages = [message(1, 3 * dayMs), message(2, dayMs), message(3, 0)];
  const chunk = { topic: tested.topic, partition: 4, messages, first: 1n, next: 4n, highWatermark: 4n, fetch: {} };
  await tested.process(chunk, new AbortController().signal);
  expect(kept.map(({ dead_letter_id }) => dead_letter_id)).toEqual(['.4.2', '.4.3']);
  expect(kept[0]).toMatchObject({ reason: 'not_json', state: 'open', obstacle: null });
});

it('forgets what is older than DEAD_LETTER_DAYS', async () => {
  const { forgotten, keeper: tested } = keeper();
  await tested.forget();
  const ageMs = Date.now() - Date.parse(forgotten[0] ?? '');
  expect(Math.abs(ageMs - 2 * dayMs)).toBeLessThan(60_000);
});
