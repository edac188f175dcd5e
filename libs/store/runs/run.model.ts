/** `runs`: the run log, one document a run, `_id` = execution id. */
import { Schema, type InferRawDocTypeFromSchema } from 'mongoose';
import type { LifecycleDraft } from '#libs/domain/runs/lifecycle-event.ts';
import type {
  ActionOutcome,
  AdmissionNote,
  Intervention,
  RunInput,
  RunRecord,
  RunStatus,
} from '#libs/domain/runs/run.ts';
import type { WaitReason } from '#libs/domain/runs/waits-for.ts';
import { Mixed, nullable, optional, required } from '../mongo/fields.ts';
import { defineModel, schemaOptions } from '../mongo/model.ts';

const schema = Schema.create(
  {
    _id: required(String),
    rule_id: required(String),
    rule_name: required(String),
    rule_version: required(Number),
    brand: nullable(String),
    trigger_event: required(String),
    event_id: required(String),
    login: nullable(Number),
    customer_id: nullable(String),
    status: required<RunStatus>(String),
    reason: nullable(String),
    stopped_by: nullable(String),
    retry_of: optional(String),
    number: optional(Number),
    request: optional<RunRecord['request']>(Mixed),
    claimed_at: required(String),
    started_at: nullable(String),
    finished_at: nullable(String),
    duration_ms: nullable(Number),
    error: nullable<RunRecord['error']>(Mixed),
    actions: required<ActionOutcome[]>([Mixed]),
    interventions: optional<Intervention[]>([Mixed]),
    guard: optional<AdmissionNote>(Mixed),
    /** What it waited for last, to be found by: it counts only with the status that belongs to it. */
    waits_for: optional<WaitReason>(String),
    /** Of a run that is or was held: its `RunInput` as JSON text, which its release starts. Not part of the run log. */
    input: optional(String),
    /** Of a run that was paused: its latest WorkflowPaused or WorkflowResumed, to be published again as it was. */
    last_event: optional<LifecycleDraft>(Mixed),
    /** Of a run that has ended: the number of the event that says so. */
    end_sequence: optional(Number),
    /** The event that ends the run is out for certain: Temporal had closed the run, and the reconciler looked. */
    end_published: optional<true>(Boolean),
  },
  schemaOptions,
);
export type RunDocument = InferRawDocTypeFromSchema<typeof schema>;

/** What is not part of the run log. */
export const internalFields = { waits_for: 0, input: 0, last_event: 0, end_sequence: 0, end_published: 0 } as const;

// One index for each filter of the run log, in the log's order.
for (const field of ['rule_id', 'brand', 'status', 'trigger_event', 'customer_id', 'login', 'event_id'] as const) {
  schema.index({ [field]: 1, claimed_at: -1, _id: -1 });
}
schema.index({ claimed_at: -1, _id: -1 });
schema.index({ number: 1 });

export const runModel = defineModel('runs', schema);

export function toRunDocument({ run_id, ...record }: RunRecord, input?: RunInput): RunDocument {
  return { _id: run_id, ...record, ...(input !== undefined && { input: JSON.stringify(input) }) };
}

/** @param document read without `internalFields` */
export function toRunRecord({ _id, ...record }: Omit<RunDocument, keyof typeof internalFields>): RunRecord {
  return { run_id: _id, ...record };
}
