/** `assignments`: what actions decided about who looks after a customer, one document for each action of a run. */
import { Schema, type Connection } from 'mongoose';
import type { Assignment, AssignmentStore } from '#libs/domain/crm/assignment.ts';
import { actionRecordFields, buildRecordsQuery, createActionRecords, type RecordFilter } from './action-records.ts';
import type { Page, PageRequest } from '../mongo/keyset-page.ts';
import { nullable, required } from '../mongo/fields.ts';
import { defineModel, schemaOptions } from '../mongo/model.ts';
import { guarded } from '../mongo/store-error.ts';

const schema = Schema.create(
  { ...actionRecordFields, manager_id: required(Number), team_id: nullable(String), desk: nullable(String) },
  schemaOptions,
);

schema.index({ customer_id: 1, created_at: -1, _id: -1 });

export const assignmentModel = defineModel('assignments', schema);

export interface AssignmentRepository extends AssignmentStore {
  /** Newest first. @throws InvalidInputError for a wrong cursor */
  page(filter: RecordFilter & { customerId: string }, page?: PageRequest): Promise<Page<Assignment>>;
}

export function createAssignmentStore(connection: Connection): AssignmentRepository {
  const assignments = createActionRecords(assignmentModel(connection));
  return guarded<AssignmentRepository>({
    find: (id) => assignments.find(id),
    add: (assignment) => assignments.add(assignment),
    page: (filter, page) => assignments.page(buildRecordsQuery(filter), page),
  });
}
