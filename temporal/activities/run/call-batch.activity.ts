/**
 * Makes consecutive calls of a run to other systems, one after the other, together with what the run has to tell before
 * and after them: a regular activity for each would cost Temporal's server three times as much as the calls do.
 * No call begins before Temporal has the outcome of the one before it, so an attempt that takes the place of a lost one
 * repeats one call at most: the one that was under way. A call that fails fails the activity for good; the run counts it
 * and begins the next attempt. Only what is ours and away makes Temporal repeat the activity, for as long as it lasts.
 */
import { reported } from '#libs/domain/runs/action-report.ts';
import { activityInfo, CompleteAsyncError, Context } from '@temporalio/activity';
import {
  toKeptOutcome,
  toActionOutcome as keptOutcomeOf,
  type CallOutcomes,
  type KeptOutcome,
} from '#libs/domain/runs/call-outcome.ts';
import type { RuntimeContext } from '#libs/domain/context/evaluation-context.ts';
import type { ActionOutcome, RunRecord } from '#libs/domain/runs/run.ts';
import { completeRun, toRunOutcome, withOutcomes, type RunOutcome } from '#libs/domain/runs/run-completion.ts';
import type {
  CallBatchInput,
  CallBatchProgress,
  CallBatchResult,
  BatchedCall,
  FailureDetail,
  RecordInput,
  RecordResult,
  ActionResult,
  WebhookSendInput,
} from '#temporal/contract/activities.ts';
import type { AttemptLine, Taken } from '../outbound/attempt-line.ts';
import { toApplicationFailure } from '../failure.ts';
import { keep } from '../crm/keep.ts';
import { isOwnOutage, TriedError } from '../outbound/tried.ts';

export interface CallBatchPorts {
  webhookSend: (input: WebhookSendInput, context: RuntimeContext | null) => Promise<ActionResult>;
  record: (input: RecordInput) => Promise<RecordResult | void>;
  records: { get(executionId: string): Promise<RunRecord | null> };
  callOutcomes: CallOutcomes;
  attemptLine: (taskToken: Uint8Array) => AttemptLine;
  /** What the run under way was decided on. */
  runContext: () => Promise<RuntimeContext>;
  /**
   * Milliseconds that receivers may take together before a further call is begun. Slower ones are called one by one, so
   * that a pause or cancellation of the run takes place before its next call. Temporal's own time does not count: a
   * busy server would get an activity for each call, and be busier.
   */
  callsTogetherMs: number;
}

/** Milliseconds after which no further call is begun, whatever took them: the activity has to end within its timeout. */
const maxBatchMs = 5_000;

/** How long store and topic may hold the activity up. Past that the workflow does it: it can wait for days. */
const tellingMs = 5_000;

export function callBatchActivity(ports: CallBatchPorts) {
  return async (input: CallBatchInput): Promise<never> => {
    const { info, cancellationSignal: ending } = Context.current();
    const { calls, end } = input;
    const attempts = (input.tries?.made ?? 0) + 1;
    const line = ports.attemptLine(info.taskToken);
    const progress = await progressBefore(input, ports);
    const safe = (send: () => Promise<Taken>): Promise<Taken> =>
      keep(send, keptIn(progress, calls), { ...ports, ending });
    const told = progress.told ? null : inTime(tellStart(input, ports)).then((isTold) => (progress.told = isTold));
    const begun = performance.now();
    let receiversMs = 0;
    try {
      const context = await findContext(input, ports);
      for (const call of calls.slice(progress.outcomes.length)) {
        const calledAt = performance.now();
        const outcome = await made(call, context, progress.outcomes.length === 0 ? attempts : 1, ports);
        receiversMs += performance.now() - calledAt;
        progress.outcomes.push(outcome);
        if (progress.outcomes.length === calls.length) {
          if (end !== null) progress.endedAt = outcome.finished_at;
          break;
        }
        // What follows a call that was tried before, or an attempt that was lost, begins anew.
        if (attempts > 1 || info.attempt > 1 || receiversMs > ports.callsTogetherMs) break;
        if (performance.now() - begun > maxBatchMs) break;
        if ((await safe(() => line.heartbeat(progress))) === 'gone' || ending.aborted) break;
      }
    } catch (thrown) {
      await told;
      // A call that could not begin is begun anew; what was done before it is told first.
      if (!isOwnOutage(thrown) || progress.outcomes.length === 0) throw failed(thrown, { attempts, progress });
    }
    await told;
    const outcome = await tellEnd(input, ports, progress);
    const result: CallBatchResult = { ...progress, durationMs: outcome?.durationMs ?? null, outcome };
    await safe(() => line.complete(result));
    throw new CompleteAsyncError();
  };
}

function failed(thrown: unknown, detail: FailureDetail): Error {
  const isForeseen = thrown instanceof TriedError || isOwnOutage(thrown);
  return toApplicationFailure(isForeseen ? thrown : new TriedError(thrown), detail);
}

async function made(
  { index, type, input }: BatchedCall,
  context: RuntimeContext | null,
  attempts: number,
  { webhookSend }: CallBatchPorts,
): Promise<ActionOutcome & { finished_at: string }> {
  const started_at = now();
  const result = await webhookSend(input, context);
  const end = { status: 'completed', attempts, ...reported(result) } as const;
  return { index, type, ...end, started_at, finished_at: now() };
}

/** What was done before this attempt: as one before it has said, or as our own store knows. */
async function progressBefore(
  { executionId, started, calls, end, tries }: CallBatchInput,
  { records, callOutcomes }: CallBatchPorts,
): Promise<CallBatchProgress> {
  const { attempt, heartbeatDetails } = activityInfo();
  const nothing: CallBatchProgress = { outcomes: [], told: started === null, endedAt: null };
  const isRetry = calls.some(({ input }) => !input.key.startsWith(`${executionId}/`));
  if (attempt === 1 && !isRetry && (tries?.made ?? 0) === 0) return nothing;
  if (attempt > 1 && end !== null) {
    const record = await records.get(executionId);
    if (record?.status === 'completed') {
      const outcomes = calls.flatMap(({ index }): ActionOutcome | [] => record.actions[index] ?? []);
      // WorkflowStarted is out: it comes before the end.
      return { outcomes, told: true, endedAt: record.finished_at };
    }
  }
  const progress = (heartbeatDetails as CallBatchProgress | undefined) ?? nothing;
  const rest = calls.slice(progress.outcomes.length);
  const kept = await callOutcomes.get(rest.map(({ input }) => input.key));
  for (const { index, type, input } of rest) {
    const known = kept.find(({ key }) => key === input.key);
    if (known === undefined) break;
    progress.outcomes.push(keptOutcomeOf(index, type, known));
  }
  return progress;
}

function keptIn({ outcomes }: CallBatchProgress, calls: readonly BatchedCall[]): KeptOutcome[] {
  return outcomes.map((outcome, n) => toKeptOutcome(calls[n]?.input.key ?? '', outcome));
}

async function findContext(
  { calls, context = null }: CallBatchInput,
  ports: CallBatchPorts,
): Promise<RuntimeContext | null> {
  const isNeeded = calls.some(({ input }) => input.target?.needsContext === true);
  return isNeeded && context === null ? ports.runContext() : context;
}

async function tellStart({ executionId, started }: CallBatchInput, { record }: CallBatchPorts): Promise<void> {
  if (started !== null) await record({ executionId, run: null, events: [started] });
}

/** @returns how the run has ended; null while it goes on, and when the workflow has to write the end */
async function tellEnd(
  { executionId, end }: CallBatchInput,
  { record }: CallBatchPorts,
  { outcomes, told, endedAt }: CallBatchProgress,
): Promise<RunOutcome | null> {
  if (end === null || endedAt === null || !told) return null;
  const { run, event } = completeRun(withOutcomes(end, outcomes), endedAt);
  let outcome = toRunOutcome(run);
  const recorded = record({ executionId, run, events: [event] }).then((result) => {
    outcome = result?.outcome ?? outcome;
  });
  return (await inTime(recorded)) ? outcome : null;
}

/** False when it failed or takes too long: the workflow then does it, under the same ids. */
async function inTime(work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(resolve, tellingMs, false)));
  const done = work.then(
    () => true,
    () => false,
  );
  const inTime = await Promise.race([done, late]);
  clearTimeout(timer);
  return inTime;
}

function now(): string {
  return new Date().toISOString();
}
