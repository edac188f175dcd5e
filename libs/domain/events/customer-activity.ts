/**
 * When something was last heard of a customer, by UTC days. Activity is every event about the customer that came from
 * outside: not what actions caused, and not what signalbox itself has found out.
 */
import type { PlatformEvent } from './platform-event.ts';

export const overdueTrigger = 'task.overdue';
export const inactiveTrigger = 'customer.inactive_days';

const dayMs = 24 * 3_600_000;

export interface LastActivity {
  customerId: string;
  /** `2026-01-31`. */
  day: string;
}

export interface ActivityLog {
  /** Those that are recorded already are left alone. */
  record(activities: readonly LastActivity[]): Promise<void>;
}

/** When something was heard of a customer last. */
export interface CustomerActivity {
  customerId: string;
  /** Place in the order of the log, to go on from. */
  place: string;
  lastDay: string;
  /** Entries of earlier days: they say nothing any more. */
  outdated: string[];
}

export interface ActivityReader {
  /**
   * @param after a `place`; null = from the beginning @param limit entries to read at once
   * @returns the next customers in the order of the log, none when there are no more
   */
  page(after: string | null, limit: number): Promise<CustomerActivity[]>;
  forget(entries: readonly string[]): Promise<void>;
  /** The UTC day whose silent customers were told last. */
  doneFor(): Promise<string | null>;
  done(day: string): Promise<void>;
  /** The UTC day on which useless entries were removed last without telling anybody. */
  tidiedFor(): Promise<string | null>;
  tidied(day: string): Promise<void>;
}

export function isActivity({ trigger, causation }: PlatformEvent): boolean {
  return causation.length === 0 && trigger !== overdueTrigger && trigger !== inactiveTrigger;
}

/** @param time ISO 8601 UTC */
export function toDay(time: string): string {
  return time.slice(0, 10);
}

/** Whole days that have passed since without anything; at least 0. */
export function silentDays(lastDay: string, today: string): number {
  return Math.max(0, (Date.parse(today) - Date.parse(lastDay)) / dayMs - 1);
}
