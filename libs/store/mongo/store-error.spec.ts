import mongoose, { Schema } from 'mongoose';
import { afterAll, describe, expect, it } from 'vitest';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import { nullable, optional, required } from './fields.ts';
import { defineModel, schemaOptions } from './model.ts';
import { toStoreError } from './store-error.ts';

const schema = Schema.create(
  { _id: required(String), count: required(Number), secret: optional(String), closed_at: nullable(String) },
  schemaOptions,
);
// Never connected: what does not fit is found before anything is sent.
const connection = mongoose.createConnection();
afterAll(() => connection.close());
const model = defineModel('samples', schema)(connection);

/** What is thrown for something that no type would let through. */
async function refusal(act: () => PromiseLike<unknown>): Promise<unknown> {
  try {
    await act();
  } catch (error) {
    return toStoreError(error);
  }
  throw new Error('it was let through');
}

describe('a value that does not fit its schema', () => {
  const secret = { of: 'hunter2' } as never;
  it.each([
    [
      'an insert of the wrong kind',
      '"secret" takes a string',
      () => model.insertMany([{ _id: 'a', count: 1, secret }]),
    ],
    ['an insert of null', 'secret', () => model.insertOne({ _id: 'a', count: 1, secret: null as never })],
    ['an insert without a field', '`count` is required', () => model.insertOne({ _id: 'a' })],
    ['an insert of an unknown field', 'nope', () => model.insertMany([{ _id: 'a', nope: 1 } as never])],
    [
      'an update of the wrong kind',
      '"secret" takes a string',
      () => model.updateOne({ _id: 'a' }, { $set: { secret } }),
    ],
    ['an update of an unknown field', 'nope', () => model.updateOne({ _id: 'a' }, { $set: { nope: 1 } })],
    ['a search by the wrong kind', '"count" takes a number', () => model.findOne({ count: 'hunter2' as never })],
  ])('in %s is refused for good, and not told', async (_, told, act) => {
    const error = await refusal(act);
    expect(error).toBeInstanceOf(PermanentError);
    expect(error).toMatchObject({ code: 'store_rejected', retryable: false });
    const { message, cause } = error as Error;
    expect(message).toContain(told);
    expect(message).not.toContain('hunter2');
    expect(cause).toBeUndefined();
  });

  it('is none of an empty text, an empty list or a zero', async () => {
    const document = new model({ _id: '', count: 0, secret: '', closed_at: null });
    await expect(document.validate()).resolves.toBeUndefined();
  });
});
