import { describe, expect, it } from 'vitest';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import { keepTrying } from './keep-trying.ts';

function setUp() {
  const lines: string[] = [];
  const note = (_fields: object, message: string) => void lines.push(message);
  const stopping = new AbortController();
  const log = { info: note, warn: note } as never;
  return { lines, stopping, retryPolicy: { log, stopping: stopping.signal, firstPauseMs: 1, maxPauseMs: 2 } };
}

describe('keepTrying', () => {
  it('goes on until the server is there and says so once', async () => {
    const { lines, retryPolicy } = setUp();
    let tries = 0;
    const connect = () => ((tries += 1) < 5 ? Promise.reject(new Error('refused')) : Promise.resolve('connected'));
    expect(await keepTrying('Kafka at k:1', connect, retryPolicy)).toBe('connected');
    expect(lines).toEqual(['Kafka at k:1 cannot be reached; trying on', 'Kafka at k:1 is there now']);
  });

  it('gives up at once on what no time can heal', async () => {
    const { retryPolicy } = setUp();
    const wrong = new PermanentError('store_uri_invalid', 'not a URI');
    await expect(keepTrying('the store', () => Promise.reject(wrong), retryPolicy)).rejects.toBe(wrong);
  });

  it('ends with the process', async () => {
    const { retryPolicy, stopping } = setUp();
    const trying = keepTrying('Kafka', () => Promise.reject(new Error('refused')), {
      ...retryPolicy,
      firstPauseMs: 60_000,
    });
    stopping.abort();
    await expect(trying).rejects.toMatchObject({ name: 'AbortError' });
  });
});
