/**
 * `activity`: one document for each customer and day on which something was heard of him. Only inserted and removed,
 * never updated; what a customer's newer day makes useless is removed by the reader.
 */
import { createHash } from 'node:crypto';
import { Schema, type Connection, type InferRawDocTypeFromSchema } from 'mongoose';
import {
  inactiveTrigger,
  type LastActivity,
  type ActivityLog,
  type ActivityReader,
  type CustomerActivity,
} from '#libs/domain/events/customer-activity.ts';
import { findById, insertNew } from '../mongo/by-id.ts';
import { mapLimited } from '#libs/async/map-limited.ts';
import { required } from '../mongo/fields.ts';
import { collectionFor, defineModel, schemaOptions } from '../mongo/model.ts';
import { guarded } from '../mongo/store-error.ts';
import { storeText } from '../mongo/storable-text.ts';

const schema = Schema.create(
  {
    /** `{digest of the customer's id}:{day}`: in this order the days of a customer follow one another. */
    _id: required(String),
    customer_id: required(String),
    day: required(String),
  },
  schemaOptions,
);
type ActivityDocument = InferRawDocTypeFromSchema<typeof schema>;

const markSchema = Schema.create({ _id: required(String), day: required(String) }, schemaOptions);
const toldMark = inactiveTrigger;
const tidiedMark = `${inactiveTrigger}/tidied`;

export const detectorMarkModel = defineModel('detector_progress', markSchema);

export const activityModel = defineModel('customer_activity', schema);

export function createActivityLog(connection: Connection): ActivityLog {
  // The driver's: most events are noted here.
  const collection = collectionFor(activityModel(connection));
  return guarded<ActivityLog>({
    async record(activities) {
      await insertNew(collection, activities.map(toDocument));
    },
  });
}

export function createActivityReader(connection: Connection): ActivityReader {
  const marks = detectorMarkModel(connection);
  const activity = activityModel(connection);
  const dayOf = async (_id: string): Promise<string | null> => (await findById(marks, _id))?.day ?? null;
  const setDay = async (_id: string, day: string): Promise<void> => {
    await marks.updateOne({ _id }, { $set: { day } }, { upsert: true });
  };
  return guarded<ActivityReader>({
    async page(after, limit) {
      const rest = after === null ? {} : { _id: { $gt: after } };
      for (let size = limit; ; size *= 2) {
        const documents = await activity.find(rest).sort({ _id: 1 }).limit(size).lean();
        const customers = byCustomer(documents);
        if (documents.length < size) return customers;
        // The last one's other days may come behind this page: they are read together.
        if (customers.length > 1) return customers.slice(0, -1);
      }
    },

    async forget(entries) {
      await mapLimited(entries, (_id) => activity.deleteOne({ _id }));
    },

    doneFor: () => dayOf(toldMark),
    done: (day) => setDay(toldMark, day),
    tidiedFor: () => dayOf(tidiedMark),
    tidied: (day) => setDay(tidiedMark, day),
  });
}

function toDocument({ customerId, day }: LastActivity): ActivityDocument {
  return { _id: `${toDigest(customerId)}:${day}`, customer_id: storeText(customerId), day };
}

function toDigest(customerId: string): string {
  return createHash('sha256').update(customerId).digest('hex').slice(0, 32);
}

/** @param documents in the order of their ids */
function byCustomer(documents: readonly ActivityDocument[]): CustomerActivity[] {
  const customers: CustomerActivity[] = [];
  for (const { _id, customer_id, day } of documents) {
    const last = customers.at(-1);
    if (last?.customerId === customer_id) {
      last.outdated.push(last.place);
      last.place = _id;
      last.lastDay = day;
    } else customers.push({ customerId: customer_id, place: _id, lastDay: day, outdated: [] });
  }
  return customers;
}
