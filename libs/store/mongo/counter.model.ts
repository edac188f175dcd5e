/** `counters`: the last of each kind of number that was given out. */
import { Schema, type Connection } from 'mongoose';
import { RetryableError } from '#libs/domain/errors/errors.ts';
import { required } from './fields.ts';
import { defineModel, schemaOptions } from './model.ts';
import { isDuplicateKey } from './store-error.ts';

type Kind = 'runs' | 'processes';

const schema = Schema.create({ _id: required<Kind>(String), last: required(Number) }, schemaOptions);

export const counterModel = defineModel('counters', schema);

/** @returns the last of the numbers taken, which are the `count` up to it. @throws what the driver throws */
export async function takeNumbers(connection: Connection, kind: Kind, count: number): Promise<number> {
  const counters = counterModel(connection);
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    try {
      const options = { upsert: true, returnDocument: 'after' } as const;
      const counter = await counters.findOneAndUpdate({ _id: kind }, { $inc: { last: count } }, options).lean();
      if (counter !== null) return counter.last;
    } catch (error) {
      // Two made the counter at once: one of them has.
      if (!isDuplicateKey(error)) throw error;
    }
  }
  throw new RetryableError('store_unavailable', `The store gives no numbers for ${kind}`);
}

const maxAttempts = 5;
