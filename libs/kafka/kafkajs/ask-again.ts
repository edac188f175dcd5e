/** Repeats what a broker refuses for the moment. */
import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs from 'kafkajs';

const pauseMs = 200;
const attempts = 25;

/**
 * Asks again while a leader or coordinator moves or loads, which kafkajs by itself does not do for each request.
 * @param ask begins with what is known of the brokers by then
 * @throws what kafkajs throws when asking again cannot help, or has not helped for 5 seconds
 */
export async function askAgain<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!isRefusedForNow(error) || attempt === attempts) throw error;
    }
    await sleep(pauseMs);
  }
}

/** A broker that cannot be reached is another matter: kafkajs has tried that for long enough. */
function isRefusedForNow(error: unknown): boolean {
  return error instanceof kafkajs.KafkaJSProtocolError && error.retriable;
}
