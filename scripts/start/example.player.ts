/** Publishes the example events one by one and shows what becomes of each, until its last run has ended. */
import type { Admin } from 'kafkajs';
import type { RunRecord, RunStatus } from '#libs/domain/run.ts';
import type { Placed, Publisher } from '../publish/publisher.ts';
import { differences } from './differences.ts';
import type { ExampleEvent } from './example.files.ts';
import type { ExampleReceiver } from './example.receiver.ts';
import type { LogEntry, LogTail } from './log.tail.ts';
import { actionLine, type ActionLine, type ExampleLines } from './terminal.ts';

export interface Stage {
  publisher: Publisher;
  admin: Admin;
  /** Consumer group of the ingress. */
  groupId: string;
  receiver: ExampleReceiver;
  logs: { ingress: LogTail; worker: LogTail };
  /** Every run of an event. */
  runsOf(eventId: string): Promise<RunRecord[]>;
  /** Rules that people have added run, too, but only these are held against what the examples promise. */
  exampleRuleIds: ReadonlySet<string>;
  lines: ExampleLines;
  print: (line: string) => void;
  signal: AbortSignal;
}

/** A stuck run must not hang the start. */
const patienceMs = 60_000;
const lookEveryMs = 50;
const ended: ReadonlySet<RunStatus> = new Set(['completed', 'failed', 'skipped']);

/** @returns how many events did not end as expected */
export async function playExamples(events: ExampleEvent[], stage: Stage): Promise<number> {
  let wrong = 0;
  for (const [index, event] of events.entries()) {
    stage.print(stage.lines.event(index + 1, event.about, factsOf(event)));
    const found = await play(event, stage);
    for (const difference of found) stage.print(stage.lines.difference(difference));
    if (found.length > 0) wrong += 1;
  }
  return wrong;
}

async function play(event: ExampleEvent, stage: Stage): Promise<string[]> {
  const deadline = Date.now() + patienceMs;
  const late = (what: string) => [`${what} after ${patienceMs / 1000} s`];

  const placed: Placed[] = [];
  for (let time = 0; time < event.times; time += 1) placed.push(await stage.publisher.send(event.message));
  // The ingress commits a message only when all its runs are recorded and started: from then on none is missing.
  while (!(await carriedOut(placed, stage))) {
    if (Date.now() > deadline) return late('the event was not carried out');
    await look(stage.signal);
  }

  let runs = await stage.runsOf(event.eventId);
  showWarnings(event, stage);
  stage.print(stage.lines.matched(runs.filter((run) => run.status !== 'skipped').map((run) => run.rule_name)));
  const view = new RunView(stage, runs);
  for (;;) {
    view.show(runs);
    if (runs.every((run) => ended.has(run.status))) break;
    if (Date.now() > deadline) return late('a run did not end');
    await look(stage.signal);
    runs = await stage.runsOf(event.eventId);
  }
  const ofExamples = runs.filter((run) => stage.exampleRuleIds.has(run.rule_id));
  return differences(event.expect, ofExamples, stage.receiver.callsFor(event.eventId));
}

async function carriedOut(placed: Placed[], { admin, groupId }: Stage): Promise<boolean> {
  const topics = [...new Set(placed.map(({ topic }) => topic))];
  const committed = await admin.fetchOffsets({ groupId, topics });
  return placed.every(({ topic, partition, offset }) => {
    const partitions = committed.find((entry) => entry.topic === topic)?.partitions ?? [];
    const next = partitions.find((entry) => entry.partition === partition)?.offset ?? '-1';
    return BigInt(next) > BigInt(offset);
  });
}

function showWarnings({ eventId }: ExampleEvent, { logs, lines, print }: Stage): void {
  for (const entry of logs.ingress.read()) {
    if (entry.level >= 40 && entry['eventId'] === eventId) print(lines.warning(entry.msg));
  }
}

/** Shows each action as it ends (the worker's log tells) and each run as it ends (its record tells). */
class RunView {
  readonly #stage: Stage;
  readonly #names: Map<string, string>;
  readonly #shownActions = new Set<string>();
  readonly #shownRuns = new Set<string>();

  constructor(stage: Stage, runs: RunRecord[]) {
    this.#stage = stage;
    this.#names = new Map(runs.map((run) => [run.rule_id, run.rule_name]));
  }

  show(runs: RunRecord[]): void {
    const { logs, lines, print } = this.#stage;
    const ids = new Set(runs.map((run) => run.run_id));
    for (const entry of logs.worker.read()) {
      const said = actionOf(entry);
      if (said !== null && ids.has(said.runId)) this.#action(said.runId, said.line);
    }
    for (const run of runs.filter((one) => ended.has(one.status) && !this.#shownRuns.has(one.run_id))) {
      this.#shownRuns.add(run.run_id);
      // The log may lag behind the record, or be set to a higher level.
      for (const action of run.actions) {
        this.#action(run.run_id, actionLine(run.rule_name, run.actions.length, action));
      }
      print(lines.run(run, run.stopped_by === null ? null : (this.#names.get(run.stopped_by) ?? null)));
    }
  }

  #action(runId: string, line: ActionLine): void {
    const key = `${runId}/${line.index}`;
    if (this.#shownActions.has(key)) return;
    this.#shownActions.add(key);
    this.#stage.print(this.#stage.lines.action(line));
  }
}

const actionMessages = new Set(['action completed', 'action failed', 'action skipped']);

/** The action a line of the worker's log is about, or null. */
function actionOf(entry: LogEntry): { runId: string; line: ActionLine } | null {
  if (!actionMessages.has(entry.msg)) return null;
  const text = (name: string): string => {
    const value = entry[name];
    return typeof value === 'string' ? value : '';
  };
  const { index, total } = entry;
  const error = entry['error'] as { message?: string } | undefined;
  if (typeof index !== 'number' || typeof total !== 'number') return null;
  return {
    runId: text('runId'),
    line: {
      rule: text('ruleName'),
      index,
      total,
      type: text('action'),
      status: entry.msg.slice('action '.length),
      detail: error?.message ?? text('detail'),
    },
  };
}

/** What a person recognises an event by. */
function factsOf({ message, times }: ExampleEvent): string {
  const { topic, value } = message;
  const record = (value['record'] ?? value['data'] ?? {}) as Record<string, unknown>;
  const facts = [
    topic,
    value['type'] ?? value['event'],
    record['cmd'],
    record['symbol'],
    record['volume'] === undefined ? undefined : `${(Number(record['volume']) / 100).toFixed(2)} lots`,
    record['amount_usd'] === undefined ? undefined : `${String(record['amount_usd'])} USD`,
    record['amount'] === undefined
      ? undefined
      : `${String(record['amount'])} ${String(record['currency'] ?? '')}`.trim(),
    value['customerId'] === undefined ? undefined : `customer ${String(value['customerId'])}`,
    record['login'] === undefined ? undefined : `login ${String(record['login'])}`,
    times > 1 ? `sent ${times} times` : undefined,
  ];
  return facts.filter((fact) => fact !== undefined).join(' · ');
}

function look(signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve) => setTimeout(resolve, lookEveryMs));
}
