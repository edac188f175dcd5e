import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { addressesOf, environmentOf, portsFor, type Ports, type StackAddresses } from './addresses.ts';
import { tryLock } from './lock.ts';
import { managedServer, type ManagedServer } from './managed-server.ts';
import { withProgress, type Report } from './progress.ts';
import { provision, serverNames, type Provisioned, type ServerName } from './provision.ts';
import { ferretdbServer, mongodServer } from './servers/ferretdb.server.ts';
import { kafkaServer } from './servers/kafka.server.ts';
import { postgresServer } from './servers/postgres.server.ts';
import { temporalServer } from './servers/temporal.server.ts';

export interface StackOptions {
  /** Keeps the servers' state and logs; one stack at a time. */
  stateDir: string;
  /** `default`: the usual ports, a taken one is replaced. `free`: any free ones, without the UI. */
  ports: 'default' | 'free';
  env?: NodeJS.ProcessEnv;
  report?: Report;
  /** The servers to start; the addresses of the others are empty. */
  only?: readonly ServerName[];
}

export interface ServerHandle {
  readonly name: ServerName;
  /** It was given by its address: nothing of it can be started or stopped here. */
  readonly external: boolean;
  /** The server's processes with their children, for accounting and kill tests; none if external or not running. */
  readonly pids: () => number[];
  /** SIGKILL to all its processes; resolves when they are gone. */
  kill(): Promise<void>;
  stop(): Promise<void>;
  /** Again, with the same ports and state; resolves when it answers. */
  start(): Promise<void>;
}

export interface RunningStack {
  addresses: StackAddresses;
  servers: Record<ServerName, ServerHandle>;
  /** What a person should know, such as ports that moved. */
  notes: string[];
  /** TEMPORAL_ADDRESS, TEMPORAL_UI_URL, KAFKA_BROKERS, MONGODB_URI of the servers there are. */
  environment(): Record<string, string>;
  stop(): Promise<void>;
}

/**
 * Provisions and starts the servers that have no address in the environment, and waits until all answer.
 *
 * They end with this process, however it ends. A server that cannot be started stops the others again.
 *
 * @throws MissingToolsError when one has to be built and a tool for it is missing
 */
export async function startStack(options: StackOptions): Promise<RunningStack> {
  const { ports: portMode, env = process.env, report = () => {}, only = serverNames } = options;
  const stateDir = resolve(options.stateDir);
  const provisioned = await provision({ env, report, only });
  mkdirSync(stateDir, { recursive: true });
  const lock = tryLock(join(stateDir, 'lock', 'holder'));
  if ('heldBy' in lock) {
    throw new Error(
      `Process ${lock.heldBy} already runs the servers of this state folder. End it first, or use another folder.`,
    );
  }
  const managed = new Map<ServerName, ManagedServer>();
  const stop = async () => {
    await Promise.all([...managed.values()].map((server) => server.stop()));
    lock.release();
  };
  try {
    const { ports, moved } = await portsFor(provisioned, portMode);
    const uiPort = portMode === 'free' ? null : ports['Temporal UI'];
    addServers(managed, provisioned, stateDir, ports, uiPort, report);
    await startAll([...managed.values()], report);
    const addresses = addressesOf(provisioned, ports, uiPort, env);
    const handles = serverNames.map((name) => [name, handle(name, managed.get(name))]);
    return {
      addresses,
      servers: Object.fromEntries(handles) as Record<ServerName, ServerHandle>,
      notes: moved,
      environment: () => environmentOf(addresses),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Starts all at once; says every few seconds which are still awaited. */
async function startAll(servers: ManagedServer[], report: Report): Promise<void> {
  if (servers.length === 0) return;
  const awaited = new Set(servers.map((server) => server.title));
  await withProgress(`Starting ${[...awaited].join(', ')}`, report, async (state) => {
    const starts = servers.map(async (server) => {
      await server.start();
      awaited.delete(server.title);
      state(`waiting for ${[...awaited].join(', ')}`);
    });
    // All have to be settled before any is stopped again, or one would be launched after its stop.
    const failure = (await Promise.allSettled(starts)).find((outcome) => outcome.status === 'rejected');
    if (failure) throw failure.reason;
  });
}

function addServers(
  servers: Map<ServerName, ManagedServer>,
  from: Provisioned,
  stateDir: string,
  ports: Ports,
  uiPort: number | null,
  report: Report,
): void {
  const { temporal, kafka, mongodb } = from;
  if (temporal && temporal.from !== 'address') {
    const part = temporalServer({ program: temporal.program, stateDir, port: ports['Temporal'], uiPort });
    servers.set('temporal', managedServer('Temporal', [part], report));
  }
  if (kafka && kafka.from !== 'address') {
    const part = kafkaServer({ ...kafka, stateDir, port: ports['Kafka'], controllerPort: ports['Kafka controller'] });
    servers.set('kafka', managedServer('Kafka', [part], report));
  }
  if (mongodb?.from === 'path') {
    servers.set(
      'mongodb',
      managedServer('MongoDB', [mongodServer({ program: mongodb.program, stateDir, port: ports['MongoDB'] })], report),
    );
  }
  if (mongodb?.from === 'build') {
    const database = postgresServer({ program: mongodb.postgres, stateDir });
    const front = ferretdbServer({ program: mongodb.ferretdb, stateDir, port: ports['MongoDB'], postgres: database });
    servers.set('mongodb', managedServer('MongoDB-compatible store', [database, front], report));
  }
}

function handle(name: ServerName, managed: ManagedServer | undefined): ServerHandle {
  if (managed) return { name, external: false, ...managed };
  const refuse = () =>
    Promise.reject(new Error(`${name} was not started here, so it cannot be started or stopped here`));
  return { name, external: true, pids: () => [], kill: refuse, stop: refuse, start: refuse };
}
