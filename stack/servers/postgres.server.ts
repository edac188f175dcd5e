import { spawn } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { PostgresProgram } from '../build/postgres.build.ts';
import type { ServerPart } from '../managed-server.ts';
import { postgresAnswers } from '../probes.ts';
import { serverUser } from '../system-user.ts';
import { postgresPlace, socketFolder } from './postgres-place.ts';

/** The only role; the socket's folder, open to its owner alone, is what keeps others out. */
export const postgresRole = 'signalbox';

const settings = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  // FerretDB keeps a connection for every open cursor besides those that write.
  max_connections: 120,
  shared_buffers: '128MB',
  // Commits stay durable; what follows only saves work that one small node does not need.
  wal_level: 'minimal',
  max_wal_senders: 0,
  max_wal_size: '512MB',
  checkpoint_timeout: '15min',
  io_method: 'sync',
  max_worker_processes: 1,
  max_parallel_workers_per_gather: 0,
  autovacuum_max_workers: 1,
  jit: 'off',
  // FerretDB passes field names as parameters: only a plan made for their values can use an index on the field.
  plan_cache_mode: 'force_custom_plan',
  random_page_cost: 1.1,
  log_min_messages: 'warning',
} as const;

/** PostgreSQL below the MongoDB-compatible store. `connection()` is the address FerretDB takes, `socketFolder()` a private folder. */
export function postgresServer(options: {
  program: PostgresProgram;
  stateDir: string;
}): ServerPart & { connection(): string; socketFolder(): string } {
  const { program, stateDir } = options;
  const user = serverUser();
  let sockets = '';
  return {
    title: 'PostgreSQL',
    prepare: async () => {
      const place = postgresPlace(stateDir, user);
      const data = join(place, 'data');
      if (!existsSync(data)) await initialise(program.initdb, place, data, user);
      // After a kill this stays, and if its process id now belongs to another program PostgreSQL refuses to start.
      // No server of this state folder can be alive here: the folder is locked and one left behind was ended.
      rmSync(join(data, 'postmaster.pid'), { force: true });
      sockets ||= socketFolder(place, user);
      return {
        title: 'PostgreSQL',
        command: program.postgres,
        args: [
          '-D',
          data,
          '-k',
          sockets,
          ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
        ],
        cwd: data,
        env: { LC_ALL: 'C', TZ: 'UTC' },
        ...(user ? { user } : {}),
        log: join(stateDir, 'logs', 'postgres.log'),
        record: join(stateDir, 'run', 'postgres'),
        // "Fast" shutdown: SIGTERM would wait for every client to leave.
        stopSignal: 'SIGINT',
      };
    },
    ready: () => postgresAnswers(join(sockets, '.s.PGSQL.5432'), postgresRole),
    connection: () => `postgres://${postgresRole}@/postgres?host=${encodeURIComponent(sockets)}`,
    socketFolder: () => sockets,
  };
}

/** Makes the data folder beside its place first, so that an interrupted start leaves no half of one. */
async function initialise(
  initdb: string,
  place: string,
  data: string,
  user: { uid: number; gid: number } | null,
): Promise<void> {
  const draft = join(place, 'data.new');
  rmSync(draft, { recursive: true, force: true });
  const args = [
    '-D',
    draft,
    '-U',
    postgresRole,
    '--auth=trust',
    '--encoding=UTF8',
    '--locale=C',
    '--no-instructions',
    '-c',
    'io_method=sync',
  ];
  const child = spawn(initdb, args, {
    cwd: place,
    env: { LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['ignore', 'ignore', 'pipe'],
    ...user,
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk));
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0)
    throw new Error(`PostgreSQL could not make its data folder (exit code ${String(code)}):\n${errors.trim()}`);
  renameSync(draft, data);
}
