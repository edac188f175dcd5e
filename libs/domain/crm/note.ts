import type { EffectRecord, EffectRecordStore } from './action-record.ts';

/** An entry of a customer's activity feed. */
export interface Note extends EffectRecord {
  customer_id: string;
  body: string;
}

export type NoteStore = EffectRecordStore<Note>;
