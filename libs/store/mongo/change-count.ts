/** A revision for those who keep copies of a collection: another one after each change. */
import type { Connection } from 'mongoose';
import { findById, upsertOver } from './by-id.ts';
import { revisionModel } from './revision.model.ts';

export interface ChangeCount {
  /** To be called after a change was written. */
  count: () => Promise<void>;
  revision: () => Promise<number>;
}

/**
 * A change is written first, and counted then: who sees the new number finds the change. A process that dies in between
 * does not count it, so the revision is another one after this time as well, in milliseconds.
 */
const longestHiddenMs = 30_000;

export function createChangeCount(connection: Connection, of: 'subscriptions' | 'workflow_webhooks'): ChangeCount {
  const revisions = revisionModel(connection);
  return {
    async count() {
      await upsertOver(revisions, { _id: of }, (filter) =>
        revisions.updateOne(filter, { $inc: { n: 1 } }, { upsert: true }),
      );
    },

    async revision() {
      const changes = (await findById(revisions, of))?.n ?? 0;
      return changes + (Math.floor(Date.now() / longestHiddenMs) % 1000) / 1000;
    },
  };
}
