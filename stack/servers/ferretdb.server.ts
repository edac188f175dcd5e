import { join } from 'node:path';
import type { ServerPart } from '../managed-server.ts';
import { privateFolder } from '../private-folder.ts';
import { mongodbAnswers } from '../probes.ts';
import { serverEnvironment } from '../server-environment.ts';

/** The MongoDB-compatible server in front of PostgreSQL. */
export function ferretdbServer(options: {
  program: string;
  stateDir: string;
  port: number;
  postgres: { connection(): string; socketFolder(): string };
}): ServerPart {
  const { program, stateDir, port, postgres } = options;
  return {
    title: 'MongoDB-compatible store',
    prepare: async () => ({
      title: 'MongoDB-compatible store',
      command: program,
      args: ['-listen', `127.0.0.1:${port}`, '-socket', join(postgres.socketFolder(), 'ferretdb.sock')],
      cwd: stateDir,
      env: { ...serverEnvironment(), FERRETDB_POSTGRESQL_URL: postgres.connection() },
      log: join(stateDir, 'logs', 'ferretdb.log'),
      record: join(stateDir, 'run', 'ferretdb'),
    }),
    ready: () => mongodbAnswers(port),
  };
}

/** MongoDB's own server, where one is on the PATH. */
export function mongodServer(options: { program: string; stateDir: string; port: number }): ServerPart {
  const { program, stateDir, port } = options;
  const data = join(stateDir, 'mongodb');
  return {
    title: 'MongoDB',
    prepare: async () => {
      privateFolder(data);
      return {
        title: 'MongoDB',
        command: program,
        args: [
          '--dbpath',
          data,
          '--port',
          String(port),
          '--bind_ip',
          '127.0.0.1',
          '--wiredTigerCacheSizeGB',
          '0.25',
          '--quiet',
        ],
        cwd: data,
        log: join(stateDir, 'logs', 'mongod.log'),
        record: join(stateDir, 'run', 'mongod'),
      };
    },
    ready: () => mongodbAnswers(port),
  };
}
