import { setTimeout as wait } from 'node:timers/promises';
import { maskText } from '#libs/domain/masking/masking.ts';
import { messageOf, PermanentError } from '#libs/domain/errors/errors.ts';
import type { Logger } from '#libs/telemetry/logger.ts';

export interface TryLimit {
  log: Pick<Logger, 'info' | 'warn'>;
  /** Ends the trying: the process is to end. */
  stopping: AbortSignal;
  /** Milliseconds; doubles up to `maxPauseMs`. */
  firstPauseMs?: number;
  maxPauseMs?: number;
  /** Told of each failure. */
  failed?: (reason: string) => void;
}

/**
 * Tries until it succeeds, so that processes may start in any order. Says what is away, again every minute or so.
 * @param what the server and its address
 * @throws PermanentError at once; AbortError when the process is to end
 */
export async function keepTrying<T>(what: string, attempt: () => Promise<T>, retryPolicy: TryLimit): Promise<T> {
  const { log, stopping, firstPauseMs = 250, maxPauseMs = 5_000, failed } = retryPolicy;
  let pause = firstPauseMs;
  let said = 0;
  for (let tries = 1; ; tries += 1) {
    stopping.throwIfAborted();
    try {
      const result = await attempt();
      if (said > 0) log.info({ tries }, `${what} is there now`);
      return result;
    } catch (error) {
      if (error instanceof PermanentError) throw error;
      failed?.(`not reached yet: ${messageOf(error)}`);
      if (said === 0 || Date.now() - said > 60_000) {
        said = Date.now();
        log.warn({ tries, error: maskText(messageOf(error)) }, `${what} cannot be reached; trying on`);
      }
    }
    await wait(pause, undefined, { signal: stopping });
    pause = Math.min(pause * 2, maxPauseMs);
  }
}
