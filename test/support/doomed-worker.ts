/**
 * A worker of this process that a test takes the network from, for good: what it sent last may have been executed, it
 * hears of nothing any more, and nothing more of it leaves.
 */
import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { loadConfig } from '#libs/config/config.ts';
import { createHttpClient } from '#libs/http/http-client.ts';
import { createKafka } from '#libs/kafka/client.ts';
import { createBatchingProducer } from '#libs/kafka/producer.ts';
import { createSmsSender } from '#libs/sms/sms-sender.ts';
import { createCallOutcomes } from '#libs/store/runs/call-outcome.repository.ts';
import { connectStore } from '#libs/store/mongo/connect.ts';
import { createRunRecords } from '#libs/store/runs/run-log.repository.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { attemptLines } from '#temporal/activities/outbound/attempt-line.ts';
import { createHttpActivities, createLocalActivities } from '#temporal/activities/create-activities.ts';
import { runContextReader } from '#temporal/activities/run/run-context.ts';
import { createLocalPorts } from '../../apps/worker/local-ports.ts';
import { topicSettings, type RunWorld } from './run-world.ts';
import { servers } from './servers.ts';
import { startTcpProxy, type TcpProxy, type TcpProxyOptions } from './tcp-proxy.ts';

export const doors = ['store', 'kafka', 'temporal'] as const;
export type Door = (typeof doors)[number];

export interface DoomedWorker {
  /** The request of this number, counted from now, is the last one that gets anywhere; its answer does not arrive. */
  loseAnswer(door: Door, number: number): void;
  /** No such number holds any more. */
  keepAnswers(): void;
  lose(): void;
  /** When it was lost, by `Date.now()`; null while it is not. */
  readonly lostAt: number | null;
  /** Idempotency key of the call that it began last before it was lost; null when it began none. */
  readonly lastCall: string | null;
  /** Lost at the latest now. Resolves when nothing of it is left. */
  end(): Promise<void>;
}

export async function startDoomedWorker(world: RunWorld, taskQueue: string): Promise<DoomedWorker> {
  const requests: Record<Door, number> = { store: 0, kafka: 0, temporal: 0 };
  const last: Record<Door, number> = { store: Infinity, kafka: Infinity, temporal: Infinity };
  const dead = new AbortController();
  const proxies: TcpProxy[] = [];
  let lostAt: number | null = null;
  const lose = (): void => {
    if (lostAt !== null) return;
    lostAt = Date.now();
    for (const proxy of proxies) void proxy.cut();
    dead.abort(new Error('the network is lost'));
  };
  const proxy = async (door: Door, target: string, more: Partial<TcpProxyOptions> = {}): Promise<TcpProxy> => {
    const started = await startTcpProxy(target, {
      onRequest: (bytes) => {
        if (lostAt === null && more.onRequest?.(bytes) !== false) requests[door] += 1;
        return lostAt === null;
      },
      onAnswer: (bytes) => {
        if (requests[door] >= last[door]) lose();
        return lostAt === null && more.onAnswer?.(bytes) !== false;
      },
    });
    proxies.push(started);
    return started;
  };

  const uri = new URL(world.storeUri);
  const [broker = ''] = servers().kafka;
  uri.host = (await proxy('store', uri.host, { onRequest: isOfSignalbox })).address;
  const kafkaProxy: TcpProxy = await proxy('kafka', broker, {
    onAnswer: (bytes) => advertise(bytes, broker, kafkaProxy.address),
  });
  const temporal = await NativeConnection.connect({ address: (await proxy('temporal', servers().temporal)).address });
  const store = await connectStore(uri.href, { serverSelectionTimeoutMs: 30_000 });
  const settings = { brokers: [kafkaProxy.address], tls: false };
  const producer = createBatchingProducer(createKafka(settings, createLogger('test', 'silent')));
  const client = new Client({ connection: temporal });
  const wire = createHttpClient({ allowedNetworks: ['127.0.0.0/8'], userAgent: 'signalbox/test' });
  let lastCall: string | null = null;
  const http: typeof wire = {
    ...wire,
    send(request) {
      if (lostAt === null) lastCall = request.headers['idempotency-key'] ?? null;
      return wire.send({ ...request, signal: dead.signal });
    },
  };
  const config = loadConfig({});
  const localPorts = createLocalPorts(store, producer, topicSettings);
  const ports = {
    ...localPorts,
    records: createRunRecords(store),
    callOutcomes: createCallOutcomes(store),
    attemptLine: attemptLines(client),
    runContext: runContextReader(client, localPorts.runData),
    maxUnanswered: config.worker.maxUnansweredMessages,
    callsTogetherMs: config.worker.callBatchMs,
    http,
    sms: createSmsSender(null, http),
  };
  const activities = { ...createLocalActivities(ports), ...createHttpActivities(ports) };
  const worker = await world.worker(activities, taskQueue, temporal, {
    // A lost worker keeps what is meant for it no longer than that.
    stickyQueueScheduleToStartTimeout: '1s',
    shutdownGraceTime: 0,
    workflowThreadPoolSize: 1,
  });
  const working = worker.run().catch(() => undefined);

  return {
    loseAnswer: (door, number) => void (last[door] = requests[door] + number),
    keepAnswers() {
      for (const door of doors) last[door] = Infinity;
    },
    lose,
    get lostAt() {
      return lostAt;
    },
    get lastCall() {
      return lastCall;
    },
    async end() {
      lose();
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await working;
      await Promise.all([temporal.close(), producer.stop(), store.close(true), wire.close()]);
    },
  };
}

/** The driver asks for the state of the server by itself, at any time. */
function isOfSignalbox(bytes: Buffer): boolean {
  return !/hello|isMaster|ismaster|endSessions/.test(bytes.toString('latin1', 0, 100));
}

/** Brokers tell clients where to find them: in place, since both ports take four bytes. */
function advertise(answer: Buffer, broker: string, instead: string): boolean {
  const own = addressBytes(broker);
  for (let at = answer.indexOf(own); at !== -1; at = answer.indexOf(own, at + own.length)) {
    addressBytes(instead).copy(answer, at);
  }
  return true;
}

function addressBytes(address: string): Buffer {
  const { hostname, port } = new URL(`tcp://${address}`);
  const bytes = Buffer.alloc(hostname.length + 4);
  bytes.write(hostname);
  bytes.writeInt32BE(Number(port), hostname.length);
  return bytes;
}
