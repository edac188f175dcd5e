/** The ledger of libs/domain/ledger.ts in the store: inserting under a natural key is what happens only once. */
import type { Connection } from 'mongoose';
import type { Decision, Mark, PartitionId, RunLedger } from '#libs/domain/ledger.ts';
import type { RunInput, RunRecord } from '#libs/domain/run.ts';
import { findByIds, insertOrFind, upsertOver } from './by-id.ts';
import { decisionDocumentOf, decisionModel, decisionOf } from './decision.model.ts';
import { collectionOf } from './model.ts';
import { markKey, partitionMarkModel } from './partition-mark.model.ts';
import { runDocumentOf, runModel } from './run.model.ts';
import { guarded } from './store-error.ts';
import { storeText, storeValue } from './store-text.ts';

export function createRunLedger(connection: Connection): RunLedger {
  const decisions = collectionOf(decisionModel(connection));
  const runs = collectionOf(runModel(connection));
  const marks = collectionOf(partitionMarkModel(connection));

  return guarded<RunLedger>({
    async decide(made: Decision[]) {
      const stored = await insertOrFind(decisions, made.map(decisionDocumentOf));
      return new Map(Array.from(stored, ([index, document]) => [made[index]!.eventId, decisionOf(document)]));
    },

    async claim(records: RunRecord[], held: ReadonlyMap<string, RunInput> = new Map()) {
      const documents = records.map((record) => storeValue(runDocumentOf(record, held.get(record.run_id))));
      const stored = await insertOrFind(runs, documents, { status: 1 });
      const isClaimed = (record: RunRecord, index: number): boolean =>
        (stored.get(index) ?? record).status === 'claimed';
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
      // False when the mark does not lie below `next`.
      await upsertOver(marks, { _id: markKey(partition), next: { $lt: next } }, (filter) =>
        marks.updateOne(filter, { $set: { next, at } }, { upsert: true }),
      );
    },
  });
}
