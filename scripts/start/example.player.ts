/** Publishes the example events one by one and shows what becomes of each, until its last run has ended. */
import type { Approval } from '#libs/domain/approvals/approval.ts';
import { idempotencyKey, type RunRecord } from '#libs/domain/runs/run.ts';
import type { KafkaAdmin } from '#libs/kafka/ports.ts';
import type { Rule } from '#libs/domain/rules/rule.ts';
import type { Placed, Publisher } from '../publish/publisher.ts';
import { differences } from './differences.ts';
import type { ExampleEvent } from './example.files.ts';
import type { ExampleReceiver } from './example.receiver.ts';
import { factsOf } from './event.facts.ts';
import type { LogTail } from './log.tail.ts';
import { hasEnded, RunView } from './run.view.ts';
import type { ExampleLines } from './terminal.ts';

export interface Stage {
  publisher: Publisher;
  admin: Pick<KafkaAdmin, 'committedOffsets'>;
  /** Consumer group of the ingress. */
  groupId: string;
  receiver: ExampleReceiver;
  /** Whether every mail and SMS arrives at the receiver. */
  countsMessages: boolean;
  logs: { ingress: LogTail; worker: LogTail };
  /** Every run of an event. */
  runsOf: (eventId: string) => Promise<RunRecord[]>;
  /** Rules that people have added run, too, but only these are held against what the examples promise. */
  exampleRules: readonly Rule[];
  questions: Questions;
  lines: ExampleLines;
  print: (line: string) => void;
  signal: AbortSignal;
}

/** What runs ask people. */
export interface Questions {
  /** Address of the API that takes the answers, `http://host:port`. */
  api: string;
  /** Null: it is not there yet. */
  openOf: (runId: string) => Promise<Approval | null>;
  /** Absent: people are to answer. */
  answer?: (approval: Approval, decision: 'approve' | 'reject') => Promise<void>;
}

/** A stuck run must not hang the start. */
const retryMs = 60_000;
const lookEveryMs = 50;

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
  const deadline = Date.now() + retryMs;
  const late = (what: string) => [`${what} after ${retryMs / 1000} s`];

  const placed: Placed[] = [];
  for (let time = 0; time < event.times; time += 1) placed.push(await stage.publisher.send(event.message));
  // The ingress commits a message only when all its runs are recorded and started: from then on none is missing.
  while (!(await carriedOut(placed, stage))) {
    if (Date.now() > deadline) return late('the event was not executed');
    await look(stage.signal);
  }

  let runs = await runsInOrder(event, stage);
  showWarnings(event, stage);
  stage.print(stage.lines.matched(runs.filter((run) => run.status !== 'skipped').map((run) => run.rule_name)));
  const view = new RunView({ workerLog: stage.logs.worker, lines: stage.lines, print: stage.print }, runs);
  const asked = new Set<string>();
  for (;;) {
    view.show(runs);
    await attend(runs, asked, event, stage);
    if (runs.every((run) => hasEnded(run) || isLeftToPeople(run, asked, stage))) break;
    if (Date.now() > deadline) return late('a run did not end');
    await look(stage.signal);
    runs = await runsInOrder(event, stage);
  }
  const ofExamples = runs.filter((run) => stage.exampleRules.some(({ id }) => id === run.rule_id));
  const messages = stage.receiver.messagesFor(ofExamples.flatMap(keysOf));
  for (const message of messages) stage.print(stage.lines.message(message));
  const webhooks = stage.receiver.callsFor(event.eventId);
  const ended = ofExamples.filter((run) => !isLeftToPeople(run, asked, stage));
  const runsExpected = event.expect.runs.filter(
    ({ rule }) => !ofExamples.some((run) => run.rule_name === rule && !ended.includes(run)),
  );
  // What goes to a server of the user's own does not arrive here.
  const expected = stage.countsMessages ? event.expect : { ...event.expect, messages: messages.length };
  return differences({ ...expected, runs: runsExpected }, ended, { webhooks, messages: messages.length });
}

/** Shows each question once, and answers it where the examples do that themselves. */
async function attend(
  runs: RunRecord[],
  asked: Set<string>,
  { answer }: ExampleEvent,
  { questions, lines, print }: Stage,
): Promise<void> {
  for (const { run_id, status } of runs) {
    if (status !== 'paused' || asked.has(run_id)) continue;
    const approval = await questions.openOf(run_id);
    if (approval === null) continue;
    asked.add(run_id);
    print(lines.waits(approval, questions.api));
    if (answer !== null) await questions.answer?.(approval, answer);
  }
}

function isLeftToPeople({ run_id, status }: RunRecord, asked: Set<string>, { questions }: Stage): boolean {
  return status === 'paused' && asked.has(run_id) && questions.answer === undefined;
}

function keysOf({ run_id, actions }: RunRecord): string[] {
  return actions.map(({ index }) => idempotencyKey(run_id, index));
}

/** As the rules run: the lower a rule's number, the earlier. */
async function runsInOrder({ eventId }: ExampleEvent, { runsOf, exampleRules }: Stage): Promise<RunRecord[]> {
  const priority = new Map(exampleRules.map((rule) => [rule.id, rule.priority]));
  const of = (run: RunRecord): number => priority.get(run.rule_id) ?? Infinity;
  return (await runsOf(eventId)).sort((one, other) => of(one) - of(other) || one.run_id.localeCompare(other.run_id));
}

async function carriedOut(placed: Placed[], { admin, groupId }: Stage): Promise<boolean> {
  const topics = [...new Set(placed.map(({ topic }) => topic))];
  const committed = await admin.committedOffsets(groupId, topics);
  return placed.every(({ topic, partition, offset }) => (committed.get(topic)?.get(partition) ?? 0n) > BigInt(offset));
}

function showWarnings({ eventId }: ExampleEvent, { logs, lines, print }: Stage): void {
  for (const entry of logs.ingress.read()) {
    if (entry.level >= 40 && entry['eventId'] === eventId) print(lines.warning(entry.msg));
  }
}

function look(signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve) => setTimeout(resolve, lookEveryMs));
}
