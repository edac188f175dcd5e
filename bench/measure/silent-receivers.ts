/** How long events take to 180 subscriptions while 20 others never answer, against the same without those 20. */
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { topics } from '#libs/domain/events/platform-event.ts';
import type { Figures } from '../figures.ts';
import type { Signalbox } from '../signalbox.ts';
import { percentile, waitUntil } from '../wait.ts';
import { startedEvent } from './started-event.ts';

const answering = 180;
const silent = 20;
const eventCount = 40;
const betweenEventsMs = 500;
const rule = 'delays';

export async function measureSilentReceivers(signalbox: Signalbox, secret: string): Promise<Figures> {
  const receiver = await Receiver.listen();
  const sockets = new Set<Socket>();
  const blackHole = createTcpServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
  });
  await listen(blackHole);
  try {
    for (let n = 0; n < answering; n += 1) await signalbox.subscribe(`answering-${n}`, receiver.url, secret, rule);
    const without = await p95(signalbox, receiver, 0);
    for (let n = 0; n < silent; n += 1) await signalbox.subscribe(`silent-${n}`, urlOf(blackHole), secret, rule);
    const among = await p95(signalbox, receiver, eventCount);
    return {
      ratios: { silent_receivers_delay_ratio: among / without },
      details: {
        'webhook delay p95 ms, 180 subscriptions': without,
        'webhook delay p95 ms, 20 silent ones more': among,
      },
    };
  } finally {
    for (const socket of sockets) socket.destroy();
    blackHole.close();
    receiver.close();
  }
}

/** In milliseconds, from the moment an event happens to its arrival at each subscription. */
async function p95(signalbox: Signalbox, receiver: Receiver, from: number): Promise<number> {
  receiver.delays.length = 0;
  for (let n = from; n < from + eventCount; n += 1) {
    await signalbox.publish(topics.lifecycle, [startedEvent(rule, n)]);
    await sleep(betweenEventsMs);
  }
  await waitUntil(
    'the last event at the last receiver',
    120_000,
    () => receiver.delays.length >= eventCount * answering,
  );
  return percentile(receiver.delays, 0.95);
}

class Receiver {
  readonly delays: number[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createHttpServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        const { time } = JSON.parse(body) as { time: string };
        this.delays.push(Date.now() - Date.parse(time));
        response.end();
      });
    });
  }

  static async listen(): Promise<Receiver> {
    const receiver = new Receiver();
    await listen(receiver.#server);
    return receiver;
  }

  get url(): string {
    return urlOf(this.#server);
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

function listen(server: { listen(port: number, host: string, done: () => void): unknown }): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
}

function urlOf(server: { address(): unknown }): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
