import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ServerPart } from '../managed-server.ts';
import { privateFolder } from '../private-folder.ts';
import { kafkaAnswers } from '../probes.ts';

const run = promisify(execFile);

/** One Kafka node that is broker and controller (KRaft). */
export function kafkaServer(options: {
  java: string;
  libs: string;
  stateDir: string;
  port: number;
  controllerPort: number;
}): ServerPart {
  const { java, libs, stateDir, port, controllerPort } = options;
  const folder = join(stateDir, 'kafka');
  const data = join(folder, 'data');
  const config = join(folder, 'server.properties');
  const classPath = join(libs, '*');
  return {
    title: 'Kafka broker',
    prepare: async () => {
      privateFolder(folder);
      writeFileSync(config, properties(data, port, controllerPort));
      if (!existsSync(join(data, 'meta.properties'))) {
        // What an interrupted formatting left would be refused.
        rmSync(data, { recursive: true, force: true });
        await run(java, [
          '-Xmx128m',
          '-XX:TieredStopAtLevel=1',
          '-XX:+UseSerialGC',
          '-cp',
          classPath,
          'kafka.tools.StorageTool',
          'format',
          '-t',
          clusterId(),
          '-c',
          config,
        ]);
      }
      return {
        title: 'Kafka broker',
        command: java,
        args: [
          '-Xms128m',
          '-Xmx512m',
          // On a small machine the default collector's threads cost more than its shorter pauses give.
          '-XX:+UseSerialGC',
          // The second compiler would take more of a small machine than its code gives back at such rates.
          '-XX:TieredStopAtLevel=1',
          '-Djava.awt.headless=true',
          '-Dorg.apache.logging.log4j.level=WARN',
          '-cp',
          classPath,
          'kafka.Kafka',
          config,
        ],
        cwd: folder,
        log: join(stateDir, 'logs', 'kafka.log'),
        record: join(stateDir, 'run', 'kafka'),
      };
    },
    ready: () => kafkaAnswers(port),
  };
}

function properties(data: string, port: number, controllerPort: number): string {
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': data,
    // A mistyped topic name is to be an error, not a new topic.
    'auto.create.topics.enable': false,
    'num.partitions': 1,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 2,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'share.coordinator.state.topic.num.partitions': 1,
    // After a SIGKILL the broker may register again only when its former session has run out.
    'broker.session.timeout.ms': 3000,
    'broker.heartbeat.interval.ms': 500,
    // Waiting for more members only delays the first one here.
    'group.initial.rebalance.delay.ms': 0,
    'num.network.threads': 2,
    'num.io.threads': 4,
    'background.threads': 2,
    'log.cleaner.dedupe.buffer.size': 8 * 1024 * 1024,
    'log.retention.hours': 24 * 7,
    'log.segment.bytes': 64 * 1024 * 1024,
    'log.index.size.max.bytes': 1024 * 1024,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** 16 random bytes in URL-safe base 64; Kafka's tools refuse one that looks like an option. */
function clusterId(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? clusterId() : id;
}
