/**
 * `subscriptions`, `_id` = id of the subscription. What was deleted stays as a mark without address and secrets: its id
 * is never given again, and its attempts are still found when they are old.
 */
import { randomInt } from 'node:crypto';
import { Schema, type Connection, type InferRawDocTypeFromSchema } from 'mongoose';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import type { LifecycleType } from '#libs/domain/runs/lifecycle-log.ts';
import type {
  StoredSubscription,
  Subscription,
  SubscriptionFormat,
  SubscriptionSecret,
  Subscriptions,
  SubscriptionStatus,
} from '#libs/domain/subscriptions/subscription.ts';
import { findById, insertNew } from '../mongo/by-id.ts';
import { createChangeCount } from '../mongo/change-count.ts';
import { compareAndSet } from '../mongo/compare-and-set.ts';
import { Mixed, nullable, required } from '../mongo/fields.ts';
import { defineModel, schemaOptions } from '../mongo/model.ts';
import { storeText, storeValue } from '../mongo/storable-text.ts';
import { guarded } from '../mongo/store-error.ts';

const schema = Schema.create(
  {
    _id: required(String),
    revision: required(Number),
    /** One of as many numbers as there may be subscriptions, as a text; of one that was deleted, its id. */
    slot: required(String),
    is_deleted: required(Boolean),
    name: required(String),
    url: required(String),
    types: nullable<LifecycleType[]>([String]),
    rule_id: nullable(String),
    brands: nullable<string[]>([String]),
    format: required<SubscriptionFormat>(String),
    status: required<SubscriptionStatus>(String),
    disabled_reason: nullable<NonNullable<Subscription['disabled_reason']>>(String),
    created_at: required(String),
    created_by: required(String),
    updated_at: required(String),
    failures: required(Number),
    failed_at: nullable(String),
    not_before: nullable(String),
    secrets: required<SubscriptionSecret[]>([Mixed]),
    rotated_at: required<string[]>([String]),
  },
  schemaOptions,
);
type SubscriptionDocument = InferRawDocTypeFromSchema<typeof schema>;
schema.index({ slot: 1 }, { unique: true });

export const subscriptionModel = defineModel('subscriptions', schema);

export function createSubscriptions(connection: Connection): Subscriptions {
  const subscriptions = subscriptionModel(connection);
  const { count, revision } = createChangeCount(connection, 'subscriptions');

  const change = async (
    subscriptionId: string,
    plan: (stored: SubscriptionDocument) => Omit<SubscriptionDocument, '_id' | 'revision'> | null,
  ): Promise<SubscriptionDocument | null> => {
    let isChanged = false;
    const changed = await compareAndSet<SubscriptionDocument, SubscriptionDocument | null>(
      subscriptions,
      storeText(subscriptionId),
      async (stored) => {
        const there = stored === null || stored.is_deleted ? null : stored;
        const content = there && plan(there);
        isChanged = content !== null;
        return { result: there && { ...there, ...content }, content };
      },
    );
    if (isChanged) await count();
    return changed;
  };

  return guarded<Subscriptions>({
    async add(subscription, most) {
      for (;;) {
        const there = await subscriptions.find({ is_deleted: false }, { slot: 1 }).lean();
        const slot = freeSlot(new Set(there.map((one) => one.slot)), most);
        if (slot === null) throw tooMany(most);
        const content = { ...toContent(subscription), slot, is_deleted: false };
        const document = { _id: subscription.subscription_id, revision: 1, ...content };
        const taken = await insertNew(subscriptions, [document]);
        if (taken.length === 0 || (await findById(subscriptions, document._id)) !== null) return count();
      }
    },

    async get(subscriptionId) {
      const document = await findById(subscriptions, storeText(subscriptionId));
      return document === null || document.is_deleted ? null : toSubscription(document);
    },

    async change(subscriptionId, plan) {
      const document = await change(subscriptionId, (stored) => {
        const changed = plan(toSubscription(stored));
        return changed && { ...toContent(changed), slot: stored.slot, is_deleted: false };
      });
      return document && toSubscription(document);
    },

    async remove(subscriptionId) {
      const removed = await change(subscriptionId, ({ _id, revision: _revision, ...content }) => ({
        ...content,
        slot: _id,
        is_deleted: true,
        url: '',
        secrets: [],
      }));
      return removed !== null;
    },

    revision,

    async all() {
      const found = await subscriptions.find({ is_deleted: false }).lean();
      return found.map(toSubscription);
    },
  });
}

/** Any of the free ones, so that two who add at once seldom want the same. @returns null when none is free */
function freeSlot(taken: ReadonlySet<string>, most: number): string | null {
  if (taken.size >= most) return null;
  const free = Array.from({ length: most }, (_, slot) => String(slot)).filter((slot) => !taken.has(slot));
  return free[randomInt(free.length)]!;
}

function tooMany(most: number): PermanentError {
  return new PermanentError(
    'too_many_subscriptions',
    `There are ${most} subscriptions, as many as SUBSCRIPTIONS_MAX lets be: delete one that is not used, or raise it`,
  );
}

function toContent({ subscription_id: _id, ...rest }: StoredSubscription) {
  return storeValue(rest);
}

function toSubscription(document: SubscriptionDocument): StoredSubscription {
  const { _id, revision: _revision, slot: _slot, is_deleted: _isDeleted, ...rest } = document;
  return { subscription_id: _id, ...rest };
}
