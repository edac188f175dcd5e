/** `waiting_events`: events that wait for an account or group, `_id` = event key. */
import { Schema, type Connection, type InferRawDocTypeFromSchema } from 'mongoose';
import type {
  WaitingEvent,
  WaitingEvents,
  WaitingEventsAdmin,
  WaitingState,
} from '#libs/domain/events/waiting-event.ts';
import { insertOrFind } from '../mongo/by-id.ts';
import { mapLimited } from '#libs/async/map-limited.ts';
import { required } from '../mongo/fields.ts';
import { defineModel, schemaOptions } from '../mongo/model.ts';
import { guarded } from '../mongo/store-error.ts';
import { storeText } from '../mongo/storable-text.ts';

const schema = Schema.create(
  {
    _id: required(String),
    event_id: required(String),
    waits_for: required(String),
    state: required<WaitingState>(String),
    since: required(String),
    until: required(String),
    /** JSON text: events nest deeper than BSON may, and their keys may hold dots. */
    body: required(String),
  },
  schemaOptions,
);
type WaitingEventDocument = InferRawDocTypeFromSchema<typeof schema>;
schema.index({ waits_for: 1 });
schema.index({ state: 1, until: 1 });
schema.index({ event_id: 1 });

/** Forgotten in one go. */
const maxForgotten = 200;
/** Groups follow logins in this order of texts. */
const groups = { $gte: 'group:', $lt: 'group;' };

export const waitingEventModel = defineModel('waiting_events', schema);

export function createWaitingEvents(connection: Connection): WaitingEvents & WaitingEventsAdmin {
  const events = waitingEventModel(connection);

  const page = async (waits_for: string | typeof groups, after: string, limit: number): Promise<WaitingEvent[]> => {
    const filter = { waits_for, state: 'waiting' as const, _id: { $gt: after } };
    return (await events.find(filter).sort({ _id: 1 }).limit(limit).lean()).map(toEvent);
  };

  return guarded<WaitingEvents & WaitingEventsAdmin>({
    async keep(waiting) {
      const stored = await insertOrFind(events, waiting.map(toDocument));
      return new Map([...stored].map(([index, document]) => [index, toEvent(document)]));
    },

    async waitFor(key, waitsFor) {
      await events.updateOne({ _id: storeText(key) }, { $set: { waits_for: storeText(waitsFor) } });
    },

    any: async () => (await events.exists({ state: 'waiting' })) !== null,

    waitingFor: (waitsFor, after, limit) => page(storeText(waitsFor), after, limit),

    waitingForGroups: (after, limit) => page(groups, after, limit),

    async due(now, limit) {
      const filter = { state: 'waiting' as const, until: { $lte: now } };
      return (await events.find(filter).sort({ until: 1 }).limit(limit).lean()).map(toEvent);
    },

    async remove(keys) {
      await mapLimited(keys, (key) => events.deleteOne({ _id: storeText(key) }));
    },

    async giveUp(keys) {
      await mapLimited(keys, (key) => events.updateOne({ _id: storeText(key) }, { $set: { state: 'given_up' } }));
    },

    async forget(before) {
      const old = await events
        .find({ state: 'given_up', until: { $lt: before } }, { _id: 1 })
        .limit(maxForgotten)
        .lean();
      await mapLimited(old, ({ _id }) => events.deleteOne({ _id }));
      return old.length;
    },

    async list(state, limit) {
      const found = await events.find({ state }).sort({ until: 1 }).limit(limit).lean();
      return found.map((document) => ({ ...toEvent(document), state: document.state }));
    },

    async retry(eventId, now) {
      const filter = { state: 'given_up' as const, ...(eventId !== null && { event_id: storeText(eventId) }) };
      const found = await events.find(filter, { _id: 1 }).lean();
      await mapLimited(found, ({ _id }) =>
        events.updateOne({ _id, state: 'given_up' }, { $set: { state: 'waiting', since: now, until: now } }),
      );
      return found.length;
    },
  });
}

function toDocument({ key, event, held, waitsFor, since, until }: WaitingEvent): WaitingEventDocument {
  return {
    _id: storeText(key),
    event_id: storeText(event.id),
    waits_for: storeText(waitsFor),
    state: 'waiting',
    since,
    until,
    body: JSON.stringify({ key, event, held }),
  };
}

function toEvent({ waits_for, body, since, until }: WaitingEventDocument): WaitingEvent {
  const kept = JSON.parse(body) as Pick<WaitingEvent, 'key' | 'event' | 'held'>;
  return { ...kept, waitsFor: waits_for, since, until };
}
