/** A Temporal server of a test's own that nobody has prepared for signalbox: it knows no search attribute of ours. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { managedServer } from '../../stack/managed-server.ts';
import { freePort } from '../../stack/ports.ts';
import { provision } from '../../stack/provision.ts';
import { temporalServer } from '../../stack/servers/temporal.server.ts';

export interface BareTemporal {
  /** host:port */
  address: string;
  close(): Promise<void>;
}

export async function startBareTemporal(): Promise<BareTemporal> {
  const { TEMPORAL_ADDRESS: _, ...env } = process.env;
  const { temporal } = await provision({ env, only: ['temporal'] });
  if (temporal === undefined || temporal.from === 'address') throw new Error('Temporal was not provisioned');
  const stateDir = await mkdtemp(join(tmpdir(), 'signalbox-bare-'));
  const port = await freePort();
  const part = temporalServer({ program: temporal.program, stateDir, port, uiPort: null });
  const server = managedServer(
    part.title,
    [
      {
        ...part,
        prepare: async () => {
          const program = await part.prepare();
          const isOurs = (at: number): boolean =>
            program.args[at] === '--search-attribute' || program.args[at - 1] === '--search-attribute';
          return { ...program, args: program.args.filter((_arg, at) => !isOurs(at)) };
        },
      },
    ],
    () => undefined,
  );
  await server.start();
  return {
    address: `127.0.0.1:${port}`,
    close: async () => {
      await server.stop();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}
