/** The time-skipping test server as a process of ours: the SDK would give it five seconds to start, which a busy machine does not. */
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { managedServer } from '../../stack/managed-server.ts';
import { freePort } from '../../stack/ports.ts';
import { testServerExecutable } from '../../stack/provision.ts';

export interface TimeSkippingServer {
  /** host:port */
  address: string;
  stop(): Promise<void>;
}

export async function startTimeSkippingServer(): Promise<TimeSkippingServer> {
  const program = await testServerExecutable();
  const stateDir = await mkdtemp(join(tmpdir(), 'signalbox-time-'));
  const port = await freePort();
  const title = 'Time-skipping test server';
  const part = {
    title,
    prepare: () =>
      Promise.resolve({
        title,
        command: program,
        args: [String(port)],
        cwd: stateDir,
        log: join(stateDir, 'server.log'),
        record: join(stateDir, 'run', 'server'),
      }),
    ready: () => accepts(port),
  };
  const server = managedServer(title, [part], () => undefined);
  await server.start();
  return {
    address: `127.0.0.1:${port}`,
    stop: async () => {
      await server.stop();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
