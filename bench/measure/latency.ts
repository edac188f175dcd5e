/** How long it takes until the third webhook has arrived, at a steady 20 events per second. */
import { eventKey } from '#libs/domain/events/event-key.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import { buildRunId } from '#libs/domain/runs/execution-id.ts';
import type { Figures } from '../figures.ts';
import { percentile, waitUntil } from '../wait.ts';
import type { Contest } from './runs.ts';

const eventsPerSecond = 20;
const counted = 300;
/** Sent first and not counted. */
const warmUp = 40;

export async function measureLatency({ signalbox, baseline, sink }: Contest): Promise<Figures> {
  sink.reset();
  const byHand = await latencies(
    async (n) => void (await baseline.start('threeCalls', [sink.url, `by-hand-${n}`])),
    (n) => sink.arrivals.get(`by-hand-${n}/2`),
  );
  sink.reset();
  const ours = await latencies(
    (n) => signalbox.publish(topics.crm, [{ key: `C-${n}`, value: event(n) }]),
    (n) => sink.arrivals.get(`${runId(n)}/action-2`),
  );
  const [oursP95, byHandP95] = [percentile(ours, 0.95), percentile(byHand, 0.95)];
  return {
    ratios: { latency_ratio_p95: oursP95 / byHandP95 },
    details: {
      'ms from Kafka to the third webhook, p50': percentile(ours, 0.5),
      'ms from Kafka to the third webhook, p95': oursP95,
      'ms from start to the third call, by hand, p50': percentile(byHand, 0.5),
      'ms from start to the third call, by hand, p95': byHandP95,
    },
  };
}

/** Sends at a steady pace, whatever the answers do, and returns milliseconds from each sending to its arrival. */
async function latencies(
  send: (n: number) => Promise<void>,
  arrival: (n: number) => number | undefined,
): Promise<number[]> {
  const total = warmUp + counted;
  const sentAt: number[] = [];
  const sends: Promise<void>[] = [];
  const from = performance.now();
  for (let n = 0; n < total; n += 1) {
    const due = from + (n * 1000) / eventsPerSecond;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    sentAt.push(performance.now());
    sends.push(send(n));
  }
  await Promise.all(sends);
  await waitUntil('the arrival of the last call', 60_000, () => sentAt.every((_, n) => arrival(n) !== undefined));
  return sentAt.map((at, n) => (arrival(n) ?? Number.NaN) - at).slice(warmUp);
}

function runId(n: number): string {
  return buildRunId('calls', eventKey({ id: `latency-${n}`, topic: topics.crm, source: null, brand: null }));
}

function event(n: number): Record<string, unknown> {
  const data = { amount: 10_000, n };
  return { id: `latency-${n}`, type: 'bench.calls', occurredAt: new Date().toISOString(), customerId: `C-${n}`, data };
}
