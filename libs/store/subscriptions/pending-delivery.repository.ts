/** `pending_deliveries`: events of a run that wait for a subscription, `_id` = both their ids. */
import { Schema, type Connection, type InferRawDocTypeFromSchema } from 'mongoose';
import { mapLimited } from '#libs/async/map-limited.ts';
import type {
  DeliveryKey,
  PendingDeliveries,
  PendingDelivery,
  PendingEvent,
} from '#libs/domain/subscriptions/delivery.ts';
import { withEvents } from '#libs/domain/subscriptions/queued-events.ts';
import { findById } from '../mongo/by-id.ts';
import { compareAndSet, removal } from '../mongo/compare-and-set.ts';
import { Mixed, required } from '../mongo/fields.ts';
import { readPage } from '../mongo/keyset-page.ts';
import { defineModel, schemaOptions } from '../mongo/model.ts';
import { storeKey, storeText } from '../mongo/storable-text.ts';
import { guarded } from '../mongo/store-error.ts';

const schema = Schema.create(
  {
    _id: required(String),
    revision: required(Number),
    subscription_id: required(String),
    execution_id: required(String),
    partition: required(Number),
    events: required<PendingEvent[]>([Mixed]),
    /** When the first of them is tried; of one that waits for its subscription, `~`, which is behind every time. */
    due: required(String),
  },
  schemaOptions,
);
type PendingDocument = InferRawDocTypeFromSchema<typeof schema>;
schema.index({ subscription_id: 1, due: 1, _id: 1 });
schema.index({ partition: 1, _id: 1 });
schema.index({ due: 1 });

export const nextTriedFirst = { due: 1, _id: 1 } as const;

const parked = '~';
/** Queues of a partition. */
const readAtOnce = 500;

export const pendingDeliveryModel = defineModel('pending_deliveries', schema);

export function createPendingDeliveries(connection: Connection): PendingDeliveries {
  const queues = pendingDeliveryModel(connection);
  const keyFields = { subscription_id: 1, execution_id: 1 } as const;

  return guarded<PendingDeliveries>({
    async get(key) {
      const document = await findById(queues, toId(key));
      return document && toPending(document);
    },

    async push(key, events, nextAt) {
      if (events.length === 0) return;
      await compareAndSet(queues, toId(key), async (stored) => {
        const { events: queued, due } = stored ?? { events: [], due: parked };
        const added = withEvents(queued, events);
        const isSooner = nextAt < due;
        const isChanged = added.length > queued.length || isSooner;
        const queue = {
          ...pick(key),
          partition: key.partition,
          events: added,
          next_at: isSooner ? nextAt : toTime(due),
        };
        return { result: undefined, content: isChanged ? toContent(queue) : null };
      });
    },

    change: (key, plan) =>
      compareAndSet<PendingDocument, PendingDelivery | null>(queues, toId(key), async (stored) => {
        if (stored === null) return { result: null, content: null };
        const result = plan(toPending(stored));
        if (result.events.length === 0) return { result: null, content: removal };
        return { result, content: toContent(result) };
      }),

    async keysOfPartition(partition) {
      const keys: DeliveryKey[] = [];
      for (let after = ''; ;) {
        const filter = { partition, _id: { $gt: after } };
        // As pages, which the embedded store finds by their index.
        const found = await queues.find(filter, keyFields).sort({ _id: 1 }).limit(readAtOnce).lean();
        keys.push(...found.map(pick));
        if (found.length < readAtOnce) return keys;
        after = found.at(-1)!._id;
      }
    },

    async list(subscriptionId, page) {
      const filter = { subscription_id: storeText(subscriptionId) };
      const query = { filter, sort: nextTriedFirst, types: ['string', 'string'] } as const;
      const { items, nextCursor } = await readPage(queues, query, page);
      return { items: items.map(toPending), nextCursor };
    },

    async overdue(before, limit) {
      const filter = { due: { $lt: before } };
      const found = await queues
        .find(filter, { ...keyFields, due: 1 })
        .sort({ due: 1 })
        .limit(limit)
        .lean();
      return found.map((queue) => ({ ...pick(queue), next_at: toTime(queue.due) }));
    },

    async parked(subscriptionId, limit) {
      const filter = { subscription_id: storeText(subscriptionId), due: parked };
      return (await queues.find(filter, keyFields).sort(nextTriedFirst).limit(limit).lean()).map(pick);
    },

    async removeAll(subscriptionId, limit) {
      const filter = { subscription_id: storeText(subscriptionId) };
      const found = await queues.find(filter, { _id: 1 }).sort(nextTriedFirst).limit(limit).lean();
      await mapLimited(found, ({ _id }) => queues.deleteOne({ _id }));
      return found.length;
    },
  });
}

function toId({ subscription_id, execution_id }: DeliveryKey): string {
  return storeKey(`${subscription_id}/${execution_id}`);
}

function pick({ subscription_id, execution_id }: DeliveryKey): DeliveryKey {
  return { subscription_id, execution_id };
}

function toContent({ subscription_id, execution_id, partition, events, next_at }: PendingDelivery) {
  const ids = { subscription_id: storeText(subscription_id), execution_id: storeText(execution_id) };
  return { ...ids, partition, events, due: next_at ?? parked };
}

function toPending({ subscription_id, execution_id, partition, events, due }: PendingDocument): PendingDelivery {
  return { subscription_id, execution_id, partition, events, next_at: toTime(due) };
}

function toTime(due: string): string | null {
  return due === parked ? null : due;
}
