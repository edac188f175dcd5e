import type { Connection } from '@temporalio/client';
import { describe, expect, it, vi } from 'vitest';
import { RetryPolicy } from '#libs/async/retry.ts';
import { loadConfig } from '#libs/config/config.ts';
import type { KafkaConsumer } from '#libs/kafka/ports.ts';
import type { PartitionWatch } from '#libs/kafka/partition-watch.ts';
import type { BatchingProducer } from '#libs/kafka/producer.ts';
import type { StoreAccess } from '#libs/store/mongo/store-access.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { IngressService } from './ingress.service.ts';
import type { PostponedLane } from './pipeline/postponed-lane.ts';
import type { RuleSync } from './rule-sync.ts';
import type { Upkeep } from './upkeep.ts';

/** A service that notes in `course` what it ends; `closing` is how its connection to Temporal is closed. */
function serviceNoting(course: string[], closing: () => Promise<void>): IngressService {
  const log = createLogger('test', 'silent');
  const part = (name: string) => {
    const end = async () => void course.push(name);
    return { stop: end, close: end } as unknown;
  };
  return new IngressService(
    loadConfig({ SHUTDOWN_GRACE_MS: '1000' }),
    log,
    part('consumer') as KafkaConsumer,
    part('partitions') as PartitionWatch,
    part('lane') as PostponedLane,
    part('rules') as RuleSync,
    part('upkeep') as Upkeep,
    part('producer') as BatchingProducer,
    { close: closing } as Connection,
    part('store') as StoreAccess,
    { close: async () => void course.push('Kafka check') },
    new RetryPolicy({ log, checks: {}, limitMs: 1000 }),
  );
}

describe('the end of the ingress', () => {
  it('comes when what works has stopped, and every connection is closed', async () => {
    const course: string[] = [];
    let close = (): void => {};
    const closed = new Promise<void>((resolve) => (close = resolve));
    const ended = vi.fn();
    const ending = serviceNoting(course, () => closed)
      .beforeApplicationShutdown()
      .then(ended);
    await vi.waitFor(() => expect(course).toContain('store'));
    expect(course.slice(0, 6)).toEqual(['upkeep', 'consumer', 'partitions', 'lane', 'rules', 'producer']);
    await new Promise((resolve) => setImmediate(resolve));
    expect(ended).not.toHaveBeenCalled();
    close();
    await ending;
  });

  it('is not in order when a connection cannot be closed', async () => {
    const service = serviceNoting([], () => Promise.reject(new Error('still in use')));
    await expect(service.beforeApplicationShutdown()).rejects.toThrow('still in use');
  });
});
