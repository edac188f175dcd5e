/**
 * Publishes `customer.inactive_days` for each customer nothing was heard of for a while, once a day: its id follows
 * from customer and day. A day on which no active rule asks is passed over: at most brokers most customers are silent.
 * What a newer day makes useless is removed once a day, whether or not anybody asks: the log holds a day or two for each
 * customer.
 */
import type { CrmEnvelope } from '#libs/contracts/crm-message.ts';
import { toDay, inactiveTrigger, silentDays, type ActivityReader } from '#libs/domain/events/customer-activity.ts';
import type { DetectionResult } from '#temporal/contract/activities.ts';
import type { CrmPublisherPort } from '../crm/publish-changes.ts';

export interface DetectInactivePorts {
  activity: ActivityReader;
  crm: CrmPublisherPort;
  /** True when an active rule is for the trigger. */
  isAskedFor(trigger: string): Promise<boolean>;
  /** True when the ingress has dealt with all that was published before then. @param time milliseconds since 1970 */
  isHeardUntil(time: number): Promise<boolean>;
  /** Least number of days that is published. */
  minDays: number;
  /** Where the attempt before this one stopped, as it told its heartbeats. */
  resumeFrom(): unknown;
  heartbeat(reached: Reached): void;
  now(): Date;
  /** Entries read at once; 5000 when left out. */
  pageSize?: number;
}

interface Reached {
  day: string;
  isTold: boolean;
  place: string;
  published: number;
}

export function detectInactiveActivity(ports: DetectInactivePorts) {
  const { activity, crm, minDays, pageSize = 5000 } = ports;

  /** @param isTold whether the silent are published; otherwise the log is only tidied. @returns how many were */
  const walk = async (today: string, isTold: boolean): Promise<number> => {
    const before = ports.resumeFrom() as Reached | undefined;
    let reached: Reached | null = before?.day === today && before.isTold === isTold ? before : null;
    for (;;) {
      const page = await activity.page(reached?.place ?? null, pageSize);
      const last = page.at(-1);
      if (last === undefined) return reached?.published ?? 0;
      const events = page.flatMap(({ customerId, lastDay }): CrmEnvelope[] => {
        const days = silentDays(lastDay, today);
        return !isTold || days < minDays ? [] : [buildEvent(customerId, days, lastDay, today)];
      });
      await crm.publish(events);
      await activity.forget(page.flatMap(({ outdated }) => outdated));
      reached = { day: today, isTold, place: last.place, published: (reached?.published ?? 0) + events.length };
      ports.heartbeat(reached);
    }
  };

  return async (): Promise<DetectionResult> => {
    const today = toDay(ports.now().toISOString());
    if ((await activity.doneFor()) === today) return { published: 0 };
    // After a downtime customers would seem silent whose events only wait to be read: a later look does it.
    if ((await ports.isAskedFor(inactiveTrigger)) && (await ports.isHeardUntil(Date.parse(today)))) {
      const published = await walk(today, true);
      await activity.done(today);
      return { published };
    }
    if ((await activity.tidiedFor()) !== today) {
      await walk(today, false);
      await activity.tidied(today);
    }
    return { published: 0 };
  };
}

function buildEvent(customerId: string, days: number, lastDay: string, today: string): CrmEnvelope {
  return {
    id: `${inactiveTrigger}:${customerId}:${today}`,
    type: inactiveTrigger,
    occurredAt: `${today}T00:00:00.000Z`,
    customerId,
    data: { inactive_days: days, last_active: lastDay },
  };
}
