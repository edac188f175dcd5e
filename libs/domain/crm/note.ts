import type { ActionRecord, ActionRecordStore } from './action-record.ts';

/** An entry of a customer's activity feed. */
export interface Note extends ActionRecord {
  customer_id: string;
  body: string;
}

export type NoteStore = ActionRecordStore<Note>;
