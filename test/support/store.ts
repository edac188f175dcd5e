/** A store of a test's own: a database nobody else uses, gone when the test file ends. */
import type { Connection } from 'mongoose';
import { connectStore } from '#libs/store/mongo/connect.ts';
import { databaseUri, uniqueName, type Servers } from './servers.ts';

export interface TestStore {
  uri: string;
  connection: Connection;
  drop: () => Promise<void>;
}

/** @param at servers to use instead of those of the test run */
export async function openTestStore(at?: Servers): Promise<TestStore> {
  const uri = databaseUri(uniqueName('store'), at);
  const connection = await connectStore(uri);
  return {
    uri,
    connection,
    drop: async () => {
      await connection.dropDatabase();
      await connection.close();
    },
  };
}
