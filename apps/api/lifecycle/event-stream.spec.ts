import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import type { KeptEvent } from '#libs/domain/runs/lifecycle-log.ts';
import { EventReader } from '#libs/lifecycle/event-reader.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { EventStream } from './event-stream.ts';
import { RecentEvents } from './recent-events.ts';

const log = createLogger('test', 'silent');
let ending = new AbortController();
let server: Server | undefined;
afterEach(() => {
  ending.abort();
  ending = new AbortController();
  server?.closeAllConnections();
  server?.close();
});

/** A store with one partition, which takes its time to say what it holds. */
class SlowLog {
  readonly events: KeptEvent[] = [];
  isOpened = true;

  add(eventId: string): void {
    const names = { executionId: 'r:1', processId: 'r', tenantId: 'acme', type: 'WorkflowStarted' } as const;
    const place = { topicId: 'topic', partition: 0, offset: this.events.length };
    this.events.push({ eventId, ...names, ...place, sequence: 0, occurredAt: '2026-01-02T03:04:05.000Z', text: '{}' });
  }

  async state() {
    await sleep(50);
    if (!this.isOpened) return null;
    return { topicId: 'topic', partitions: [{ partition: 0, next: this.events.length, earliest: 0 }] };
  }

  read({ from, to }: { from: number; to: number }): Promise<KeptEvent[]> {
    return Promise.resolve(this.events.slice(from, to));
  }
}

/** @returns the first event that a reader hears of, which follows from now on and then lets `happen` be */
async function firstHeard(kept: SlowLog, happen: () => void, meanwhile: () => void): Promise<string | undefined> {
  const reader = new EventReader(kept);
  const recent = new RecentEvents(reader, log);
  server = createServer((_, response) => {
    const textOf = ({ eventId }: KeptEvent) => Promise.resolve(eventId);
    const stream = { reader, recent, after: null, filter: {}, textOf, stallMs: 30_000, ending: ending.signal, log };
    void new EventStream(response, stream).run();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { body } = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  happen();
  let text = '';
  for await (const chunk of body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (text.includes('data: ')) break;
    meanwhile();
  }
  return /data: (.*)/.exec(text)?.[1];
}

it('a stream from now on gives what happens once its reader hears that it follows', async () => {
  const kept = new SlowLog();
  kept.add('before');
  const add = (): void => kept.add('at once');
  // With every comment another one, so that one at least is heard of where the first is missed.
  expect(await firstHeard(kept, add, () => kept.add('later'))).toBe('at once');
});

it('a stream that begins before anything was ever kept gives the first event that is', async () => {
  const kept = new SlowLog();
  kept.isOpened = false;
  const open = (): void => {
    kept.add('the first');
    kept.isOpened = true;
  };
  expect(await firstHeard(kept, open, () => kept.add('later'))).toBe('the first');
});
