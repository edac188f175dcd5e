/** The ledger of libs/domain/runs/run-ledger.ts in the store: inserting under a natural key is what happens only once. */
import type { Connection } from 'mongoose';
import { RetryableError } from '#libs/domain/errors/errors.ts';
import type { Decision, PartitionId, RunLedger } from '#libs/domain/runs/run-ledger.ts';
import type { RunInput, RunRecord } from '#libs/domain/runs/run.ts';
import type { Watermark } from '#libs/domain/events/watermark.ts';
import { findById, findByIds, insertNew, insertOrFind } from '../mongo/by-id.ts';
import { createDecisionReader } from './decision.reader.ts';
import { createDecisionWriter } from './decision.writer.ts';
import { collectionFor } from '../mongo/model.ts';
import {
  toWatermarkFields,
  watermarkKey,
  toWatermark,
  partitionWatermarkModel,
  positionKey,
} from './partition-watermark.model.ts';
import { toRunDocument, runModel } from './run.model.ts';
import { guarded } from '../mongo/store-error.ts';
import { storeText, storeValue } from '../mongo/storable-text.ts';

export function createRunLedger(connection: Connection): RunLedger {
  const reader = createDecisionReader(connection);
  const writer = createDecisionWriter(connection);
  // The driver's: the ingress writes here for every event that matches.
  const runs = collectionFor(runModel(connection));
  const marks = collectionFor(partitionWatermarkModel(connection));

  return guarded<RunLedger>({
    async decide(made: Decision[]) {
      const existing = await writer.insert(made);
      const earlier = await reader.byKeys(existing.map(({ eventKey }) => eventKey));
      const lost = existing.find(({ eventKey }) => !earlier.has(eventKey));
      // It was removed at this moment: without it, what the event started is not known.
      if (lost !== undefined) throw new RetryableError('decision_lost', 'a decision was there and is gone');
      return earlier;
    },

    decisions: (eventKeys: string[]) => reader.byKeys(eventKeys),

    async claim(records: RunRecord[], held: ReadonlyMap<string, RunInput> = new Map()) {
      const documents = records.map((record) => storeValue(toRunDocument(record, held.get(record.run_id))));
      const stored = await insertOrFind(runs, documents, { status: 1 });
      const isClaimed = (record: RunRecord, index: number): boolean =>
        (stored.get(index) ?? record).status === 'claimed';
      return new Set(records.filter(isClaimed).map((record) => record.run_id));
    },

    async recorded(executionIds: string[]) {
      const found = await findByIds(runs, executionIds.map(storeText), { status: 1 });
      return new Set(executionIds.filter((id) => found.has(storeText(id))));
    },

    async watermark(partition: PartitionId) {
      const document = await findById(marks, watermarkKey(partition));
      return document && { watermark: toWatermark(document), revision: document.revision };
    },

    async saveWatermark(partition: PartitionId, mark: Watermark, revision: number | null) {
      const _id = watermarkKey(partition);
      const fields = toWatermarkFields(mark);
      if (revision === null) {
        const document = { _id, revision: 1, place: positionKey(partition), ...fields };
        return (await insertNew(marks, [document])).length === 0;
      }
      const update = { $set: { ...fields, revision: revision + 1 } };
      return (await marks.updateOne({ _id, revision }, update)).matchedCount === 1;
    },

    async reopened(partitions: readonly PartitionId[]) {
      // One query for all: each ingress asks every second, and hardly ever is there one.
      const found = await marks.find({ 'reopened.0': { $exists: true } }, { projection: { _id: 1 } }).toArray();
      const keys = new Set(found.map(({ _id }) => _id));
      return new Set(partitions.filter((partition) => keys.has(watermarkKey(partition))));
    },

    async hasFormerTopic(partition: PartitionId) {
      const others = await marks.find({ place: positionKey(partition) }, { projection: { _id: 1 } }).toArray();
      return others.some(({ _id }) => _id !== watermarkKey(partition));
    },
  });
}
