/** What guards of rules remember. Neither collection is written for rules without guards. */
import { Schema, type Connection, type Model } from 'mongoose';
import type { Enrolled } from '#libs/domain/admission/re-enrollment.ts';
import { modelOf, schemaOptions } from '../mongo/model.ts';
import type { Revised } from '../mongo/compare-and-set.ts';

/** `enrolments`: the runs of one rule for one customer, `_id` = `{rule id}/{subject}`. */
export interface EnrolmentDocument extends Revised {
  rule_id: string;
  subject: string;
  enrolled: Enrolled[];
  forgotten_until: string | null;
}

/** `run_counts`: the runs of one rule in one window of time, `_id` = `{rule id}/{milliseconds}/{its beginning}`. */
export interface RunCountDocument extends Revised {
  rule_id: string;
  window: string;
  count: number;
  counted: string[];
}

const enrolmentSchema = new Schema<EnrolmentDocument>(
  {
    _id: { type: String, required: true },
    revision: Number,
    rule_id: String,
    subject: String,
    enrolled: [Schema.Types.Mixed],
    forgotten_until: String,
  },
  schemaOptions,
);

const runCountSchema = new Schema<RunCountDocument>(
  {
    _id: { type: String, required: true },
    revision: Number,
    rule_id: String,
    window: String,
    count: Number,
    counted: [String],
  },
  schemaOptions,
);

export function enrolmentModel(connection: Connection): Model<EnrolmentDocument> {
  return modelOf(connection, 'enrolments', enrolmentSchema);
}

export function runCountModel(connection: Connection): Model<RunCountDocument> {
  return modelOf(connection, 'run_counts', runCountSchema);
}
