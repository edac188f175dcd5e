/** One batch of one partition: processed chunk by chunk, then settled, then committed. In this order, always. */
import type { EachBatchPayload } from 'kafkajs';
import type { ChunkSizes } from '../chunk-sizes.ts';
import type { Chunk, ChunkHandler } from '../chunk.ts';
import type { OffsetCommitter } from '../offset-committer.ts';
import { Lease } from '../partition-lease.ts';
import { SeekPartition } from '../seek-partition.ts';

export interface BatchOptions {
  handler: ChunkHandler;
  chunkSizes: ChunkSizes;
  committer: OffsetCommitter;
  seek: (topic: string, partition: number, offset: bigint) => void;
  /** Where the next batch of each `topic/partition` begins; empty after an assignment. */
  positions: Map<string, bigint>;
  /** Rejects when a topic was made anew: a batch that does not begin at its position may be of that one. */
  verify: () => Promise<void>;
  /** Aborted when the process can wait no longer for what it holds. */
  stopping: AbortSignal;
}

/**
 * kafkajs fetches again only when all partitions of a fetch are done: one that has much to do gives way after this
 * time, so that it holds back the others no longer than a chunk takes. The rest of its batch is fetched again.
 */
const sliceMs = 1000;
/** How long a partition that we lose may take to note down what is already done. */
const farewellMs = 1000;

/** @throws what the group's coordinator answered when this member has to join again */
export async function consumeBatch(payload: EachBatchPayload, options: BatchOptions): Promise<void> {
  const { handler, committer, chunkSizes, positions } = options;
  const partition = `${payload.batch.topic}/${payload.batch.partition}`;
  const commit = (last: Chunk): Promise<void> => {
    const partitions = [{ partition: last.partition, offset: String(last.next) }];
    return payload.commitOffsetsIfNecessary({ topics: [{ topic: last.topic, partitions }] });
  };
  const lease = new Lease(() => payload.heartbeat(), options.stopping);
  const since = performance.now();
  let done: Chunk | null = null;
  try {
    if (positions.get(partition) !== firstOf(payload.batch)) await options.verify();
    for (const chunk of chunksOf(payload.batch, () => chunkSizes.of(partition))) {
      if (!payload.isRunning() || payload.isStale() || lease.signal.aborted) break;
      await handler.process(chunk, lease.signal);
      chunkSizes.carriedOut(partition);
      payload.resolveOffset(String(chunk.next - 1n));
      positions.set(partition, chunk.next);
      if (handler.commit !== undefined) done = chunk;
      if (performance.now() - since > sliceMs) break;
    }
    if (done !== null && !lease.signal.aborted) {
      await committer.previous(done);
      // With more messages waiting, the next fetch need not wait for this one to be noted down.
      if (done.next < done.highWatermark && payload.isRunning()) {
        committer.commitInBackground(commit, done, handler, options.stopping);
      } else {
        const { topic, partition: number, first } = done;
        await committer.commitNow(commit, done, handler, lease.signal).catch((error: unknown) => {
          // The chunk comes again: kafkajs would go on behind it, and only a later message would be committed.
          if (!lease.signal.aborted) options.seek(topic, number, first);
          throw error;
        });
      }
    }
  } catch (error) {
    if (error instanceof SeekPartition) options.seek(payload.batch.topic, payload.batch.partition, error.offset);
    else {
      chunkSizes.interrupted(partition);
      if (!lease.signal.aborted) throw error;
    }
  } finally {
    lease.close();
  }
  if (!lease.signal.aborted) return;
  // Spares the next owner work that is done. Nothing depends on it: what is done is known by other records too.
  if (done !== null) {
    committer.commitInBackground(commit, done, handler, AbortSignal.timeout(farewellMs));
    await committer.previous(done);
  }
  if (lease.lost !== null) throw lease.lost;
}

function* chunksOf(batch: EachBatchPayload['batch'], sizeOfNext: () => number): Generator<Chunk> {
  const { topic, partition, messages } = batch;
  const highWatermark = BigInt(batch.highWatermark);
  const fetch = {};
  let first = firstOf(batch);
  for (let start = 0, size = 0; start < messages.length; start += size) {
    size = sizeOfNext();
    const part = messages.slice(start, start + size);
    const isLast = start + size >= messages.length;
    const lastOffset = isLast ? batch.lastOffset() : (part.at(-1)?.offset ?? batch.lastOffset());
    const next = BigInt(lastOffset) + 1n;
    yield { topic, partition, messages: part, first, next, highWatermark, fetch };
    first = next;
  }
}

/** kafkajs has it and does not declare it. */
function firstOf(batch: EachBatchPayload['batch']): bigint {
  const { fetchedOffset } = batch as unknown as { fetchedOffset?: string | number };
  return BigInt(fetchedOffset ?? batch.messages[0]?.offset ?? batch.lastOffset());
}
