/** A Kafka broker of a test's own: it may be killed, and it also takes clients over TLS that name a user. */
import { execFile } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { managedServer } from '../../stack/managed-server.ts';
import { freePort } from '../../stack/ports.ts';
import { provision } from '../../stack/provision.ts';
import { kafkaServer } from '../../stack/servers/kafka.server.ts';
import { selfSigned } from './certificate.ts';

export interface TestBroker {
  /** host:port without TLS, for anybody. */
  address: string;
  /** host:port with TLS, for the user alone. */
  secureAddress: string;
  /** PEM file of the authority that clients have to trust. */
  certificateFile: string;
  /** The user is known to it by `plain` only, until it is told. */
  addScramUser(mechanism: 'SCRAM-SHA-256' | 'SCRAM-SHA-512'): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Again, with what it had. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Whom the broker knows. */
export const brokerUser = { name: 'signalbox', password: 'not-a-secret' };

export async function startKafkaBroker(): Promise<TestBroker> {
  const { KAFKA_BROKERS: _, ...env } = process.env;
  const { kafka } = await provision({ env, only: ['kafka'] });
  if (kafka?.from !== 'build') throw new Error('Kafka was not provisioned');
  const stateDir = await mkdtemp(join(tmpdir(), 'signalbox-broker-'));
  const [port, securePort, controllerPort] = [await freePort(), await freePort(), await freePort()];
  const { key, cert } = selfSigned({ dnsNames: ['localhost'] });
  const [certificateFile, keyFile] = [join(stateDir, 'certificate.pem'), join(stateDir, 'key.pem')];
  writeFileSync(certificateFile, cert);
  writeFileSync(keyFile, `${key}${cert}`, { mode: 0o600 });
  const part = kafkaServer({ ...kafka, stateDir, port, controllerPort });
  const prepare = async () => {
    const program = await part.prepare();
    const config = program.args.at(-1)!;
    appendFileSync(config, secureListener(port, securePort, controllerPort, keyFile));
    return program;
  };
  const server = managedServer(part.title, [{ ...part, prepare }], () => undefined);
  const address = `127.0.0.1:${port}`;
  await server.start();
  return {
    address,
    secureAddress: `localhost:${securePort}`,
    certificateFile,
    addScramUser: (mechanism) => addScramUser(kafka, address, mechanism),
    kill: () => server.kill(),
    start: () => server.start(),
    close: async () => {
      await server.stop();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}

/** The last of two settings of one name counts. */
function secureListener(port: number, securePort: number, controllerPort: number, keyFile: string): string {
  const modules = 'org.apache.kafka.common.security';
  const scram = `${modules}.scram.ScramLoginModule required;`;
  return Object.entries({
    listeners: `PLAINTEXT://127.0.0.1:${port},SASL_SSL://127.0.0.1:${securePort},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port},SASL_SSL://localhost:${securePort}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL',
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    'listener.name.sasl_ssl.plain.sasl.jaas.config': `${modules}.plain.PlainLoginModule required user_${brokerUser.name}="${brokerUser.password}";`,
    'listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config': scram,
    'listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config': scram,
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': keyFile,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** By Kafka's own tool: the broker keeps what it needs of the password with its metadata. */
async function addScramUser(
  { java, libs }: { java: string; libs: string },
  address: string,
  mechanism: string,
): Promise<void> {
  const { name, password } = brokerUser;
  const tool = ['-XX:TieredStopAtLevel=1', '-cp', join(libs, '*'), 'kafka.admin.ConfigCommand'];
  const user = ['--entity-type', 'users', '--entity-name', name];
  const change = ['--bootstrap-server', address, '--alter', '--add-config', `${mechanism}=[password=${password}]`];
  await promisify(execFile)(java, [...tool, ...change, ...user]);
}
