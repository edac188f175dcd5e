/**
 * Events whose brand cannot be told yet: the account they are about, or its group, is not in the directory. Topics are
 * read side by side, so an account may come after its first deposit. Such an event is kept, and decided when the
 * account comes.
 */
import type { KnownAccountFields } from '../directory/account-history.ts';
import type { PlatformEvent } from './platform-event.ts';

export interface WaitingEvent {
  /** See `event-key.ts`. */
  key: string;
  event: PlatformEvent;
  /** Of an account event: what was known of its account before it. */
  held: KnownAccountFields | null;
  /** `login:{login}` or `group:{name}` */
  waitsFor: string;
  /** ISO 8601 UTC. */
  since: string;
  /** When waiting ends, ISO 8601 UTC. */
  until: string;
}

/** `given_up`: it has waited in vain, started nothing, and is kept for a person. */
export type WaitingState = 'waiting' | 'given_up';

export interface WaitingEvents {
  /**
   * Keeps the events; those whose key is taken are left alone.
   * @returns what is kept under those keys, by the index of the event
   */
  keep(events: readonly WaitingEvent[]): Promise<ReadonlyMap<number, WaitingEvent>>;
  /** Has one that is kept wait for something else. */
  waitFor(key: string, waitsFor: string): Promise<void>;
  /** Whether any event waits. */
  any(): Promise<boolean>;
  /** Those that wait for it, in the order of their keys. @param after key of the last one before */
  waitingFor(waitsFor: string, after: string, limit: number): Promise<WaitingEvent[]>;
  /** Those that wait for a group, in the order of their keys. @param after key of the last one before */
  waitingForGroups(after: string, limit: number): Promise<WaitingEvent[]>;
  /** Those whose waiting has ended, the longest first. @param now ISO 8601 UTC */
  due(now: string, limit: number): Promise<WaitingEvent[]>;
  remove(keys: readonly string[]): Promise<void>;
  giveUp(keys: readonly string[]): Promise<void>;
  /** Removes some that were given up before the time, ISO 8601 UTC. @returns how many */
  forget(before: string): Promise<number>;
}

/** For people. */
export interface WaitingEventsAdmin {
  list(state: WaitingState, limit: number): Promise<(WaitingEvent & { state: WaitingState })[]>;
  /**
   * Has events wait again that were given up, until now: they are decided at once.
   * @param eventId of those to decide; null: all of them
   * @param now ISO 8601 UTC
   * @returns how many
   */
  retry(eventId: string | null, now: string): Promise<number>;
}
