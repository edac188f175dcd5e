/**
 * `lifecycle_events`: what runs have told, `_id` = event id. `lifecycle_topics`: how much of the topic is kept, `_id` =
 * name of the topic. A position is one text, so that the embedded store finds a range by one index.
 */
import { Schema, type Connection, type InferRawDocTypeFromSchema } from 'mongoose';
import { mapLimited } from '#libs/async/map-limited.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import type {
  KeptEvent,
  KeptPartition,
  LifecycleFilter,
  LifecycleLog,
  LifecycleType,
} from '#libs/domain/runs/lifecycle-log.ts';
import { findById, insertNew, upsertOver } from '../mongo/by-id.ts';
import { Mixed, required } from '../mongo/fields.ts';
import { collectionFor, defineModel, schemaOptions } from '../mongo/model.ts';
import { storeText } from '../mongo/storable-text.ts';
import { guarded } from '../mongo/store-error.ts';

const eventSchema = Schema.create(
  {
    _id: required(String),
    /** Topic id, partition and offset. */
    position: required(String),
    execution_id: required(String),
    sequence: required(Number),
    process_id: required(String),
    tenant_id: required(String),
    type: required<LifecycleType>(String),
    occurred_at: required(String),
    kept_at: required(String),
    text: required(String),
  },
  schemaOptions,
);
type EventDocument = InferRawDocTypeFromSchema<typeof eventSchema>;
eventSchema.index({ position: 1 });
eventSchema.index({ execution_id: 1, sequence: 1 });

const topicSchema = Schema.create(
  {
    _id: required(String),
    topic_id: required(String),
    /** Offsets by partition. */
    next: required<Record<string, number>>(Mixed),
    earliest: required<Record<string, number>>(Mixed),
  },
  schemaOptions,
);

export const lifecycleEventModel = defineModel('lifecycle_events', eventSchema);
export const lifecycleTopicModel = defineModel('lifecycle_topics', topicSchema);

/** Of each partition, forgotten in one go. */
const maxForgotten = 200;

export function createLifecycleLog(connection: Connection): LifecycleLog {
  // The driver's: every event of every run comes through here, as a document that this file has made.
  const events = collectionFor(lifecycleEventModel(connection));
  const kept = lifecycleTopicModel(connection);
  const _id = topics.lifecycle;

  /** The first events between two positions, as far as they were kept before this time. */
  const oldest = async (before: string, from: string, to: string) => {
    const projection = { _id: 1, position: 1, kept_at: 1 };
    const options = { sort: { position: 1 }, limit: maxForgotten, projection } as const;
    const found = await events.find({ position: { $gte: from, $lt: to } }, options).toArray();
    const firstYoung = found.findIndex(({ kept_at }) => kept_at >= before);
    return firstYoung === -1 ? found : found.slice(0, firstYoung);
  };

  return guarded<LifecycleLog>({
    async open(topicId) {
      // Not over the same topic: another process may have opened it meanwhile, and kept events of it.
      const fresh = { _id, topic_id: topicId, next: {}, earliest: {} };
      await upsertOver(kept, { _id, topic_id: { $ne: topicId } }, (over) =>
        kept.replaceOne(over, fresh, { upsert: true }),
      );
    },

    async add(added) {
      const kept_at = new Date().toISOString();
      await insertNew(
        events,
        added.map((event) => toDocument(event, kept_at)),
      );
    },

    async advance(topicId, partitions) {
      const next = partitions.map(({ partition, next: offset }) => [`next.${partition}`, offset]);
      await kept.updateOne({ _id, topic_id: topicId }, { $max: Object.fromEntries(next) });
    },

    async state() {
      const state = await findById(kept, _id);
      if (state === null) return null;
      const count = Math.max(0, ...Object.keys(state.next).map((partition) => Number(partition) + 1));
      const partitions = Array.from({ length: count }, (_, partition): KeptPartition => {
        const { [partition]: next = 0 } = state.next;
        return { partition, next, earliest: state.earliest[partition] ?? 0 };
      });
      return { topicId: state.topic_id, partitions };
    },

    async offsetAt({ topicId, partition, from, to }, keptAt) {
      const options = { sort: { position: 1 }, limit: 1, projection: { position: 1, kept_at: 1 } } as const;
      let [low, high] = [from, to];
      while (low < high) {
        const middle = low + Math.floor((high - low) / 2);
        const range = { $gte: toPosition(topicId, partition, middle), $lt: toPosition(topicId, partition, high) };
        const [found] = await events.find({ position: range }, options).toArray();
        if (found !== undefined && found.kept_at < keptAt) low = fromPosition(found.position).offset + 1;
        else high = middle;
      }
      return low;
    },

    async read({ topicId, partition, from, to }, filter, limit) {
      const range = { $gte: toPosition(topicId, partition, from), $lt: toPosition(topicId, partition, to) };
      const query = { position: range, ...buildFilter(filter) };
      const found = await events.find(query, { sort: { position: 1 }, limit }).toArray();
      return found.map(toEvent);
    },

    async ofRun(executionId, from, limit) {
      const query = { execution_id: storeText(executionId), sequence: { $gte: from } };
      const found = await events.find(query, { sort: { execution_id: 1, sequence: 1 }, limit }).toArray();
      return found.map(toEvent);
    },

    async get(eventId) {
      const document = await findById(events, eventId);
      return document && toEvent(document);
    },

    async forget(before) {
      const topic = await findById(kept, _id);
      if (topic === null) return 0;
      const { topic_id } = topic;
      const partitions = Object.keys(topic.next).map(Number);
      const old = await Promise.all(
        partitions.map((partition) => oldest(before, startOf(topic_id, partition), startOf(topic_id, partition + 1))),
      );
      const earliest = old.flatMap((documents) => documents.slice(-1)).map(({ position }) => fromPosition(position));
      const moved = earliest.map(({ partition, offset }) => [`earliest.${partition}`, offset + 1]);
      // First: a reader must not take what is left for all there was.
      if (moved.length > 0) await kept.updateOne({ _id }, { $max: Object.fromEntries(moved) });
      // Of the topic as it was before it was made anew.
      const others = await Promise.all([oldest(before, '', `${topic_id}/`), oldest(before, `${topic_id}0`, '~')]);
      const all = [...old, ...others].flat();
      await mapLimited(all, ({ _id: id }) => events.deleteOne({ _id: id }));
      return all.length;
    },
  });
}

function toDocument(event: KeptEvent, kept_at: string): EventDocument {
  const { eventId, topicId, partition, offset, executionId, sequence, processId, tenantId, type, occurredAt, text } =
    event;
  return {
    _id: eventId,
    position: toPosition(topicId, partition, offset),
    execution_id: storeText(executionId),
    sequence,
    process_id: storeText(processId),
    tenant_id: storeText(tenantId),
    type,
    occurred_at: occurredAt,
    kept_at,
    text,
  };
}

function toEvent(document: EventDocument): KeptEvent {
  const { _id, position, execution_id, sequence, process_id, tenant_id, type, occurred_at, text } = document;
  const names = { eventId: _id, executionId: execution_id, processId: process_id, tenantId: tenant_id };
  return { ...names, ...fromPosition(position), sequence, type, occurredAt: occurred_at, text };
}

/** Texts in the order of the offsets: at most 16 digits, as many as a number holds exactly. */
function toPosition(topicId: string, partition: number, offset: number): string {
  return `${topicId}/${String(partition).padStart(6, '0')}/${String(offset).padStart(16, '0')}`;
}

function startOf(topicId: string, partition: number): string {
  return toPosition(topicId, partition, 0);
}

function fromPosition(position: string): Pick<KeptEvent, 'topicId' | 'partition' | 'offset'> {
  const [topicId = '', partition, offset] = position.split('/');
  return { topicId, partition: Number(partition), offset: Number(offset) };
}

function buildFilter({ tenants, processId, executionId, types }: LifecycleFilter): object {
  return {
    ...(tenants !== undefined && { tenant_id: oneOf(tenants.map(storeText)) }),
    ...(processId !== undefined && { process_id: storeText(processId) }),
    ...(executionId !== undefined && { execution_id: storeText(executionId) }),
    ...(types !== undefined && { type: oneOf(types) }),
  };
}

function oneOf<T>(values: readonly T[]): T | { $in: T[] } {
  return values.length === 1 ? values[0]! : { $in: [...values] };
}
