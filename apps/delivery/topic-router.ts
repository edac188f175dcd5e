import type { Chunk, ChunkHandler } from '#libs/kafka/chunk.ts';

/** Gives each chunk to the handler of its topic. */
export class TopicRouter implements ChunkHandler {
  readonly #handlers: Readonly<Record<string, ChunkHandler>>;

  /** @param handlers by full topic name */
  constructor(handlers: Readonly<Record<string, ChunkHandler>>) {
    this.#handlers = handlers;
  }

  async process(chunk: Chunk, signal: AbortSignal): Promise<void> {
    await this.#handlers[chunk.topic]?.process(chunk, signal);
  }

  async commit(last: Chunk, signal: AbortSignal): Promise<void> {
    await this.#handlers[last.topic]?.commit?.(last, signal);
  }
}
