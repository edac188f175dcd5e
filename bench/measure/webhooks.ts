/** Lifecycle events that reach a webhook subscription per second, against a loop that signs and posts the same bodies. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { topics } from '#libs/domain/events/platform-event.ts';
import { writeJson } from '#libs/domain/json/stringify-json.ts';
import type { Figures } from '../figures.ts';
import type { Signalbox } from '../signalbox.ts';
import type { Sink } from '../sink.ts';
import { waitUntil } from '../wait.ts';
import { startedEvent } from './started-event.ts';

const eventCount = 5_000;
/** What SUBSCRIPTION_CONCURRENCY is when it is not set. */
const ownConcurrency = 10;
export const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

export async function measureWebhooks(signalbox: Signalbox, sink: Sink): Promise<Figures> {
  const [first, ...events] = Array.from({ length: eventCount + 1 }, (_, n) => startedEvent('webhooks', n));
  const bodies = events.map(({ value }) => writeJson(value));
  const byHand = await bareRate(sink, bodies, 1);
  const manyByHand = await bareRate(sink, bodies, ownConcurrency);

  await signalbox.subscribe('webhooks', sink.url, secret, 'webhooks');
  await signalbox.start(['delivery']);
  sink.reset();
  // Both sides have their connections before the clock starts: the publisher's to Kafka are not what is measured.
  await signalbox.publish(topics.lifecycle, [first!]);
  await waitUntil('the first event at the receiver', 120_000, () => sink.calls > 0);
  sink.reset();
  const from = performance.now();
  for (let sent = 0; sent < eventCount; sent += 1_000) {
    await signalbox.publish(topics.lifecycle, events.slice(sent, sent + 1_000));
  }
  await waitUntil('the last event at the receiver', 120_000, () => sink.calls >= eventCount);
  const ours = rate(from);
  return {
    ratios: { webhooks_ratio: ours / byHand },
    details: {
      'webhook events/s': ours,
      'webhook events/s, by hand, one after the other': byHand,
      'webhook events/s, by hand, ten at once': manyByHand,
    },
  };
}

async function bareRate(sink: Sink, bodies: string[], atOnce: number): Promise<number> {
  const program = fileURLToPath(new URL('../baseline/webhooks.js', import.meta.url));
  const bare = fork(program, [sink.url, String(atOnce), secret]);
  await once(bare, 'message');
  bare.send(bodies.slice(0, 1));
  await once(bare, 'message');
  const from = performance.now();
  bare.send(bodies);
  await once(bare, 'message');
  const byHand = rate(from);
  bare.kill();
  await once(bare, 'exit');
  return byHand;
}

function rate(from: number): number {
  return (eventCount * 1000) / (performance.now() - from);
}
