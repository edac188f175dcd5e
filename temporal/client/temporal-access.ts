/** The connection to Temporal. It is made with the first call and made again whenever it is lost. */
import { Connection, isGrpcServiceError } from '@temporalio/client';
import type { Config } from '#libs/config/config.ts';
import type { HealthCheck } from '#libs/telemetry/health.ts';

type TemporalSettings = Pick<Config, 'TEMPORAL_ADDRESS' | 'TEMPORAL_TLS' | 'TEMPORAL_API_KEY'>;

export function openTemporal({ TEMPORAL_ADDRESS, TEMPORAL_TLS, TEMPORAL_API_KEY }: TemporalSettings): Connection {
  return Connection.lazy({
    address: TEMPORAL_ADDRESS,
    tls: TEMPORAL_TLS,
    ...(TEMPORAL_API_KEY !== undefined && { apiKey: TEMPORAL_API_KEY }),
    // Whoever calls retries, and it alone knows when to stop.
    interceptors: [],
    // By itself gRPC waits up to two minutes before it tries a server again that was away for long.
    channelArgs: { 'grpc.initial_reconnect_backoff_ms': 100, 'grpc.max_reconnect_backoff_ms': 2000 },
  });
}

/** Asks for the namespace: it shows that the server answers and that runs have a place to go. */
export function temporalCheck(connection: Connection, namespace: string): HealthCheck {
  return {
    name: 'temporal',
    async check(signal) {
      await connection.withAbortSignal(signal, () => connection.workflowService.describeNamespace({ namespace }));
    },
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
