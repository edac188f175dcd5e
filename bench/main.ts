/**
 * `npm run bench [-- --json FILE] [--only matching,ingest,latency,runs,approvals,streams,webhooks,workflow-webhooks] [--events N] [--rounds N]`: measures signalbox against what one would
 * write without it, on the same servers in the same run, and prints one table.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { connectStore } from '#libs/store/mongo/connect.ts';
import { createDirectory } from '#libs/store/directory/directory.ts';
import { startStack, type RunningStack } from '../stack/stack.ts';
import { Baseline } from './baseline/contest.ts';
import { table, type Figures } from './figures.ts';
import { approvalRule, measureApprovals, sessionSecret } from './measure/approvals.ts';
import { measureIngest } from './measure/ingest.ts';
import { measureLatency } from './measure/latency.ts';
import { measureMatching } from './measure/match.ts';
import { measureStreams } from './measure/streams.ts';
import { measureSilentReceivers } from './measure/silent-receivers.ts';
import { measureWebhooks, secret } from './measure/webhooks.ts';
import { measureWorkflowWebhooks } from './measure/workflow-webhooks.ts';
import { callsRule, directory, effectsRule, measureRuns } from './measure/runs.ts';
import { Signalbox } from './signalbox.ts';
import { Sink } from './sink.ts';

const measures = [
  'matching',
  'ingest',
  'latency',
  'runs',
  'approvals',
  'streams',
  'webhooks',
  'workflow-webhooks',
] as const;
type Measure = (typeof measures)[number];

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    only: { type: 'string' },
    events: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '3' },
  },
});
const chosen = new Set((values.only?.split(',') ?? measures) as Measure[]);
const figures: Figures = { ratios: {}, details: {} };

function say(text: string): void {
  console.log(`${new Date().toISOString().slice(11, 19)} ${text}`);
}

function add(more: Figures): void {
  Object.assign(figures.ratios, more.ratios);
  Object.assign(figures.details, more.details);
  for (const [name, value] of Object.entries(more.ratios)) say(`${name} = ${value.toPrecision(3)}`);
}

async function withServers(work: (stack: RunningStack, name: string, mongodb: string) => Promise<void>): Promise<void> {
  const stateDir = await mkdtemp(join(tmpdir(), 'signalbox-bench-'));
  const stack = await startStack({ stateDir, ports: 'free', report: say });
  const name = `bench-${randomBytes(4).toString('hex')}`;
  try {
    await work(stack, name, stack.addresses.mongodb.replace(/\/[^/]*$/, `/${name}`));
  } finally {
    await stack.stop();
    await rm(stateDir, { recursive: true, force: true });
  }
}

async function ingest(): Promise<void> {
  say('ingest: events that match nothing, against a bare consumer');
  await withServers(async ({ addresses }, name, mongodb) => {
    const signalbox = await Signalbox.prepare({ ...addresses, mongodb, name });
    try {
      await signalbox.createTopics();
      add(await measureIngest(signalbox, addresses.kafka));
    } finally {
      await signalbox.stop();
    }
  });
}

async function streams(): Promise<void> {
  say('streams: lifecycle events to 20 readers, against a consumer that writes them out');
  await withServers(async ({ addresses }, name, mongodb) => {
    const signalbox = await Signalbox.prepare({ ...addresses, mongodb, name, sessionSecret });
    try {
      await signalbox.createTopics();
      add(await measureStreams(signalbox, addresses.kafka));
    } finally {
      await signalbox.stop();
    }
  });
}

async function webhooks(): Promise<void> {
  say('webhooks: lifecycle events to a subscription, against a loop that signs and posts them');
  await withServers(async ({ addresses }, name, mongodb) => {
    const sink = await Sink.listen();
    const signalbox = await Signalbox.prepare({ ...addresses, mongodb, name });
    try {
      await signalbox.createTopics();
      add(await measureWebhooks(signalbox, sink));
      say('webhooks: delay to 180 subscriptions while 20 others never answer');
      add(await measureSilentReceivers(signalbox, secret));
    } finally {
      await signalbox.stop();
      await sink.close();
    }
  });
}

async function workflowWebhooks(): Promise<void> {
  say('workflow webhooks: events reported over 50 connections, against an endpoint that only writes them to Kafka');
  await withServers(async ({ addresses }, name, mongodb) => {
    const signalbox = await Signalbox.prepare({ ...addresses, mongodb, name, sessionSecret });
    try {
      await signalbox.createTopics();
      await signalbox.start(['api']);
      add(await measureWorkflowWebhooks(signalbox, addresses.kafka));
    } finally {
      await signalbox.stop();
    }
  });
}

async function loadDirectory(uri: string): Promise<void> {
  const store = await connectStore(uri);
  await createDirectory(store).load(directory);
  await store.close();
}

async function runs(): Promise<void> {
  await withServers(async (stack, name, mongodb) => {
    const { addresses } = stack;
    const sink = await Sink.listen();
    const signalbox = await Signalbox.prepare({ ...addresses, mongodb, name, sessionSecret });
    await signalbox.apply([callsRule(sink), effectsRule, approvalRule]);
    await signalbox.directory.load(directory);
    await loadDirectory(`${mongodb}-by-hand`);
    await signalbox.createTopics();
    await signalbox.start(['worker', 'ingress', 'delivery']);
    await signalbox.observe();
    const baseline = await Baseline.start({
      ...addresses,
      mongodb: `${mongodb}-by-hand`,
      taskQueue: `${name}-by-hand`,
    });
    try {
      const contest = { stack, signalbox, baseline, sink };
      if (chosen.has('latency')) {
        say('latency: from Kafka to the third webhook, against a hand-written workflow');
        add(await measureLatency(contest));
      }
      if (chosen.has('runs')) {
        say('runs: completed per second, against hand-written workflows');
        add(await measureRuns(contest, { rounds: Number(values.rounds), eventsPerRound: Number(values.events), say }));
      }
      if (chosen.has('approvals')) {
        say('approvals: answered over HTTP and carried to the end, against an update handler by hand');
        await signalbox.start(['api']);
        add(await measureApprovals(contest));
      }
    } finally {
      await baseline.stop();
      await signalbox.stop();
      await sink.close();
    }
  });
}

if (chosen.has('matching')) {
  say('matching: 1,000 and 10,000 rules, against json-rules-engine');
  add(await measureMatching());
}
if (chosen.has('ingest')) await ingest();
if (chosen.has('streams')) await streams();
if (chosen.has('webhooks')) await webhooks();
if (chosen.has('workflow-webhooks')) await workflowWebhooks();
if (chosen.has('latency') || chosen.has('runs') || chosen.has('approvals')) await runs();

console.log(`\n${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.versions.node}\n`);
console.log(table(figures));
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(figures.ratios, null, 2)}\n`);
