/** `notes`: the activity feeds of customers. */
import { Schema, type Connection } from 'mongoose';
import type { Note, NoteStore } from '#libs/domain/crm/note.ts';
import { actionRecordFields, buildRecordsQuery, createActionRecords, type RecordFilter } from './action-records.ts';
import type { Page, PageRequest } from '../mongo/keyset-page.ts';
import { required } from '../mongo/fields.ts';
import { defineModel, schemaOptions } from '../mongo/model.ts';
import { guarded } from '../mongo/store-error.ts';
import { storeText } from '../mongo/storable-text.ts';

export interface NoteRepository extends NoteStore {
  /** Newest first. @param limit 50 when left out */
  list(customerId: string, limit?: number): Promise<Note[]>;
  /** Newest first. @throws InvalidInputError for a wrong cursor */
  page(filter: RecordFilter & { customerId: string }, page?: PageRequest): Promise<Page<Note>>;
}

const schema = Schema.create(
  { ...actionRecordFields, customer_id: required(String), body: required(String) },
  schemaOptions,
);
schema.index({ customer_id: 1, created_at: -1, _id: -1 });

export const noteModel = defineModel('notes', schema);

export function createNoteStore(connection: Connection): NoteRepository {
  const notes = createActionRecords(noteModel(connection));
  return guarded<NoteRepository>({
    find: (id) => notes.find(id),
    add: (note) => notes.add(note),
    list: (customerId, limit) => notes.newest({ customer_id: storeText(customerId) }, limit),
    page: (filter, page) => notes.page(buildRecordsQuery(filter), page),
  });
}
