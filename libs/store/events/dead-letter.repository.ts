/** `dead_letters`: messages that could not be processed, `_id` = where they stand on the topic of dead letters. */
import { deflateRaw, inflateRaw } from 'node:zlib';
import { promisify } from 'node:util';
import mongoose, { Schema, type Connection, type InferRawDocTypeFromSchema, type QueryFilter } from 'mongoose';
import type {
  DeadLetterFilter,
  DeadLetterState,
  DeadLetterStore,
  DeadLetterSummary,
  KeptDeadLetter,
  OriginalMessage,
  Resend,
  ResendObstacle,
} from '#libs/domain/events/dead-letter.ts';
import { mapLimited } from '#libs/async/map-limited.ts';
import { findById, insertNew } from '../mongo/by-id.ts';
import { Mixed, nullable, required } from '../mongo/fields.ts';
import { readPage } from '../mongo/keyset-page.ts';
import { defineModel, schemaOptions } from '../mongo/model.ts';
import { storeText, storeValue } from '../mongo/storable-text.ts';
import { guarded } from '../mongo/store-error.ts';

const schema = Schema.create(
  {
    _id: required(String),
    reason: required(String),
    message: required(String),
    brand: nullable(String),
    at: required(String),
    topic: required(String),
    origin: required<DeadLetterSummary['origin']>(Mixed),
    value_bytes: nullable(Number),
    obstacle: nullable<ResendObstacle>(String),
    state: required<DeadLetterState>(String),
    resend: nullable<Resend>(Mixed),
    /** Digest of the request that sends it again. */
    request: nullable(String),
    /** JSON text of the `OriginalMessage`, by RFC 1951. */
    body: required<mongoose.mongo.Binary>(Buffer),
  },
  schemaOptions,
);
type DeadLetterDocument = InferRawDocTypeFromSchema<typeof schema>;
schema.index({ at: -1, _id: -1 });
schema.index({ reason: 1, at: -1, _id: -1 });
schema.index({ brand: 1, at: -1, _id: -1 });
schema.index({ state: 1, at: -1, _id: -1 });
schema.index({ topic: 1, at: -1, _id: -1 });

export const newestLettersFirst = { at: -1, _id: -1 } as const;
/** Reasons that are counted, and letters counted of each. */
const maxReasons = 100;
const maxCounted = 1000;
/** Forgotten in one go. */
const maxForgotten = 500;
const deflated = promisify(deflateRaw);
const inflated = promisify(inflateRaw);

export const deadLetterModel = defineModel('dead_letters', schema);

export function createDeadLetters(connection: Connection): DeadLetterStore {
  const letters = deadLetterModel(connection);
  const withoutBody = { body: 0 } as const;

  return guarded<DeadLetterStore>({
    async add(added) {
      await insertNew(letters, await mapLimited(added, toDocument));
    },

    async get(id) {
      const document = await findById<DeadLetterDocument>(letters, storeText(id));
      if (document === null) return null;
      const original = JSON.parse((await inflated(document.body.buffer)).toString()) as OriginalMessage;
      return { ...toSummary(document), original };
    },

    async list(filter, page) {
      const query = { filter: buildDeadLettersQuery(filter), sort: newestLettersFirst, projection: withoutBody };
      const { items, nextCursor } = await readPage(letters, { ...query, types: ['string', 'string'] }, page);
      return { items: items.map(toSummary), nextCursor };
    },

    async countOpen(brand) {
      const ofBrand = buildDeadLettersQuery({ ...(brand !== undefined && { brand }) });
      const counts = [];
      for (let after = ''; counts.length < maxReasons;) {
        const filter = { ...ofBrand, reason: { $gt: after } };
        const [next] = await letters.find(filter, { reason: 1 }).sort({ reason: 1, at: -1, _id: -1 }).limit(1).lean();
        if (next === undefined) break;
        const { reason } = next;
        after = reason;
        const open = { ...ofBrand, reason, state: 'open' as const, obstacle: null };
        const count = await letters.countDocuments(open, { limit: maxCounted + 1 });
        counts.push({ reason, open: Math.min(count, maxCounted), isMore: count > maxCounted });
      }
      return counts;
    },

    async openOf(reason, brand, after, limit) {
      const filter = {
        ...buildDeadLettersQuery({ reason, state: 'open', ...(brand !== undefined && { brand }) }),
        obstacle: null,
        ...(after !== null && { $or: [{ at: { $gt: after.at } }, { at: after.at, _id: { $gt: after.id } }] }),
      };
      const found = await letters.find(filter, withoutBody).sort({ reason: -1, at: 1, _id: 1 }).limit(limit).lean();
      return found.map(toSummary);
    },

    async claim(id, by, at, request) {
      const resend: Resend = { by: storeText(by), at, to: null };
      const claimed = { $set: { state: 'unknown' as const, resend, request } };
      return (await letters.updateOne({ _id: storeText(id), state: 'open' }, claimed)).matchedCount === 1;
    },

    async isClaimedBy(id, request) {
      const document = await findById<DeadLetterDocument>(letters, storeText(id), { request: 1 });
      return document?.request === request;
    },

    async sent(id, request, to) {
      const told = { $set: { state: 'sent' as const, 'resend.to': to } };
      await letters.updateOne({ _id: storeText(id), request, state: 'unknown' }, told);
    },

    async release(id, request) {
      const open = { $set: { state: 'open' as const, resend: null, request: null } };
      await letters.updateOne({ _id: storeText(id), request, state: 'unknown' }, open);
    },

    async forget(before) {
      const old = await letters
        .find({ at: { $lt: before } }, { _id: 1 })
        .sort({ at: 1, _id: 1 })
        .limit(maxForgotten)
        .lean();
      await mapLimited(old, ({ _id }) => letters.deleteOne({ _id }));
      return old.length;
    },
  });
}

export function buildDeadLettersQuery(filter: DeadLetterFilter): QueryFilter<DeadLetterDocument> {
  const { brand, reason, topic, state } = filter;
  return {
    ...(brand !== undefined && { brand: Array.isArray(brand) ? oneOf(brand.map(storeText)) : storeText(brand) }),
    ...(reason !== undefined && { reason: storeText(reason) }),
    ...(topic !== undefined && { topic: storeText(topic) }),
    ...(state !== undefined && { state }),
  };
}

/** The embedded store uses an index for one value, and not for a list of one. */
function oneOf(values: string[]): string | { $in: string[] } {
  return values.length === 1 ? values[0]! : { $in: values };
}

async function toDocument({ dead_letter_id, original, ...rest }: KeptDeadLetter): Promise<DeadLetterDocument> {
  const body = new mongoose.mongo.Binary(await deflated(JSON.stringify(original), { level: 1 }));
  return { _id: dead_letter_id, ...storeValue(rest), topic: storeText(rest.origin.topic), request: null, body };
}

function toSummary(document: Omit<DeadLetterDocument, 'body'>): DeadLetterSummary {
  const { _id, reason, message, brand, at, origin, value_bytes, obstacle, state, resend } = document;
  return { dead_letter_id: _id, reason, message, brand, at, origin, value_bytes, obstacle, state, resend };
}
