/**
 * Makes consecutive calls of a run to other systems, one after the other, together with what the run has to tell before
 * and after them: a regular activity for each would cost Temporal's server three times as much as the calls do.
 * After each call its outcome goes to the server as a heartbeat, so an attempt that takes the place of a lost one goes on
 * where that one stood. A call that fails fails the activity; Temporal tries it again as the policy says, by itself.
 */
import { CancelledFailure, Context } from '@temporalio/activity';
import type { ActionOutcome, RunRecord } from '#libs/domain/run.ts';
import { completionOf, outcomeOf, withOutcomes, type RunOutcome } from '#libs/domain/run-end.ts';
import type {
  CallsInput,
  CallsProgress,
  CallsResult,
  RecordInput,
  RecordResult,
  StepResult,
  WebhookSendInput,
} from '#temporal/contract/activities.ts';
import { toApplicationFailure } from './failure.ts';

export interface MakeCallsPorts {
  webhookSend: (input: WebhookSendInput) => Promise<StepResult>;
  record: (input: RecordInput) => Promise<RecordResult | void>;
  records: { get(executionId: string): Promise<RunRecord | null> };
  /**
   * Milliseconds within which a further call is begun. Receivers that take longer are called one by one, so that
   * whoever pauses the run does so before its next call.
   */
  callsTogetherMs: number;
}

/** Most calls end sooner; a longer one learns of its cancellation this way. */
const heartbeatMs = 5_000;
/** How long store and topic may hold the activity up. Past that the workflow does it: it can wait for days. */
const tellingMs = 5_000;

export function makeCallsActivity(ports: MakeCallsPorts) {
  return async (input: CallsInput): Promise<CallsResult> => {
    const { info, heartbeat, cancellationSignal } = Context.current();
    const before = info.attempt === 1 ? null : await progressBefore(input, ports, info.heartbeatDetails);
    const progress: CallsProgress = before ?? { outcomes: [], told: input.started === null, endedAt: null };
    const told = progress.told ? null : inTime(tellStart(input, ports)).then((isTold) => (progress.told = isTold));
    const beat = setInterval(() => heartbeat(progress), heartbeatMs);
    const begun = performance.now();
    try {
      for (const call of input.calls.slice(progress.outcomes.length)) {
        const started_at = now();
        const { detail } = await ports.webhookSend(call.input);
        const outcome = { index: call.index, type: call.type, status: 'completed', attempts: info.attempt } as const;
        const finished_at = now();
        progress.outcomes.push({ ...outcome, ...(detail !== undefined && { detail }), started_at, finished_at });
        const isLast = progress.outcomes.length === input.calls.length;
        if (isLast && input.end !== null) progress.endedAt = finished_at;
        if (!isLast || input.end !== null) heartbeat(progress);
        if (cancellationSignal.aborted) break;
        // The attempts of a call that had to be tried again are its own: whatever follows begins anew.
        if (info.attempt > 1 || performance.now() - begun > ports.callsTogetherMs) break;
      }
      await told;
      const outcome = await tellEnd(input, ports, progress);
      return { ...progress, durationMs: outcome?.durationMs ?? null, outcome };
    } catch (thrown) {
      await told;
      heartbeat(progress);
      if (thrown instanceof CancelledFailure) throw new CancelledFailure(thrown.message, [progress]);
      throw toApplicationFailure(thrown, { attempts: info.attempt, progress });
    } finally {
      clearInterval(beat);
    }
  };
}

/** What an attempt before this one has done: as it said last, or as the record of a run says that it has ended. */
async function progressBefore(
  { executionId, calls, end }: CallsInput,
  { records }: MakeCallsPorts,
  details: unknown,
): Promise<CallsProgress | null> {
  if (end !== null) {
    const record = await records.get(executionId);
    if (record?.status === 'completed') {
      const outcomes = calls.flatMap(({ index }): ActionOutcome | [] => record.actions[index] ?? []);
      // Nobody hears of an end before the start.
      return { outcomes, told: true, endedAt: record.finished_at };
    }
  }
  return (details as CallsProgress | undefined) ?? null;
}

async function tellStart({ executionId, started }: CallsInput, { record }: MakeCallsPorts): Promise<void> {
  if (started !== null) await record({ executionId, run: null, events: [started] });
}

/** @returns how the run has ended; null while it goes on, and when the workflow has to write the end */
async function tellEnd(
  { executionId, end }: CallsInput,
  { record }: MakeCallsPorts,
  { outcomes, told, endedAt }: CallsProgress,
): Promise<RunOutcome | null> {
  if (end === null || endedAt === null || !told) return null;
  const { run, event } = completionOf(withOutcomes(end, outcomes), endedAt);
  let outcome = outcomeOf(run);
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
