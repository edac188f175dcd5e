/** Asks Temporal which runs it closed without their knowledge, and what it knows of each. */
import {
  WorkflowNotFoundError,
  type Client,
  type WorkflowExecutionInfo,
  type WorkflowHandle,
} from '@temporalio/client';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import type { RunInput } from '#libs/domain/runs/run.ts';
import type { CallBatchResult, LocalActivities } from '#temporal/contract/activities.ts';
import { runRuleWorkflow } from '#temporal/contract/names.ts';
import { progressQuery } from '#temporal/contract/run-messages.ts';
import { outcomesBy } from '../outbound/kept-outcomes.ts';
import type { ClosedRun, RunStory } from './closed-run.ts';

/** What Temporal says about one run: `unknown` when it never heard of it, or forgot it after its retention. */
export type RunState = ClosedRun | 'open' | 'unknown';

/** One that Temporal lists or describes. */
type Found = Pick<WorkflowExecutionInfo, 'workflowId' | 'runId' | 'closeTime' | 'status'>;

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

const statuses: Partial<Record<string, ClosedRun['status']>> = {
  TERMINATED: 'Terminated',
  TIMED_OUT: 'TimedOut',
  FAILED: 'Failed',
  CANCELLED: 'Canceled',
};
/** For a worker to tell how far a run has come, in milliseconds. */
const queryMs = 10_000;

/** Those that were terminated or timed out. Lists lag behind, for minutes when Temporal is busy. */
export async function* closedRuns(
  client: Client,
  taskQueue: string,
  closedSince: string | null,
): AsyncGenerator<ClosedRun> {
  const conditions = [
    `WorkflowType = '${runRuleWorkflow}'`,
    `TaskQueue = '${taskQueue}'`,
    `ExecutionStatus IN ('Terminated', 'TimedOut')`,
    ...(closedSince === null ? [] : [`CloseTime >= '${closedSince}'`]),
  ];
  for await (const found of client.workflow.list({ query: conditions.join(' AND ') })) {
    const closed = toClosedRun(client, found);
    if (closed !== null) yield closed;
  }
}

/** Not from a list: what it says is so. */
export async function readRunState(client: Client, executionId: string): Promise<RunState> {
  const found = await client.workflow.getHandle(executionId).describe().catch(nothingIfGone);
  if (found === null) return 'unknown';
  if (found.closeTime === undefined) return 'open';
  // Completed: its record was written while it was asked about.
  return toClosedRun(client, found) ?? 'open';
}

/** For how long Temporal knows a run after its end, in milliseconds. */
export async function readRetention(client: Client): Promise<number> {
  const { namespace } = client.workflow.options;
  const { config } = await client.workflowService.describeNamespace({ namespace });
  return Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) * 1000;
}

function toClosedRun(client: Client, { workflowId, runId, closeTime, status }: Found): ClosedRun | null {
  const code = statuses[status.name];
  if (code === undefined || closeTime === undefined) return null;
  return {
    executionId: workflowId,
    status: code,
    closedAt: closeTime.toISOString(),
    isLatest: async () => {
      const latest = await client.workflow.getHandle(workflowId).describe().catch(nothingIfGone);
      return latest?.runId === runId;
    },
    story: () => readHistory(client, client.workflow.getHandle(workflowId, runId)),
  };
}

async function readHistory(client: Client, handle: WorkflowHandle): Promise<RunStory> {
  const events = (await handle.fetchHistory()).events ?? [];
  const [first] = events;
  const input = first?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
  if (input === null || input === undefined) throw new Error(`The history of ${handle.workflowId} has no input`);
  const last = events.at(-1);
  const progress = client.withDeadline(Date.now() + queryMs, () => handle.query(progressQuery));
  const run = defaultPayloadConverter.fromPayload<RunInput>(input);
  return {
    input: run,
    startedAt: toTime(first),
    reason:
      last?.workflowExecutionTerminatedEventAttributes?.reason ??
      last?.workflowExecutionFailedEventAttributes?.failure?.message ??
      null,
    outcomes: outcomesBy(run, events, await progress.catch(() => null)),
    startedPublished: events.some((event) => isTellingMarker(event) || isTellingResult(event)),
  };
}

/** As the run itself reads it: in milliseconds, the rest cut off. */
function toTime(event: HistoryEvent | undefined): string {
  const { seconds, nanos } = event?.eventTime ?? {};
  return new Date(Number(seconds ?? 0) * 1000 + Math.floor((nanos ?? 0) / 1e6)).toISOString();
}

/** The first of the activities that tell of a run has told of its start. */
const telling: readonly (keyof LocalActivities)[] = ['recordRun', 'executeWriteBatch'];

/** Only one with a result: a marker may also say that an attempt failed and is made again later. */
function isTellingMarker({ markerRecordedEventAttributes: marker }: HistoryEvent): boolean {
  const data: Payload | undefined = marker?.details?.['data']?.payloads?.[0];
  if (data === undefined || marker?.failure != null || marker?.details?.['result'] === undefined) return false;
  const text = Buffer.from(data.data ?? '').toString();
  return telling.some((name) => text.includes(`"${name}"`));
}

function isTellingResult({ activityTaskCompletedEventAttributes: completed }: HistoryEvent): boolean {
  const result = completed?.result?.payloads?.[0];
  if (result === undefined) return false;
  return defaultPayloadConverter.fromPayload<Partial<CallBatchResult> | undefined>(result)?.told === true;
}

function nothingIfGone(error: unknown): null {
  if (error instanceof WorkflowNotFoundError) return null;
  throw error;
}
