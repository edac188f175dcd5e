/** `assignments`: what actions decided about who looks after a customer, one document for each action of a run. */
import { Schema, type Connection } from 'mongoose';
import type { AssignmentStore } from '#libs/domain/crm/assignment.ts';
import { createActionRecords, actionRecordFields } from './action-records.ts';
import { nullable, required } from '../mongo/fields.ts';
import { defineModel, schemaOptions } from '../mongo/model.ts';
import { guarded } from '../mongo/store-error.ts';

const schema = Schema.create(
  { ...actionRecordFields, manager_id: required(Number), team_id: nullable(String), desk: nullable(String) },
  schemaOptions,
);

export const assignmentModel = defineModel('assignments', schema);

export function createAssignmentStore(connection: Connection): AssignmentStore {
  const assignments = createActionRecords(assignmentModel(connection));
  return guarded<AssignmentStore>({
    find: (id) => assignments.find(id),
    add: (assignment) => assignments.add(assignment),
  });
}
