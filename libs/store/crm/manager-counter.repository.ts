/** `counter_additions`: what was added to counters of managers; a counter is the sum of its additions. */
import { Schema, type Connection } from 'mongoose';
import type { CounterStore, CounterTotal } from '#libs/domain/crm/manager-counter.ts';
import { createActionRecords, actionRecordFields } from './action-records.ts';
import { required } from '../mongo/fields.ts';
import { defineModel, schemaOptions } from '../mongo/model.ts';
import { guarded } from '../mongo/store-error.ts';

export interface CounterRepository extends CounterStore {
  /** In the order of managers and counters. */
  totals(filter?: { managerId?: number }): Promise<CounterTotal[]>;
}

const schema = Schema.create(
  { ...actionRecordFields, manager_id: required(Number), counter: required(String), by: required(Number) },
  schemaOptions,
);
schema.index({ manager_id: 1, counter: 1 });

export const counterAdditionModel = defineModel('counter_additions', schema);

export function createCounterStore(connection: Connection): CounterRepository {
  const model = counterAdditionModel(connection);
  const additions = createActionRecords(model);
  return guarded<CounterRepository>({
    find: (id) => additions.find(id),
    add: (addition) => additions.add(addition),

    async totals({ managerId } = {}) {
      const groups = await model.aggregate<{ _id: Omit<CounterTotal, 'total'>; total: number }>([
        ...(managerId === undefined ? [] : [{ $match: { manager_id: managerId } }]),
        {
          $group: {
            _id: { manager_id: '$manager_id', counter: '$counter' },
            total: { $sum: '$by' },
          },
        },
      ]);
      return groups
        .map(({ _id, total }) => ({ ..._id, total }))
        .sort((a, b) => a.manager_id - b.manager_id || (a.counter < b.counter ? -1 : 1));
    },
  });
}
