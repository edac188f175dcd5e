import type { ActionRecord, ActionRecordStore } from './action-record.ts';

/**
 * One addition to a counter of a manager. The counter is the sum of its additions: one that is repeated finds itself
 * done, also years later, and many at once do not wait for one another.
 */
export interface CounterAddition extends ActionRecord {
  manager_id: number;
  counter: string;
  by: number;
}

export type CounterStore = ActionRecordStore<CounterAddition>;

export interface CounterTotal {
  manager_id: number;
  counter: string;
  total: number;
}
