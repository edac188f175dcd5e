/**
 * Events that a workflow webhook takes per second from 50 connections, and how long each waits for its answer, against a
 * Nest endpoint that only writes the same message to Kafka.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { topics } from '#libs/domain/events/platform-event.ts';
import type { Figures } from '../figures.ts';
import type { Assignment, Outcome } from '../reporter.ts';
import type { Signalbox } from '../signalbox.ts';
import { median, percentile } from '../wait.ts';

const connections = 50;
const warmUp = 2_000;
const perRound = 5_000;
const rounds = 3;

export async function measureWorkflowWebhooks(signalbox: Signalbox, brokers: string): Promise<Figures> {
  const reporter = await started('reporter.js');
  const byHand = fork(programOf('baseline/report-endpoint.js'), [brokers, signalbox.topic(topics.crm)]);
  const [handUrl] = (await once(byHand, 'message')) as [string];
  const hand = { url: `${handUrl}/report`, headers: { 'content-type': 'application/json' } };
  const { url, key } = await signalbox.workflowWebhook('registrations');
  const ours = { url, headers: { 'content-type': 'application/json', 'x-session-token': await handshake(url, key) } };
  for (const target of [hand, ours]) await run(reporter, { ...target, count: warmUp, connections });
  const outcomes: Record<'hand' | 'ours', Outcome[]> = { hand: [], ours: [] };
  for (let round = 0; round < rounds; round += 1) {
    outcomes.hand.push(await run(reporter, { ...hand, count: perRound, connections }));
    outcomes.ours.push(await run(reporter, { ...ours, count: perRound, connections }));
  }
  await Promise.all([ended(reporter), ended(byHand)]);
  const [handRate, ownRate] = [rate(outcomes.hand), rate(outcomes.ours)];
  const [handP95, ownP95] = [p95(outcomes.hand), p95(outcomes.ours)];
  return {
    ratios: { reports_ratio: ownRate / handRate, reports_p95_ratio: ownP95 / handP95 },
    details: {
      'reported events/s': ownRate,
      'reported events/s, by hand': handRate,
      'ms to the answer, p95': ownP95,
      'ms to the answer, p95, by hand': handP95,
    },
  };
}

async function handshake(url: string, key: string): Promise<string> {
  const answer = await fetch(`${url}/handshake`, { method: 'POST', headers: { 'x-api-key': key } });
  const { data } = (await answer.json()) as { data: { sessionToken: string } };
  return data.sessionToken;
}

function programOf(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

async function started(path: string): Promise<ChildProcess> {
  const child = fork(programOf(path));
  await once(child, 'message');
  return child;
}

async function ended(child: ChildProcess): Promise<void> {
  child.kill();
  await once(child, 'exit');
}

async function run(reporter: ChildProcess, assignment: Assignment): Promise<Outcome> {
  reporter.send(assignment);
  const [outcome] = (await once(reporter, 'message')) as [Outcome];
  return outcome;
}

function rate(outcomes: Outcome[]): number {
  return median(outcomes.map(({ tookMs }) => (perRound * 1000) / tookMs));
}

function p95(outcomes: Outcome[]): number {
  return percentile(
    outcomes.flatMap(({ answersMs }) => answersMs),
    0.95,
  );
}
