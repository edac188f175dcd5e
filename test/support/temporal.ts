/** Connections to the Temporal server of the test run, for tests that run a worker of their own. */
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { servers } from './servers.ts';

export interface TestTemporal {
  /** For workers. */
  native: NativeConnection;
  client: Client;
  close(): Promise<void>;
}

export async function connectTemporal(): Promise<TestTemporal> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const address = servers().temporal;
  const native = await NativeConnection.connect({ address });
  const connection = await Connection.connect({ address });
  return {
    native,
    client: new Client({ connection }),
    close: async () => {
      await connection.close();
      await native.close();
    },
  };
}
