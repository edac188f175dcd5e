/** Messages of one partition that are processed together, and who processes them. */
import type { ConsumedMessage } from './message.ts';

export interface Chunk {
  topic: string;
  partition: number;
  /** In order of their offsets; empty only where consumers see nothing of what lies before `next`. */
  messages: ConsumedMessage[];
  /** Where reading began: the first offset of the chunk's range, whether or not a message has it. */
  first: bigint;
  /** First offset after the last message, which may lie beyond records that consumers do not see. */
  next: bigint;
  /** Offset the next message of the partition will get. */
  highWatermark: bigint;
  /** The same for all chunks that were fetched together. */
  fetch: object;
}

export interface ChunkHandler {
  /**
   * Resolves when every message of the chunk has been processed for good. It waits for a dependency that is away
   * instead of failing, and may see the same messages again at any time.
   * @param signal aborted when the partition is no longer ours: reject with its reason
   * @throws SeekPartition when the partition has to be read on from another offset
   */
  process(chunk: Chunk, signal: AbortSignal): Promise<void>;
  /**
   * Records that everything up to the end of this chunk has been processed. The offset is committed after it. A handler
   * without it commits by itself (`KafkaConsumer.commit`), and `process` need only have taken the messages over.
   */
  commit?(last: Chunk, signal: AbortSignal): Promise<void>;
}
