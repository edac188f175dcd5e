import type { EachBatchPayload } from 'kafkajs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogger } from '#libs/telemetry/logger.ts';
import type { Chunk, ChunkHandler } from '../chunk.ts';
import { ChunkSizes } from '../chunk-sizes.ts';
import { OffsetCommitter } from '../offset-committer.ts';
import { consumeBatch } from './consume-batch.ts';

/** A batch of `count` messages from offset 0, and everything that happens in the order in which it happens. */
function scene(count: number, more: Partial<EachBatchPayload> & { highWatermark?: string } = {}) {
  const happened: string[] = [];
  const messages = Array.from({ length: count }, (_, offset) => ({ offset: String(offset), timestamp: '0' }));
  const { highWatermark = String(count), ...rest } = more;
  const batch = { topic: 't', partition: 1, messages, highWatermark, lastOffset: () => String(count - 1) };
  const payload = {
    batch,
    resolveOffset: (offset: string) => happened.push(`resolve ${offset}`),
    heartbeat: async () => {},
    commitOffsetsIfNecessary: async (offsets: { topics: { partitions: { offset: string }[] }[] }) => {
      happened.push(`commit ${offsets.topics[0]?.partitions[0]?.offset}`);
    },
    isRunning: () => true,
    isStale: () => false,
    ...rest,
  } as unknown as EachBatchPayload;
  const handler: ChunkHandler = {
    process: async ({ messages: chunk }: Chunk) => void happened.push(`process ${chunk.length}`),
    commit: async ({ next }: Chunk) => void happened.push(`settle ${next}`),
  };
  const committer = new OffsetCommitter(createLogger('test', 'silent'));
  const seek = (_topic: string, _partition: number, offset: bigint) => void happened.push(`seek ${offset}`);
  const chunkSizes = new ChunkSizes(2);
  const positions = new Map([['t/1', 0n]]);
  const verify = async () => void happened.push('verify');
  const options = { handler, chunkSizes, committer, seek, positions, verify, stopping: new AbortController().signal };
  return { happened, payload, handler, options, committer };
}

describe('consumeBatch', () => {
  it('commits only what has been settled, and settles only what has been processed', async () => {
    const { happened, payload, options } = scene(3);
    await consumeBatch(payload, options);
    expect(happened).toEqual(['process 2', 'resolve 1', 'process 1', 'resolve 2', 'settle 3', 'commit 3']);
  });

  it('processes nothing that may be of a topic made anew', async () => {
    const { happened, payload, options } = scene(2);
    const verify = async () => Promise.reject(new Error('the topic was made anew'));
    for (const positions of [new Map<string, bigint>(), new Map([['t/1', 7n]])]) {
      await expect(consumeBatch(payload, { ...options, positions, verify })).rejects.toThrow('made anew');
    }
    expect(happened).toEqual([]);
  });

  it('asks for the topic once for each assignment, not for each batch', async () => {
    const { happened, payload, options } = scene(2);
    const positions = new Map<string, bigint>();
    await consumeBatch(payload, { ...options, positions });
    const next = { ...payload.batch, fetchedOffset: '2', lastOffset: () => '3' };
    await consumeBatch({ ...payload, batch: next }, { ...options, positions });
    expect(happened.filter((what) => what === 'verify')).toHaveLength(1);
    expect(positions.get('t/1')).toBe(4n);
  });

  it('moves no offset past a chunk that could not be processed', async () => {
    const { happened, payload, handler, options } = scene(4);
    handler.process = async ({ next }) => {
      if (next === 4n) throw new Error('a fault of ours');
    };
    await expect(consumeBatch(payload, options)).rejects.toThrow('a fault of ours');
    expect(happened).toEqual(['resolve 1']);
  });

  it('goes back to a chunk that was processed and could not be committed', async () => {
    const { happened, payload, handler, options } = scene(3);
    handler.commit = async () => Promise.reject(new Error('the store is away'));
    await expect(consumeBatch(payload, options)).rejects.toThrow('the store is away');
    expect(happened).toEqual(['process 2', 'resolve 1', 'process 1', 'resolve 2', 'seek 2']);
  });

  it('goes on in smaller steps after a chunk that was interrupted', async () => {
    const { happened, payload, handler, options } = scene(8);
    const chunkSizes = new ChunkSizes(8);
    handler.process = async () => Promise.reject(new Error('evicted'));
    await expect(consumeBatch(payload, { ...options, chunkSizes })).rejects.toThrow('evicted');
    // As much as there is time for before the next eviction.
    handler.process = async ({ messages, next }) => {
      if (messages.length > 4) throw new Error('evicted');
      happened.push(`process up to ${next}`);
    };
    await consumeBatch(payload, { ...options, chunkSizes });
    expect(happened.filter((one) => !one.startsWith('resolve'))).toEqual([
      'process up to 2',
      'process up to 6',
      'process up to 8',
      'settle 8',
      'commit 8',
    ]);
  });

  it('takes no further chunk once the consumer is being stopped, and commits what is done', async () => {
    let running = true;
    const { happened, payload, handler, options } = scene(6, { isRunning: () => running });
    handler.process = async () => void (running = false);
    await consumeBatch(payload, options);
    expect(happened).toEqual(['resolve 1', 'settle 2', 'commit 2']);
  });

  it('does not wait for the commit while more messages are waiting', async () => {
    const { happened, payload, handler, options, committer } = scene(2, { highWatermark: '100' });
    let settled: () => void = () => {};
    handler.commit = () => new Promise((resolve) => (settled = resolve));
    await consumeBatch(payload, options);
    expect(happened).toEqual(['process 2', 'resolve 1']);
    settled();
    await committer.all();
    expect(happened.at(-1)).toBe('commit 2');
  });

  it('commits nothing for a partition that was assigned anew meanwhile', async () => {
    const { happened, payload, handler, options, committer } = scene(2);
    handler.commit = async () => committer.reassigned();
    await consumeBatch(payload, options);
    expect(happened).toEqual(['process 2', 'resolve 1']);
  });

  describe('while a chunk takes long', () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    const untilReleased: ChunkHandler['process'] = (_, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      });

    it('keeps the membership alive', async () => {
      const heartbeat = vi.fn(async () => {});
      const { payload, handler, options } = scene(1, { heartbeat });
      handler.process = () => new Promise((resolve) => setTimeout(resolve, 60_000));
      const consumed = consumeBatch(payload, options);
      await vi.advanceTimersByTimeAsync(60_000);
      await consumed;
      expect(heartbeat.mock.calls.length).toBeGreaterThan(50);
    });

    it('releases the partition uncommitted and joins again when the group rebalances', async () => {
      const rebalancing = new Error('The group is rebalancing');
      const { happened, payload, handler, options } = scene(1, { heartbeat: () => Promise.reject(rebalancing) });
      handler.process = untilReleased;
      const consumed = consumeBatch(payload, options).catch((error: unknown) => error);
      await vi.advanceTimersByTimeAsync(2000);
      expect(await consumed).toBe(rebalancing);
      expect(happened).toEqual([]);
    });

    it('releases the partition uncommitted when the process can wait no longer', async () => {
      const { happened, payload, handler, options } = scene(1);
      const stopping = new AbortController();
      handler.process = untilReleased;
      const consumed = consumeBatch(payload, { ...options, stopping: stopping.signal });
      stopping.abort();
      await consumed;
      expect(happened).toEqual([]);
    });
  });
});
