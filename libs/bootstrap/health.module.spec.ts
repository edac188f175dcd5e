import type { INestApplication } from '@nestjs/common';
import type { AddressInfo } from 'node:net';
import { Counter } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import { createLogger } from '#libs/telemetry/logger.ts';
import { createMetrics } from '#libs/telemetry/metrics.ts';
import { createNestApp } from './nest-app.ts';
import { OperationsModule, type OperationsOptions } from './health.module.ts';

const silent = createLogger('test', 'silent');
let app: INestApplication | undefined;

async function listen(options: Partial<OperationsOptions>): Promise<string> {
  const registry = createMetrics('test');
  const operations = OperationsModule.register({ checks: [], registry, log: silent, ...options });
  app = await createNestApp({ imports: [operations] }, silent);
  await app.listen(0, '127.0.0.1');
  return `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
}

afterEach(async () => {
  await app?.close();
  app = undefined;
});

const down = { name: 'store', check: () => Promise.reject(new Error('connection refused')) };

describe('operations endpoints', () => {
  it('are alive although a dependency is down', async () => {
    const url = await listen({ checks: [down] });
    const answer = await fetch(`${url}/health/live`);
    expect(answer.status).toBe(200);
  });

  it('answer 200 when ready', async () => {
    const url = await listen({ checks: [{ name: 'store', check: () => Promise.resolve() }] });
    const answer = await fetch(`${url}/health/ready`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ status: 'ok', details: { store: { status: 'up' } } });
  });

  it('answer 503 and say what is down when not ready', async () => {
    const url = await listen({ checks: [down] });
    const answer = await fetch(`${url}/health/ready`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      status: 'error',
      error: { store: { status: 'down', error: 'connection refused' } },
    });
  });

  it('answer 503 once the process begins to end', async () => {
    const url = await listen({ stopping: AbortSignal.abort() });
    const answer = await fetch(`${url}/health/ready`);
    expect([answer.status, await answer.json()]).toEqual([503, expect.objectContaining({ status: 'shutting_down' })]);
  });

  it('offer process metrics, those of the registry and further ones as one Prometheus text', async () => {
    const registry = createMetrics('test');
    new Counter({ name: 'signalbox_things_total', help: 'things', registers: [registry] }).inc();
    const url = await listen({ registry, extraMetrics: () => Promise.resolve('temporal_up 1\n') });
    const answer = await fetch(`${url}/metrics`);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const lines = (await answer.text()).split('\n');
    expect(lines).toContain('signalbox_things_total{app="test"} 1');
    expect(lines).toContain('temporal_up 1');
    expect(lines.some((line) => line.startsWith('process_cpu_user_seconds_total'))).toBe(true);
  });

  it('still offer the other metrics when the further ones cannot be read', async () => {
    const url = await listen({ extraMetrics: () => Promise.reject(new Error('away')) });
    const answer = await fetch(`${url}/metrics`);
    expect(answer.status).toBe(200);
  });
});
