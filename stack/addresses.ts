import { choosePorts } from './ports.ts';
import type { Provisioned } from './provision.ts';

export interface StackAddresses {
  /** `host:port` */
  temporal: string;
  /** A URL, or null where there is no UI (free ports, a server of one's own). */
  temporalUi: string | null;
  /** `host:port`, or a comma-separated list of them */
  kafka: string;
  /** `mongodb://host:port/database` */
  mongodb: string;
}

const defaultPorts = { Temporal: 7233, 'Temporal UI': 8233, Kafka: 9092, 'Kafka controller': 9093, MongoDB: 27017 };
export type Ports = typeof defaultPorts;

/** Chooses ports for the servers that are started here; the others' ports are of no interest, taken or not. */
export async function portsFor(
  from: Provisioned,
  mode: 'default' | 'free',
): Promise<{ ports: Ports; moved: string[] }> {
  const starts = (server: keyof Provisioned) => {
    const origin = from[server];
    return typeof origin === 'object' && origin.from !== 'address';
  };
  const wanted: Partial<Ports> = {};
  const want = (...names: Array<keyof Ports>) => names.forEach((name) => (wanted[name] = defaultPorts[name]));
  if (starts('temporal')) want('Temporal', 'Temporal UI');
  if (starts('kafka')) want('Kafka', 'Kafka controller');
  if (starts('mongodb')) want('MongoDB');
  const { ports, moved } = await choosePorts(wanted as Ports, mode);
  return { ports: { ...defaultPorts, ...ports }, moved };
}

/** Where each server is reached; empty for one that was neither started nor given. */
export function addressesOf(
  from: Provisioned,
  ports: Ports,
  uiPort: number | null,
  env: NodeJS.ProcessEnv,
): StackAddresses {
  const { temporal, kafka, mongodb } = from;
  const local = (port: number) => `127.0.0.1:${port}`;
  const startedTemporal = temporal && temporal.from !== 'address';
  return {
    temporal: !temporal ? '' : temporal.from === 'address' ? temporal.address : local(ports['Temporal']),
    temporalUi: startedTemporal ? (uiPort === null ? null : `http://${local(uiPort)}`) : env['TEMPORAL_UI_URL'] || null,
    kafka: !kafka ? '' : kafka.from === 'address' ? kafka.address : local(ports['Kafka']),
    mongodb: !mongodb
      ? ''
      : mongodb.from === 'address'
        ? mongodb.address
        : `mongodb://${local(ports['MongoDB'])}/signalbox`,
  };
}

/** The addresses as the variables every process of the system reads. */
export function environmentOf(addresses: StackAddresses): Record<string, string> {
  const variables = {
    TEMPORAL_ADDRESS: addresses.temporal,
    TEMPORAL_UI_URL: addresses.temporalUi ?? '',
    KAFKA_BROKERS: addresses.kafka,
    MONGODB_URI: addresses.mongodb,
  };
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
}
