/** `runs`: the run log, one document a run, `_id` = execution id. */
import { Schema, type Connection, type Model } from 'mongoose';
import type { LifecycleDraft } from '#libs/domain/runs/lifecycle-event.ts';
import type { RunInput, RunRecord } from '#libs/domain/runs/run.ts';
import { buildModel, schemaOptions } from '../mongo/model.ts';

export interface RunDocument extends Omit<RunRecord, 'run_id'> {
  _id: string;
  /** Of a run that is or was held: its `RunInput` as JSON text, which its release starts. Not part of the run log. */
  input?: string;
  /** Of a run that was paused: its latest WorkflowPaused or WorkflowResumed, to be published again as it was. */
  last_event?: LifecycleDraft;
  /** Of a run that has ended: the number of the event that says so. */
  end_sequence?: number;
  /** The event that ends the run is out for certain: Temporal had closed the run, and somebody looked. */
  end_published?: true;
}

/** What is not part of the run log. */
export const internalFields = { input: 0, last_event: 0, end_sequence: 0, end_published: 0 } as const;

const schema = new Schema<RunDocument>(
  {
    _id: { type: String, required: true },
    rule_id: String,
    rule_name: String,
    rule_version: Number,
    brand: String,
    trigger_event: String,
    event_id: String,
    login: Number,
    customer_id: String,
    status: String,
    reason: String,
    stopped_by: String,
    retry_of: String,
    claimed_at: String,
    started_at: String,
    finished_at: String,
    duration_ms: Number,
    error: Schema.Types.Mixed,
    actions: [Schema.Types.Mixed],
    interventions: { type: [Schema.Types.Mixed], default: undefined },
    guard: Schema.Types.Mixed,
    input: String,
    last_event: Schema.Types.Mixed,
    end_sequence: Number,
    end_published: Boolean,
  },
  schemaOptions,
);

// One index for each filter of the run log, in the log's order.
for (const field of ['rule_id', 'brand', 'status', 'trigger_event', 'customer_id', 'login', 'event_id'] as const) {
  schema.index({ [field]: 1, claimed_at: -1, _id: -1 });
}
schema.index({ claimed_at: -1, _id: -1 });

export function runModel(connection: Connection): Model<RunDocument> {
  return buildModel(connection, 'runs', schema);
}

export function toRunDocument({ run_id, ...record }: RunRecord, input?: RunInput): RunDocument {
  return { _id: run_id, ...record, ...(input !== undefined && { input: JSON.stringify(input) }) };
}

/** @param document read without `internalFields` */
export function toRunRecord({ _id, ...record }: Omit<RunDocument, keyof typeof internalFields>): RunRecord {
  return { run_id: _id, ...record };
}
