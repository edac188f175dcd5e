/** Asks Temporal which runs it closed without their knowledge, and what it knows of each. */
import { WorkflowNotFoundError, type Client, type WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import type { ActionOutcome, RunInput } from '#libs/domain/run.ts';
import type { CallsResult, LocalActivities } from '#temporal/contract/activities.ts';
import { progressQuery, runRuleWorkflow } from '#temporal/contract/names.ts';
import { outcomesBy } from './kept-outcomes.ts';

export interface ClosedRun {
  executionId: string;
  status: 'Terminated' | 'TimedOut';
  /** ISO 8601 UTC. */
  startedAt: string;
  closedAt: string;
  story(): Promise<RunStory>;
}

/** What its history says. */
export interface RunStory {
  input: RunInput;
  /** What the person wrote who terminated it. */
  reason: string | null;
  /** Null when no worker could tell. */
  outcomes: ActionOutcome[] | null;
  /** False when WorkflowStarted may not have been published. */
  startedPublished: boolean;
}

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

const statuses = { TERMINATED: 'Terminated', TIMED_OUT: 'TimedOut' } as const;

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
    const { workflowId, runId, startTime, closeTime, status } = found;
    const code = status.name === 'TERMINATED' || status.name === 'TIMED_OUT' ? statuses[status.name] : null;
    if (code === null || closeTime === undefined) continue;
    // A reset terminates a run and goes on with it in a new one.
    const latest = await client.workflow.getHandle(workflowId).describe().catch(nothingIfGone);
    if (latest === null || latest.runId !== runId) continue;
    const handle = client.workflow.getHandle(workflowId, runId);
    yield {
      executionId: workflowId,
      status: code,
      startedAt: startTime.toISOString(),
      closedAt: closeTime.toISOString(),
      story: () => storyOf(handle),
    };
  }
}

async function storyOf(handle: WorkflowHandle): Promise<RunStory> {
  const events = (await handle.fetchHistory()).events ?? [];
  const input = events[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
  if (input === null || input === undefined) throw new Error(`The history of ${handle.workflowId} has no input`);
  const run = defaultPayloadConverter.fromPayload<RunInput>(input);
  return {
    input: run,
    reason: events.at(-1)?.workflowExecutionTerminatedEventAttributes?.reason ?? null,
    outcomes: outcomesBy(run, events, await handle.query<ActionOutcome[]>(progressQuery).catch(() => null)),
    startedPublished: events.some((event) => isTellingMarker(event) || isTellingResult(event)),
  };
}

/** The first of the activities that tell of a run has told of its start. */
const telling: readonly (keyof LocalActivities)[] = ['record', 'carryOutStretch'];

function isTellingMarker({ markerRecordedEventAttributes: marker }: HistoryEvent): boolean {
  const data: Payload | undefined = marker?.details?.['data']?.payloads?.[0];
  const text = Buffer.from(data?.data ?? '');
  return telling.some((name) => text.includes(`"${name}"`));
}

function isTellingResult({ activityTaskCompletedEventAttributes: completed }: HistoryEvent): boolean {
  const result = completed?.result?.payloads?.[0];
  if (result === undefined) return false;
  return defaultPayloadConverter.fromPayload<Partial<CallsResult> | undefined>(result)?.told === true;
}

function nothingIfGone(error: unknown): null {
  if (error instanceof WorkflowNotFoundError) return null;
  throw error;
}
