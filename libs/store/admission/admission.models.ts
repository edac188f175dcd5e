/** What guards of rules remember. Neither collection is written for rules without guards. */
import { Schema, type InferRawDocTypeFromSchema } from 'mongoose';
import type { ReEnrollmentResult } from '#libs/domain/admission/re-enrollment.ts';
import { Mixed, nullable, required } from '../mongo/fields.ts';
import { defineModel, schemaOptions } from '../mongo/model.ts';

/** `re_enrollments`: the runs of one rule for one customer, `_id` = `{rule id}/{subject}`. */
const reEnrollments = Schema.create(
  {
    _id: required(String),
    revision: required(Number),
    rule_id: required(String),
    subject: required(String),
    reEnrolled: required<ReEnrollmentResult[]>([Mixed]),
    forgotten_until: nullable(String),
  },
  schemaOptions,
);

/** `run_quotas`: the runs of one rule in one window of time, `_id` = `{rule id}/{milliseconds}/{its beginning}`. */
const runQuotas = Schema.create(
  {
    _id: required(String),
    revision: required(Number),
    rule_id: required(String),
    window: required(String),
    count: required(Number),
    counted: required([String]),
  },
  schemaOptions,
);

export type ReEnrollmentDocument = InferRawDocTypeFromSchema<typeof reEnrollments>;

export const reEnrollmentModel = defineModel('re_enrollments', reEnrollments);
export const runQuotaModel = defineModel('run_quotas', runQuotas);
