/** A partition that stands still is seen, whatever holds it up. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { topics } from '#libs/domain/events/platform-event.ts';
import type { CheckReport } from '#libs/telemetry/readiness.ts';
import { IngressWorld, until, type RunningIngress } from '../../support/ingress.ts';
import { servers } from '../../support/servers.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';

let world: IngressWorld;
let temporal: TcpProxy;

beforeAll(async () => {
  world = await IngressWorld.create();
  temporal = await startTcpProxy(servers().temporal);
});
afterAll(async () => {
  await world.close();
  await temporal.close();
});

async function partitionsCheck({ url }: RunningIngress): Promise<CheckReport | undefined> {
  const { details } = (await (await fetch(`${url}/health/ready`)).json()) as { details: Record<string, CheckReport> };
  return details['partitions'];
}

/** The greatest value that a metric has for `crm.events`, null where it has none. */
async function metric({ url }: RunningIngress, name: string): Promise<number | null> {
  const lines = (await (await fetch(`${url}/metrics`)).text()).split('\n');
  const values = lines.filter((line) => line.startsWith(`${name}{`) && line.includes('topic="crm.events"'));
  return values.length === 0 ? null : Math.max(...values.map((line) => Number(line.split(' ').at(-1))));
}

it('shows a partition without progress in readiness, metrics and log until it moves again', async () => {
  await world.rule({ trigger_event: 'customer.deposited' });
  const ingress = await world.startIngress({
    TEMPORAL_ADDRESS: temporal.address,
    INGRESS_LAG_INTERVAL_MS: '200',
    INGRESS_STALL_MS: '1500',
  });
  await world.rulesLive(ingress);
  await world.ready(ingress);
  await temporal.cut();
  const value = { id: 'held-up', type: 'customer.deposited', brand: 'alpha', data: {} };
  await world.publish(topics.crm, { value });

  await until('readiness names the partition', async () => (await partitionsCheck(ingress))?.status === 'down', 60_000);
  expect((await partitionsCheck(ingress))?.error).toMatch(
    /crm\.events\/\d has made no progress for \d+ s, with 1 messages waiting$/,
  );
  expect(await metric(ingress, 'signalbox_consumer_lag')).toBe(1);
  expect(await metric(ingress, 'signalbox_partition_stalled_seconds')).toBeGreaterThanOrEqual(1.5);
  const told = ingress.logs.filter(({ msg, level }) => level === 50 && msg.includes('has made no progress'));
  expect(told).toHaveLength(1);

  await temporal.restore();
  await world.drained();
  await until('readiness is back', async () => (await partitionsCheck(ingress))?.status === 'up', 60_000);
  await until('the lag is gone', async () => (await metric(ingress, 'signalbox_consumer_lag')) === 0, 60_000);
  expect(await metric(ingress, 'signalbox_partition_stalled_seconds')).toBe(0);
  expect(ingress.logs.filter(({ msg }) => msg.includes('moves again'))).toHaveLength(1);
});
