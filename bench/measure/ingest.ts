/** How fast events pass the ingress when no rule matches, against a consumer that only parses JSON. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Backtest } from '#libs/backtest/backtest.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import { readRecorded } from '#libs/kafka/read-topic-range.ts';
import type { Figures } from '../figures.ts';
import { residentMegabytes } from '../processes.ts';
import { benchRules, brands, toRule } from '../rules.ts';
import type { Signalbox } from '../signalbox.ts';
import { waitUntil } from '../wait.ts';

const eventCount = 200_000;
const accountCount = 2_000;
const ruleCount = 10_000;

/** The ingress is started here, after the events are there, and is left running. */
export async function measureIngest(signalbox: Signalbox, brokers: string): Promise<Figures> {
  await signalbox.directory.load({
    groups: brands.map((brand) => ({ name: `group-${brand}`, brand })),
    accounts: Array.from({ length: accountCount }, (_, n) => ({
      login: n + 1,
      group: `group-${brands[n % brands.length]}`,
    })),
  });
  await signalbox.apply(benchRules(ruleCount).map(toRule));
  await publishTrades(signalbox);

  const bare = await bareRate(brokers, signalbox.topic(topics.trade));
  await signalbox.start(['ingress']);
  const ours = await ingressRate(signalbox);
  return {
    ratios: {
      ingest_ratio: ours / bare,
      ingress_rss_mb: residentMegabytes(signalbox.pid('ingress')),
      backtest_ratio: (await backtestRate(signalbox)) / ours,
    },
    details: { 'events/s, ingress, 10,000 rules, none matches': ours, 'events/s, bare consumer': bare },
  };
}

/** Trades of known accounts in symbols that rules ask for, with a volume below what any of them wants. */
async function publishTrades(signalbox: Signalbox): Promise<void> {
  const occurredAt = new Date().toISOString();
  for (let sent = 0; sent < eventCount; sent += 5_000) {
    await signalbox.publish(
      topics.trade,
      Array.from({ length: 5_000 }, (_, offset) => {
        const n = sent + offset;
        const login = (n % accountCount) + 1;
        const record = {
          order: n,
          login,
          cmd: n % 2 ? 'OP_BUY' : 'OP_SELL',
          volume: 1,
          close_price: 1.0842,
          symbol: `SYM${n % 20}`,
          comment: '',
        };
        return { key: String(login), value: { id: `trade-${n}`, event: 'EV_RECORD_ADD', occurredAt, record } };
      }),
    );
  }
}

async function bareRate(brokers: string, topic: string): Promise<number> {
  const consumer = fork(fileURLToPath(new URL('../baseline/consumer.js', import.meta.url)), [
    brokers,
    topic,
    String(eventCount),
  ]);
  return new Promise((resolve, reject) => {
    consumer.once('message', (rate) => resolve(Number(rate)));
    consumer.once('exit', (code) => reject(new Error(`the bare consumer ended with ${code}`)));
  });
}

/** Between the first and the last look at the counter that shows progress. */
async function ingressRate(signalbox: Signalbox): Promise<number> {
  let first: { at: number; handled: number } | undefined;
  let last = { at: 0, handled: 0 };
  await waitUntil('the end of the trades', 300_000, async () => {
    const handled = await handledEvents(signalbox.url('ingress'));
    const at = performance.now();
    if (handled > 0) first ??= { at, handled };
    if (handled > last.handled) last = { at, handled };
    await new Promise((resolve) => setTimeout(resolve, 40));
    return handled >= eventCount;
  });
  if (first === undefined || first.handled === last.handled) throw new Error('too few events to measure a rate');
  return ((last.handled - first.handled) / (last.at - first.at)) * 1000;
}

/** The same events, by a rule of their trigger that matches none of them. As with the ingress, the first batch is not counted: it reads the accounts. */
async function backtestRate(signalbox: Signalbox): Promise<number> {
  const { kafka, directory } = signalbox;
  const candidate = { ...toRule(benchRules(1)[0]!), brand: null };
  const limits = { maxBytes: 262_144, maxDepth: 64, maxAheadMs: 60_000 };
  const test = new Backtest({ candidate, stored: null, directory, limits });
  let first: { at: number; read: number } | undefined;
  let ended = 0;
  await readRecorded(kafka, {
    topics: new Map([[signalbox.topic(topics.trade), topics.trade]]),
    since: 0,
    signal: new AbortController().signal,
    take: async (messages) => {
      await test.take(messages);
      ended = performance.now();
      first ??= { at: ended, read: test.progress.events_read };
    },
  });
  const { events_read, events_considered, matches } = test.result;
  if (events_considered === 0 || matches > 0) throw new Error('the backtest was to look at every event and match none');
  if (first === undefined || first.read === events_read) throw new Error('too few events to measure a rate');
  return ((events_read - first.read) / (ended - first.at)) * 1000;
}

async function handledEvents(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  let sum = 0;
  for (const [, value] of text.matchAll(/^signalbox_events_total\{.*\} (\d+)$/gm)) sum += Number(value);
  return sum;
}
