/** Lifecycle events that reach readers of streams per second, against a consumer that writes them out as they come. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { fileURLToPath } from 'node:url';
import { topics } from '#libs/domain/events/platform-event.ts';
import { signSession } from '../../scripts/token/session-token.ts';
import type { Figures } from '../figures.ts';
import type { Signalbox } from '../signalbox.ts';
import { waitUntil } from '../wait.ts';
import { sessionSecret } from './approvals.ts';
import { startedEvent } from './started-event.ts';

const clientCount = 20;
const eventCount = 10_000;

/** @param signalbox prepared with `sessionSecret` */
export async function measureStreams(signalbox: Signalbox, brokers: string): Promise<Figures> {
  const program = fileURLToPath(new URL('../baseline/streams.js', import.meta.url));
  const bare = fork(program, [brokers, signalbox.topic(topics.lifecycle)]);
  const [port] = (await once(bare, 'message')) as [number];
  const byHand = await rate(signalbox, `http://127.0.0.1:${port}/`, {}, 'by-hand');
  bare.kill();
  await once(bare, 'exit');

  await signalbox.start(['delivery', 'api']);
  const session = { sub: 'dora', role: 'SESSION_ADMIN', brands: [], ttlSeconds: 3600 } as const;
  const headers = { authorization: `Bearer ${await signSession(sessionSecret, { ...session, brands: [] })}` };
  const ours = await rate(signalbox, `${signalbox.url('api')}/api/workflow/events?rule_id=ours`, headers, 'ours');
  return {
    ratios: { streams_ratio: ours / byHand },
    details: { 'events/s to 20 streams': ours, 'events/s to 20 streams, by hand': byHand },
  };
}

/** From the first event published to the last one received by the last client. */
async function rate(
  signalbox: Signalbox,
  url: string,
  headers: Record<string, string>,
  ruleId: string,
): Promise<number> {
  const received = await Promise.all(Array.from({ length: clientCount }, () => follow(url, headers)));
  const from = performance.now();
  for (let sent = 0; sent < eventCount; sent += 1_000) {
    const messages = Array.from({ length: 1_000 }, (_, n) => startedEvent(ruleId, sent + n));
    await signalbox.publish(topics.lifecycle, messages);
  }
  await waitUntil('the last event at the last client', 120_000, () => received.every((count) => count() >= eventCount));
  const seconds = (performance.now() - from) / 1000;
  for (const count of received) count.stop();
  return (eventCount * clientCount) / seconds;
}

type Counted = (() => number) & { stop(): void };

/** Counts the events that come, by their ids. */
function follow(url: string, headers: Record<string, string>): Promise<Counted> {
  return new Promise((resolve, reject) => {
    const request = get(url, { headers }, (response) => {
      let seen = 0;
      response.on('data', (chunk: Buffer) => {
        for (let at = chunk.indexOf('\nid: '); at !== -1; at = chunk.indexOf('\nid: ', at + 1)) seen += 1;
        if (chunk.indexOf('id: ') === 0) seen += 1;
      });
      response.on('error', () => {});
      if (response.statusCode !== 200) reject(new Error(`${url} answers ${response.statusCode}`));
      response.once('data', () => resolve(Object.assign(() => seen, { stop: () => void request.destroy() })));
    });
    request.on('error', reject);
  });
}
