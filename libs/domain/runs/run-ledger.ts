/**
 * What makes "once and for ever" true. Kafka delivers at least once and Temporal forgets closed runs, so three records
 * in the store carry it:
 *
 * 1. a *watermark* per Kafka partition (`watermark.ts`): what was processed below it starts nothing when it is replayed;
 * 2. a *decision* per event that matched: a redelivered event follows the first decision instead of being matched
 *    again against rules or customers that have changed since, perhaps by this very event's runs;
 * 3. a *run record* per (rule, event), inserted as `claimed` before the workflow is started.
 *
 * Between 2 and 3 the guards of the rules are asked (`admission.ts`): they may have it inserted as `skipped` or `held`.
 */
import type { AdmissionPolicy } from '../rules/admission-policy.ts';
import type { RunInput, RunRecord } from './run.ts';
import type { Watermark } from '../events/watermark.ts';

export interface SkippedRun {
  executionId: string;
  rule: { id: string; name: string; version: number };
  /** Id of the rule whose `stop_after` held this one back. */
  stoppedBy: string;
}

/** The outcome of matching one event, in the order in which the runs start. */
export interface Decision {
  /** What names the event in this installation; see `event-key.ts`. */
  eventKey: string;
  /** The producer's id: events of other origins may carry the same. */
  eventId: string;
  /** Digest of what the event says, to tell a redelivery from another event of the same name. */
  fingerprint: string;
  decidedAt: string;
  /** Number of the change of the rules by which it was decided. */
  revision?: number;
  runs: RunInput[];
  skipped: SkippedRun[];
  /** What rules in shadow would have run; absent where none matched. */
  shadow?: RunInput[];
  /** Guards of the rules, by execution id, as they were when the event was decided; absent where no rule has any. */
  guards?: Record<string, AdmissionPolicy>;
}

export interface PartitionId {
  /** Kafka cluster id: the same topic name elsewhere has other offsets. */
  cluster: string;
  topic: string;
  /** Kafka's own id of the topic, which a topic made anew under the same name does not have; null: the broker has none. */
  topicId: string | null;
  partition: number;
}

/** A watermark as stored; `revision` grows with each change. */
export interface StoredWatermark {
  watermark: Watermark;
  revision: number;
}

export interface RunLedger {
  /**
   * Stores the decisions of events not decided before.
   * @returns the stored decision of every event that was decided before, by event key.
   */
  decide(decisions: Decision[]): Promise<Map<string, Decision>>;
  /** The stored decisions of those events that have one, by event key. */
  decisions(eventKeys: string[]): Promise<Map<string, Decision>>;
  /**
   * Inserts run records; those that exist are left alone.
   * @param held what starts the records that are `held`, by execution id, kept for their release
   * @returns ids of the records that are (still) `claimed` and so must be started.
   */
  claim(records: RunRecord[], held?: ReadonlyMap<string, RunInput>): Promise<Set<string>>;
  /** Those of the runs that have a record. */
  recorded(executionIds: string[]): Promise<Set<string>>;
  watermark(partition: PartitionId): Promise<StoredWatermark | null>;
  /**
   * Stores the watermark unless another process has changed it since it was read.
   * @param revision of the stored one; null: there is none
   * @returns whether it is stored
   */
  saveWatermark(partition: PartitionId, mark: Watermark, revision: number | null): Promise<boolean>;
  /** Which of these partitions have offsets that an operator wants to be read again. */
  reopened(partitions: readonly PartitionId[]): Promise<Set<PartitionId>>;
  /** Whether a topic of this name, on this cluster, with another id has a watermark: it has been made anew. */
  hasFormerTopic(partition: PartitionId): Promise<boolean>;
}
