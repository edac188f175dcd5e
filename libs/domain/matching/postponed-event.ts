/** An event that is matched later, apart from its partition: everything is looked up, only its rules are left to hold against it. */
import type { RuntimeContext } from '../context/evaluation-context.ts';
import type { PlatformEvent } from '../events/platform-event.ts';

export interface PostponedEvent {
  /** Follows from the message, so that postponing it again adds nothing. */
  id: string;
  trigger: string;
  brand: string | null;
  login: number | null;
  customerId: string | null;
  event: PlatformEvent;
  /** What the conditions see. */
  context: RuntimeContext;
  message: PostponedMessage;
  /** When it was postponed, ISO 8601 UTC. */
  at: string;
}

/** The message that brought the event, as it goes to the dead letters if it has to; bytes are base64. */
export interface PostponedMessage {
  topic: string;
  partition: number;
  offset: string;
  timestamp: string;
  key: string | null;
  value: string | null;
  headers: Record<string, string[]>;
}

export interface PostponedEvents {
  /** Adds those that are not there yet. */
  add(events: PostponedEvent[]): Promise<void>;
  /**
   * The oldest event of the next brand that has any, by the order of their names; no other process gets it for `leaseMs`.
   * @param after the brand that was last, '' = none @param now milliseconds since 1970
   */
  take(after: string, now: number, leaseMs: number): Promise<PostponedEvent | null>;
  /** No process gets it before that time, in milliseconds since 1970. */
  leave(id: string, until: number): Promise<void>;
  remove(id: string): Promise<void>;
  count(): Promise<number>;
}
