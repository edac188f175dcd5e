/** `assignments`: what actions decided about who looks after a customer, one document for each action of a run. */
import { Schema, type Connection, type Model } from 'mongoose';
import type { Assignment, AssignmentStore } from '#libs/domain/crm/assignment.ts';
import { createActionRecords, actionRecordFields, type ActionRecordDocument } from './action-records.ts';
import { buildModel, schemaOptions } from '../mongo/model.ts';
import { guarded } from '../mongo/store-error.ts';

type AssignmentDocument = ActionRecordDocument<Assignment>;

const schema = new Schema<AssignmentDocument>(
  { ...actionRecordFields, manager_id: Number, team_id: String, desk: String },
  schemaOptions,
);

export function assignmentModel(connection: Connection): Model<AssignmentDocument> {
  return buildModel(connection, 'assignments', schema);
}

export function createAssignmentStore(connection: Connection): AssignmentStore {
  const assignments = createActionRecords<Assignment>(assignmentModel(connection));
  return guarded<AssignmentStore>({
    find: (id) => assignments.find(id),
    add: (assignment) => assignments.add(assignment),
  });
}
