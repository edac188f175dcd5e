import type { Readable } from 'node:stream';
import { codeOf, filesUnavailable } from './files.errors.ts';

/**
 * The chunks of a file.
 * @param size bytes that have to come: a file that breaks off must not look whole
 * @param begin asked once, when the first chunk is
 * @param release for what is there before anything is read
 */
export function readContent(
  size: number,
  begin: () => Promise<Readable>,
  release: () => void = () => undefined,
): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]() {
      let stream: Readable | null = null;
      let chunks: AsyncIterator<Uint8Array> | null = null;
      let length = 0;
      return {
        async next() {
          try {
            stream ??= await begin();
            chunks ??= stream[Symbol.asyncIterator]();
            const next = await chunks.next();
            length += next.done === true ? 0 : next.value.length;
            if (next.done !== true || length === size) return next;
          } catch (error) {
            throw filesUnavailable('read a file', codeOf(error));
          }
          throw filesUnavailable('read a file', 'it is not as long as it should be');
        },
        // No `throw`: who reads no further, for whatever reason, has done with it.
        return() {
          stream?.destroy();
          release();
          return Promise.resolve({ done: true, value: undefined });
        },
      };
    },
  };
}
