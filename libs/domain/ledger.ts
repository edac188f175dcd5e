/**
 * What makes "once and for ever" true. Kafka delivers at least once and Temporal forgets closed runs, so three records
 * in the store carry it:
 *
 * 1. a *mark* per Kafka partition: everything below it has been carried out, a replay of it starts nothing;
 * 2. a *decision* per event that matched: a redelivered event follows the first decision instead of being matched
 *    again against rules or customers that have changed since, perhaps by this very event's runs;
 * 3. a *run record* per (rule, event), inserted as `claimed` before the workflow is started.
 *
 * Between 2 and 3 the guards of the rules are asked (`rule-guards.ts`): they may have it inserted as `skipped` or `held`.
 */
import type { RuleGuards } from './rule-guards.ts';
import type { RunInput, RunRecord } from './run.ts';

export interface SkippedRun {
  executionId: string;
  rule: { id: string; name: string; version: number };
  /** Id of the rule whose `stop_after` held this one back. */
  stoppedBy: string;
}

/** The outcome of matching one event, in the order in which the runs start. */
export interface Decision {
  eventId: string;
  /** Digest of what the event says, to tell a redelivery from another event with the same id. */
  fingerprint: string;
  decidedAt: string;
  /** Number of the change of the rules by which it was decided. */
  revision?: number;
  runs: RunInput[];
  skipped: SkippedRun[];
  /** What rules in shadow would have run; absent where none matched. */
  shadow?: RunInput[];
  /** Guards of the rules, by execution id, as they were when the event was decided; absent where no rule has any. */
  guards?: Record<string, RuleGuards>;
}

export interface PartitionId {
  /** Kafka cluster id: the same topic name elsewhere has other offsets. */
  cluster: string;
  topic: string;
  partition: number;
}

export interface Mark {
  /** First offset not yet carried out. */
  next: bigint;
  /** When the mark was last moved. A message below it with a later timestamp belongs to a topic made anew. */
  at: Date;
}

export interface RunLedger {
  /**
   * Stores the decisions of events not decided before.
   * @returns the stored decision of every event that was decided before, by event id.
   */
  decide(decisions: Decision[]): Promise<Map<string, Decision>>;
  /**
   * Inserts run records; those that exist are left alone.
   * @param held what starts the records that are `held`, by execution id, kept for their release
   * @returns ids of the records that are (still) `claimed` and so must be started.
   */
  claim(records: RunRecord[], held?: ReadonlyMap<string, RunInput>): Promise<Set<string>>;
  /** Those of the runs that have a record. */
  recorded(executionIds: string[]): Promise<Set<string>>;
  mark(partition: PartitionId): Promise<Mark | null>;
  /** Never moves a mark backwards. */
  advanceMark(partition: PartitionId, mark: Mark): Promise<void>;
}
