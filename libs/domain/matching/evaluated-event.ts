/** What is kept of an event that rules were held against, so that its outcome can be explained later. */
import type { RuntimeContext } from '../context/evaluation-context.ts';

export interface EvaluatedEvent {
  /** See `event-key.ts`. */
  eventKey: string;
  /** The producer's id, which events of other origins may have, too. */
  eventId: string;
  trigger: string;
  /** ISO 8601 UTC. */
  at: string;
  /** Number of the change of the rules by which it was evaluated. */
  revision: number;
  /** `matched`: also when only rules in shadow did. `loop`: rules matched, and the event was at the end of a chain of rules that follow one another. */
  outcome: 'matched' | 'no_match' | 'loop';
  /** What the conditions saw. */
  context: RuntimeContext;
}

export interface EvaluatedEvents {
  /** Those that started nothing. The first evaluation of an event counts: a redelivered one follows it. */
  keep(events: EvaluatedEvent[]): Promise<void>;
  /** Of each event that carries the id the first evaluation, in the order of their times. */
  get(eventId: string): Promise<EvaluatedEvent[]>;
  /** Forgets some of those from before the time (ISO 8601 UTC). @returns how many; 0 = there are none left */
  forget(before: string): Promise<number>;
}
