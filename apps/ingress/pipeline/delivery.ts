/** An event and the message that brought it, and what is done when it cannot be processed, ever. */
import { isPermanent } from '#libs/async/retry.ts';
import type { KnownAccountFields } from '#libs/domain/directory/account-history.ts';
import { messageOf, SignalboxError } from '#libs/domain/errors/errors.ts';
import type { DeadLetterReason } from '#libs/domain/events/dead-letter.ts';
import type { PlatformEvent } from '#libs/domain/events/platform-event.ts';
import type { ConsumedMessage } from '#libs/kafka/message.ts';
import type { Logger } from '#libs/telemetry/logger.ts';

export interface Delivery {
  event: PlatformEvent;
  message: ConsumedMessage;
}

/** Of account events: what was known of their accounts before them. */
export type Held = ReadonlyMap<PlatformEvent, KnownAccountFields>;

export interface GiveUpReason {
  /** A code. */
  reason: DeadLetterReason;
  message: string;
}

export type GiveUp = (delivery: Delivery, why: GiveUpReason) => Promise<void>;

/** All together, and one after the other when something in them cannot be processed, ever: that one is given up. */
export async function eachIfNeeded(
  deliveries: Delivery[],
  { giveUp, log }: { giveUp: GiveUp; log: Logger },
  work: (some: Delivery[]) => Promise<void>,
): Promise<void> {
  try {
    await work(deliveries);
  } catch (error) {
    if (!isPermanent(error)) throw error;
    for (const delivery of deliveries) {
      try {
        await work([delivery]);
      } catch (cause) {
        if (!isPermanent(cause)) throw cause;
        await giveUp(delivery, toReason(delivery, cause, log));
      }
    }
  }
}

/** @param error a permanent one; logged whole */
export function toReason({ event }: Delivery, error: unknown, log: Logger): GiveUpReason {
  log.error({ eventId: event.id, err: error }, 'an event cannot be processed');
  return { reason: error instanceof SignalboxError ? error.code : 'internal_error', message: messageOf(error) };
}

export function idConflict({ id }: PlatformEvent): GiveUpReason {
  return {
    reason: 'event_id_conflict',
    message: `another event has come under the id ${id}: ids must be unique`,
  };
}
