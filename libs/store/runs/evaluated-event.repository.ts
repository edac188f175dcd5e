/**
 * `evaluated_events`: events that started nothing, many to a document, deflated: they are much alike, and there may be
 * tens of thousands in a second. What started something has a decision.
 */
import { createHash } from 'node:crypto';
import { deflateRaw, inflateRaw } from 'node:zlib';
import { promisify } from 'node:util';
import mongoose, { Schema, type Connection, type InferRawDocTypeFromSchema } from 'mongoose';
import { sha256 } from '#libs/domain/values/sha256.ts';
import type { EvaluatedEvent, EvaluatedEvents } from '#libs/domain/matching/evaluated-event.ts';
import type { Decision } from '#libs/domain/runs/run-ledger.ts';
import { insertNew } from '../mongo/by-id.ts';
import { mapLimited } from '#libs/async/map-limited.ts';
import { required } from '../mongo/fields.ts';
import { collectionFor, defineModel, schemaOptions } from '../mongo/model.ts';
import { createDecisionReader } from './decision.reader.ts';
import { guarded } from '../mongo/store-error.ts';

const schema = Schema.create(
  {
    /** Follows from the ids, so that keeping the same events again adds nothing. */
    _id: required(String),
    at: required(String),
    /** Of the events: short digests of their ids, since the embedded store's index holds the whole list in 2.7 KB. */
    keys: required([String]),
    /** JSON text of `EvaluatedEvent[]`, by RFC 1951. */
    body: required<mongoose.mongo.Binary>(Buffer),
  },
  schemaOptions,
);
type EvaluatedEventsDocument = InferRawDocTypeFromSchema<typeof schema>;
schema.index({ at: 1 });
schema.index({ keys: 1 });

/** Forgotten in one go. */
const maxAtOnce = 100;
/** Events to a document, and characters of JSON: it has to fit into 16 MiB, and is read whole for one of its events. */
const maxEvents = 120;
const maxText = 1_000_000;

const deflated = promisify(deflateRaw);
const inflated = promisify(inflateRaw);

export const evaluatedEventModel = defineModel('evaluated_events', schema);

export function createEvaluatedEvents(connection: Connection): EvaluatedEvents {
  const events = evaluatedEventModel(connection);
  const decisions = createDecisionReader(connection);

  return guarded<EvaluatedEvents>({
    async keep(evaluated) {
      // To the driver's: events that start nothing are the most, and mongoose would look at the keys of each.
      await insertNew(collectionFor(events), await Promise.all(grouped(evaluated).map(toDocument)));
    },

    async get(eventId) {
      const decided = (await decisions.byEventId(eventId)).map(toEvaluation).filter((event) => event !== null);
      // One that came again stands in two documents, hardly ever in more.
      const documents = await events.find({ keys: toKey(eventId) }).lean();
      const kept = (await Promise.all(documents.map(toEvents))).flat().filter((event) => event.eventId === eventId);
      const first = new Map<string, EvaluatedEvent>();
      // A decision says what became of an event, whatever was made of it before.
      for (const event of [...decided.sort(byTime), ...kept.sort(byTime)]) {
        if (!first.has(event.eventKey)) first.set(event.eventKey, event);
      }
      return [...first.values()].sort(byTime);
    },

    async forget(before) {
      const old = await events
        .find({ at: { $lt: before } }, { _id: 1 })
        .limit(maxAtOnce)
        .lean();
      await mapLimited(old, ({ _id }) => events.deleteOne({ _id }));
      return old.length;
    },
  });
}

interface Group {
  events: EvaluatedEvent[];
  texts: string[];
  length: number;
}

function grouped(evaluated: readonly EvaluatedEvent[]): Group[] {
  const groups: Group[] = [];
  for (const event of evaluated) {
    const text = JSON.stringify(event);
    let group = groups.at(-1);
    if (group === undefined || group.events.length === maxEvents || group.length + text.length > maxText) {
      groups.push((group = { events: [], texts: [], length: 0 }));
    }
    group.events.push(event);
    group.texts.push(text);
    group.length += text.length;
  }
  return groups;
}

async function toDocument({ events, texts }: Group): Promise<EvaluatedEventsDocument> {
  const keys = events.map(({ eventId }) => toKey(eventId));
  // Speed before size: the first level makes a sixth of it or less, the usual one hardly a twentieth less than that.
  const body = await deflated(`[${texts.join(',')}]`, { level: 1 });
  return { _id: sha256(keys.join()), at: events[0]!.at, keys, body: new mongoose.mongo.Binary(body) };
}

async function toEvents({ body }: EvaluatedEventsDocument): Promise<EvaluatedEvent[]> {
  return JSON.parse((await inflated(body.buffer)).toString()) as EvaluatedEvent[];
}

/** 66 bits: two ids with one key are told apart by what is kept. */
function toKey(eventId: string): string {
  return createHash('sha256').update(eventId).digest('base64url').slice(0, 11);
}

function byTime(a: EvaluatedEvent, b: EvaluatedEvent): number {
  return a.at < b.at ? -1 : a.at > b.at ? 1 : 0;
}

function toEvaluation({
  eventKey,
  eventId,
  decidedAt: at,
  revision,
  runs,
  shadow = [],
}: Decision): EvaluatedEvent | null {
  const [first] = [...runs, ...shadow];
  if (first === undefined || revision === undefined) return null;
  return { eventKey, eventId, trigger: first.event.trigger, at, revision, outcome: 'matched', context: first.context };
}
