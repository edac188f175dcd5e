/** `assignments`: what actions decided about who looks after a customer, one document for each action of a run. */
import { Schema, type Connection, type Model } from 'mongoose';
import type { Assignment, AssignmentStore } from '#libs/domain/crm/assignment.ts';
import { createEffectRecords, effectRecordFields, type EffectDocument } from './action-records.ts';
import { modelOf, schemaOptions } from '../mongo/model.ts';
import { guarded } from '../mongo/store-error.ts';

type AssignmentDocument = EffectDocument<Assignment>;

const schema = new Schema<AssignmentDocument>(
  { ...effectRecordFields, manager_id: Number, team_id: String, desk: String },
  schemaOptions,
);

export function assignmentModel(connection: Connection): Model<AssignmentDocument> {
  return modelOf(connection, 'assignments', schema);
}

export function createAssignmentStore(connection: Connection): AssignmentStore {
  const assignments = createEffectRecords<Assignment>(assignmentModel(connection));
  return guarded<AssignmentStore>({
    find: (id) => assignments.find(id),
    add: (assignment) => assignments.add(assignment),
  });
}
