/** `postponed_events`: events whose rules are held against them apart from their partition. */
import { deflateRaw, inflateRaw } from 'node:zlib';
import { promisify } from 'node:util';
import mongoose, { Schema, type Connection, type InferRawDocTypeFromSchema, type QueryFilter } from 'mongoose';
import type { PostponedEvent, PostponedEvents } from '#libs/domain/matching/postponed-event.ts';
import { insertNew } from '../mongo/by-id.ts';
import { mapLimited } from '#libs/async/map-limited.ts';
import { required } from '../mongo/fields.ts';
import { defineModel, schemaOptions } from '../mongo/model.ts';
import { guarded } from '../mongo/store-error.ts';
import { storeKey, storeText } from '../mongo/storable-text.ts';

const schema = Schema.create(
  {
    _id: required(String),
    /** '' for events of no brand. */
    brand: required(String),
    at: required(String),
    /** Milliseconds since 1970: until then a process holds it, or it has to wait. */
    not_before: required(Number),
    /** JSON text of the `PostponedEvent`, by RFC 1951. */
    body: required<mongoose.mongo.Binary>(Buffer),
  },
  schemaOptions,
);
type PostponedEventDocument = InferRawDocTypeFromSchema<typeof schema>;
schema.index({ brand: 1, at: 1, _id: 1 });

/** Lost races before the caller tries again later. */
const maxRaces = 5;
const inOrder = { brand: 1, at: 1, _id: 1 } as const;
const deflated = promisify(deflateRaw);
const inflated = promisify(inflateRaw);

export const postponedEventModel = defineModel('postponed_events', schema);

export function createPostponedEvents(connection: Connection): PostponedEvents {
  const events = postponedEventModel(connection);

  const next = async (after: string, now: number): Promise<PostponedEventDocument | undefined> => {
    const free = { not_before: { $lte: now } };
    const first = (filter: QueryFilter<PostponedEventDocument>) => events.find(filter).sort(inOrder).limit(1).lean();
    const [later] = await first({ ...free, brand: { $gt: storeText(after) } });
    return later ?? (await first(free))[0];
  };

  return guarded<PostponedEvents>({
    async add(postponed) {
      await insertNew(events, await mapLimited(postponed, toDocument));
    },

    async take(after, now, leaseMs) {
      for (let race = 0; race < maxRaces; race += 1) {
        const found = await next(after, now);
        if (found === undefined) return null;
        const { _id, not_before } = found;
        const taken = await events.updateOne({ _id, not_before }, { $set: { not_before: now + leaseMs } });
        if (taken.matchedCount === 1)
          return JSON.parse((await inflated(found.body.buffer)).toString()) as PostponedEvent;
      }
      return null;
    },

    async leave(id, until) {
      await events.updateOne({ _id: storeKey(id) }, { $set: { not_before: until } });
    },

    async remove(id) {
      await events.deleteOne({ _id: storeKey(id) });
    },

    count: () => events.countDocuments({}),
  });
}

async function toDocument(event: PostponedEvent): Promise<PostponedEventDocument> {
  const body = await deflated(JSON.stringify(event), { level: 1 });
  const brand = storeText(event.brand ?? '');
  return { _id: storeKey(event.id), brand, at: event.at, not_before: 0, body: new mongoose.mongo.Binary(body) };
}
