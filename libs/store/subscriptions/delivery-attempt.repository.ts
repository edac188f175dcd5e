/** `delivery_attempts`: the requests to subscriptions and what came of each, `_id` = id of the attempt. */
import { Schema, type Connection, type InferRawDocTypeFromSchema, type QueryFilter } from 'mongoose';
import { mapLimited } from '#libs/async/map-limited.ts';
import type { LifecycleType } from '#libs/domain/runs/lifecycle-log.ts';
import type { AttemptFilter, DeliveryAttempt, DeliveryAttempts } from '#libs/domain/subscriptions/delivery.ts';
import { insertNew } from '../mongo/by-id.ts';
import { nullable, required } from '../mongo/fields.ts';
import { readPage } from '../mongo/keyset-page.ts';
import { collectionFor, defineModel, schemaOptions } from '../mongo/model.ts';
import { storeText, storeValue } from '../mongo/storable-text.ts';
import { guarded } from '../mongo/store-error.ts';
import { subscriptionModel } from './subscription.repository.ts';

const schema = Schema.create(
  {
    _id: required(String),
    subscription_id: required(String),
    event_id: required(String),
    execution_id: required(String),
    sequence: required(Number),
    type: required<LifecycleType>(String),
    at: required(String),
    number: required(Number),
    outcome: required<DeliveryAttempt['outcome']>(String),
    status: nullable(Number),
    error: nullable(String),
    excerpt: required(String),
    duration_ms: required(Number),
    next_at: nullable(String),
  },
  schemaOptions,
);
type AttemptDocument = InferRawDocTypeFromSchema<typeof schema>;
// Two alone: every event to every subscription is written here.
schema.index({ subscription_id: 1, at: -1, _id: -1 });
schema.index({ subscription_id: 1, event_id: 1 });

export const newestAttemptsFirst = { at: -1, _id: -1 } as const;

/** Forgotten in one go. */
const maxForgotten = 1000;

export const deliveryAttemptModel = defineModel('delivery_attempts', schema);

export function createDeliveryAttempts(connection: Connection): DeliveryAttempts {
  const model = deliveryAttemptModel(connection);
  // The driver's: hundreds of attempts a second come through here, as documents that this file has made.
  const attempts = collectionFor(model);
  const subscriptions = subscriptionModel(connection);

  const oldOf = (subscription_id: string, before: string, limit: number) =>
    attempts
      .find({ subscription_id, at: { $lt: before } }, { sort: newestAttemptsFirst, limit, projection: { _id: 1 } })
      .toArray();

  return guarded<DeliveryAttempts>({
    async add(added) {
      await insertNew(attempts, added.map(toDocument));
    },

    async list(filter, page) {
      const order = { sort: newestAttemptsFirst, types: ['string', 'string'] } as const;
      const { items, nextCursor } = await readPage(model, { filter: buildAttemptsQuery(filter), ...order }, page);
      return { items: items.map(toAttempt), nextCursor };
    },

    async delivered(subscriptionId, eventIds) {
      const subscription_id = storeText(subscriptionId);
      // As pages, which the embedded store finds by their index.
      const options = { sort: { event_id: 1 }, limit: 1, projection: { _id: 1 } } as const;
      const taken = await mapLimited(eventIds, (id) =>
        attempts.find({ subscription_id, event_id: storeText(id), outcome: 'delivered' }, options).toArray(),
      );
      return new Set(eventIds.filter((_, index) => taken[index]!.length > 0));
    },

    async forget(before) {
      const old: Pick<AttemptDocument, '_id'>[] = [];
      // Of those that were deleted too: their marks stay.
      for (const { _id } of await subscriptions.find({}, { _id: 1 }).lean()) {
        if (old.length >= maxForgotten) break;
        old.push(...(await oldOf(_id, before, maxForgotten - old.length)));
      }
      await mapLimited(old, ({ _id }) => attempts.deleteOne({ _id }));
      return old.length;
    },
  });
}

export function buildAttemptsQuery(filter: AttemptFilter): QueryFilter<AttemptDocument> {
  const { subscription_id, event_id, execution_id, outcome } = filter;
  return {
    subscription_id: storeText(subscription_id),
    ...(event_id !== undefined && { event_id: storeText(event_id) }),
    ...(execution_id !== undefined && { execution_id: storeText(execution_id) }),
    ...(outcome !== undefined && { outcome }),
  };
}

function toDocument({ attempt_id, ...rest }: DeliveryAttempt): AttemptDocument {
  return { _id: storeText(attempt_id), ...storeValue(rest) };
}

function toAttempt({ _id, ...rest }: AttemptDocument): DeliveryAttempt {
  return { attempt_id: _id, ...rest };
}
