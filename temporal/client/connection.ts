/** The connection to Temporal. It is made with the first call and made again whenever it is lost. */
import { Connection, isGrpcServiceError } from '@temporalio/client';
import type { Config } from '#libs/config/config.ts';
import type { HealthCheck } from '#libs/telemetry/health.ts';
import { checkNamespace } from './temporal-setup.ts';

type TemporalSettings = Pick<Config['temporal'], 'address' | 'tls' | 'apiKey'>;

/** How a client and a worker reach the server: an API key never travels without TLS (`libs/config`). */
export function temporalOptions({ address, tls = false, apiKey }: TemporalSettings): {
  address: string;
  tls: boolean;
  apiKey?: string;
} {
  return apiKey === undefined ? { address, tls } : { address, tls: true, apiKey };
}

export function openTemporal(settings: TemporalSettings): Connection {
  return Connection.lazy({
    ...temporalOptions(settings),
    // The caller retries, and it alone knows when to stop.
    interceptors: [],
    // By itself gRPC waits up to two minutes before it tries a server again that was away for long.
    channelArgs: { 'grpc.initial_reconnect_backoff_ms': 100, 'grpc.max_reconnect_backoff_ms': 2000 },
  });
}

/** Passes when the server answers and runs have a place to go. */
export function temporalCheck(connection: Connection, namespace: string): HealthCheck {
  return {
    name: 'temporal',
    check: (signal) => connection.withAbortSignal(signal, () => checkNamespace(connection, namespace)),
  };
}

/** gRPC statuses `RESOURCE_EXHAUSTED` and `UNAVAILABLE`. */
const busy: ReadonlySet<number> = new Set([8, 14]);

/** True when Temporal asks to be left alone or is not there, whatever it was asked. */
export function isTemporalBusy(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (isGrpcServiceError(at)) return busy.has(at.code);
  }
  return false;
}
