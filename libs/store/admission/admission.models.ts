/** What guards of rules remember. Neither collection is written for rules without guards. */
import { Schema, type Connection, type Model } from 'mongoose';
import type { ReEnrollmentResult } from '#libs/domain/admission/re-enrollment.ts';
import { buildModel, schemaOptions } from '../mongo/model.ts';
import type { Revised } from '../mongo/compare-and-set.ts';

/** `re_enrollments`: the runs of one rule for one customer, `_id` = `{rule id}/{subject}`. */
export interface ReEnrollmentDocument extends Revised {
  rule_id: string;
  subject: string;
  reEnrolled: ReEnrollmentResult[];
  forgotten_until: string | null;
}

/** `run_counts`: the runs of one rule in one window of time, `_id` = `{rule id}/{milliseconds}/{its beginning}`. */
export interface RunQuotaDocument extends Revised {
  rule_id: string;
  window: string;
  count: number;
  counted: string[];
}

const reEnrollmentSchema = new Schema<ReEnrollmentDocument>(
  {
    _id: { type: String, required: true },
    revision: Number,
    rule_id: String,
    subject: String,
    reEnrolled: [Schema.Types.Mixed],
    forgotten_until: String,
  },
  schemaOptions,
);

const runQuotaSchema = new Schema<RunQuotaDocument>(
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

export function reEnrollmentModel(connection: Connection): Model<ReEnrollmentDocument> {
  return buildModel(connection, 're_enrollments', reEnrollmentSchema);
}

export function runQuotaModel(connection: Connection): Model<RunQuotaDocument> {
  return buildModel(connection, 'run_quotas', runQuotaSchema);
}
