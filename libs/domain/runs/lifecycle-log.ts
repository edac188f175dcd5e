/** The lifecycle events that are kept for those who read them later, in the order of their topic. */
import type { LifecycleFacts } from './lifecycle-event.ts';

export type LifecycleType = LifecycleFacts['eventType'];

export const lifecycleTypes = [
  'WorkflowStarted',
  'WorkflowCompleted',
  'WorkflowFailed',
  'WorkflowPaused',
  'WorkflowResumed',
] as const satisfies readonly LifecycleType[];

/** An event where Kafka put it. */
export interface KeptEvent {
  /** The same for every publication of the event. */
  eventId: string;
  /** Kafka's own id of the topic; empty where the broker has none. */
  topicId: string;
  partition: number;
  offset: number;
  executionId: string;
  sequence: number;
  /** Rule id. */
  processId: string;
  /** Brand, or `default`. */
  tenantId: string;
  type: LifecycleType;
  /** When it happened, ISO 8601. */
  occurredAt: string;
  /** The CloudEvent, to the byte as it is on the topic. */
  text: string;
}

/** How much of a partition is kept. */
export interface KeptPartition {
  partition: number;
  /** First offset that is kept, if anything was there; what lies before it was forgotten. */
  earliest: number;
  /** First offset that is not kept yet. */
  next: number;
}

export interface KeptTopic {
  topicId: string;
  /** By number, from 0 on. */
  partitions: KeptPartition[];
}

/** Absent: any. */
export interface LifecycleFilter {
  tenants?: readonly string[];
  processId?: string;
  executionId?: string;
  types?: readonly LifecycleType[];
}

export interface OffsetRange {
  topicId: string;
  partition: number;
  from: number;
  /** First offset behind the range. */
  to: number;
}

export interface LifecycleLog {
  /** From now on events are of the topic of this id; positions in another one are good no longer. */
  open(topicId: string): Promise<void>;
  /** An event that is kept already, from an earlier publication say, stays as it is. */
  add(events: readonly KeptEvent[]): Promise<void>;
  /** Everything of each of these partitions before its `next` is kept. */
  advance(topicId: string, partitions: readonly Pick<KeptPartition, 'partition' | 'next'>[]): Promise<void>;
  /** Null before the first `open`. */
  state(): Promise<KeptTopic | null>;
  /** First offset of the range from which on events were kept at this time (ISO 8601 UTC) or later; else its end. */
  offsetAt(range: OffsetRange, keptAt: string): Promise<number>;
  /** In the order of their offsets. */
  read(range: OffsetRange, filter: LifecycleFilter, limit: number): Promise<KeptEvent[]>;
  /** Events of one run in their order. @param from sequence of the first one */
  ofRun(executionId: string, from: number, limit: number): Promise<KeptEvent[]>;
  get(eventId: string): Promise<KeptEvent | null>;
  /** Forgets some of the events kept before this time (ISO 8601 UTC). @returns how many */
  forget(before: string): Promise<number>;
}
