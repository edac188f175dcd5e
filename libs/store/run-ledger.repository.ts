/** The ledger of libs/domain/ledger.ts in the store: inserting under a natural key is what happens only once. */
import type { Connection } from 'mongoose';
import type { Decision, Mark, PartitionId, RunLedger } from '#libs/domain/ledger.ts';
import type { RunInput, RunRecord } from '#libs/domain/run.ts';
import { findByIds, insertNew } from './by-id.ts';
import { decisionDocumentOf, decisionModel, decisionOf } from './decision.model.ts';
import { collectionOf } from './model.ts';
import { markKey, partitionMarkModel } from './partition-mark.model.ts';
import { runDocumentOf, runModel } from './run.model.ts';
import { guarded, isDuplicateKey } from './store-error.ts';
import { storeKey, storeText, storeValue } from './store-text.ts';

export function createRunLedger(connection: Connection): RunLedger {
  const decisions = collectionOf(decisionModel(connection));
  const runs = collectionOf(runModel(connection));
  const marks = collectionOf(partitionMarkModel(connection));

  return guarded<RunLedger>({
    async decide(made: Decision[]) {
      const existing = await insertNew(decisions, made.map(decisionDocumentOf));
      const eventIds = existing.map((index) => made[index]!.eventId);
      const stored = await findByIds(decisions, eventIds.map(storeKey));
      const earlier = new Map<string, Decision>();
      for (const eventId of eventIds) {
        const document = stored.get(storeKey(eventId));
        if (document !== undefined) earlier.set(eventId, decisionOf(document));
      }
      return earlier;
    },

    async claim(records: RunRecord[], held: ReadonlyMap<string, RunInput> = new Map()) {
      const existing = new Set(
        await insertNew(
          runs,
          records.map((record) => storeValue(runDocumentOf(record, held.get(record.run_id)))),
        ),
      );
      const known = records.filter((_, index) => existing.has(index)).map((record) => storeText(record.run_id));
      const stored = await findByIds(runs, known, { status: 1 });
      const isClaimed = (record: RunRecord, index: number): boolean =>
        (existing.has(index) ? stored.get(storeText(record.run_id))?.status : record.status) === 'claimed';
      return new Set(records.filter(isClaimed).map((record) => record.run_id));
    },

    async recorded(executionIds: string[]) {
      const found = await findByIds(runs, executionIds.map(storeText), { status: 1 });
      return new Set(executionIds.filter((id) => found.has(storeText(id))));
    },

    async mark(partition: PartitionId) {
      const document = await marks.findOne({ _id: markKey(partition) }, { useBigInt64: true });
      return document && { next: document.next, at: document.at };
    },

    async advanceMark(partition: PartitionId, { next, at }: Mark) {
      try {
        await marks.updateOne(
          { _id: markKey(partition), next: { $lt: next } },
          { $set: { next, at } },
          { upsert: true },
        );
      } catch (error) {
        // The mark exists and does not lie below `next`: the upsert tried to insert it again.
        if (!isDuplicateKey(error)) throw error;
      }
    },
  });
}
