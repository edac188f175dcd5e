/** A store of a test's own: a database nobody else uses, gone when the test file ends. */
import type { Connection } from 'mongoose';
import { connectStore } from '#libs/store/connect.ts';
import { databaseUri, uniqueName } from './servers.ts';

export interface TestStore {
  uri: string;
  connection: Connection;
  drop: () => Promise<void>;
}

export async function openTestStore(): Promise<TestStore> {
  const uri = databaseUri(uniqueName('store'));
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
