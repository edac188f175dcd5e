/** Which of the runs that Temporal closed have been seen to, so that looking at them again costs one read. */
import type { Connection } from 'mongoose';
import { findById } from '../mongo/by-id.ts';
import { runModel } from './run.model.ts';
import { guarded } from '../mongo/store-error.ts';
import { storeText } from '../mongo/storable-text.ts';

export interface ClosedRunStore {
  /** False when the event that ends it is out for certain, when it was never to start, and for one without a record. */
  isToClose(executionId: string): Promise<boolean>;
  /** Its record is closed and the event that ends it is out. */
  close(executionId: string): Promise<void>;
}

export function createClosedRunStore(connection: Connection): ClosedRunStore {
  const runs = runModel(connection);
  return guarded<ClosedRunStore>({
    async isToClose(executionId) {
      const document = await findById(runs, storeText(executionId), { status: 1, end_published: 1 });
      return document !== null && document.status !== 'skipped' && document.end_published !== true;
    },
    async close(executionId) {
      await runs.updateOne({ _id: storeText(executionId) }, { $set: { end_published: true } });
    },
  });
}
