/**
 * What became of the actions of a run that was ended from outside, by what Temporal and the store have kept. The
 * run itself can tell only what it had been told: results that came after its last task, and calls that were answered
 * after its end, it never saw. A retry must not execute those again.
 */
import { reported } from '#libs/domain/runs/action-report.ts';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import { toActionOutcome, type CallOutcomes } from '#libs/domain/runs/call-outcome.ts';
import { idempotencyKey, type ActionOutcome, type RunInput } from '#libs/domain/runs/run.ts';
import type { CallBatchProgress, FailureDetail, ActionResult, ActionTarget } from '#temporal/contract/activities.ts';
import type { ClosedRun } from '../scheduled/closed-run.ts';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;
type Payloads = temporal.api.common.v1.IPayloads | null | undefined;

/**
 * @param told what the run says of itself; null when it could not be asked
 * @returns null when nothing is known
 */
export function outcomesBy(
  { rule, retry }: RunInput,
  events: readonly HistoryEvent[],
  told: readonly ActionOutcome[] | null,
): ActionOutcome[] | null {
  const found = completedIn(events);
  if (told === null && found.length === 0) return null;
  const known = told ?? rule.actions.map((action, index) => retry?.outcomes[index] ?? notRun(index, action.type));
  return merged(known, found);
}

/** Adds what the store has of calls that were answered and that Temporal would not hear of any more. */
export function withStored(run: ClosedRun, callOutcomes: CallOutcomes): ClosedRun {
  return {
    ...run,
    story: async () => {
      const story = await run.story();
      const { rule, retry, executionId } = story.input;
      const keys = rule.actions.map((_, index) => idempotencyKey(retry?.of ?? executionId, index));
      const found = (await callOutcomes.get(keys)).map((kept) => {
        const index = keys.indexOf(kept.key);
        return toActionOutcome(index, rule.actions[index]?.type ?? '', kept);
      });
      if (found.length === 0) return story;
      const known = story.outcomes ?? rule.actions.map(({ type }, index) => notRun(index, type));
      return { ...story, outcomes: merged(known, found) };
    },
  };
}

function merged(known: readonly ActionOutcome[], found: readonly ActionOutcome[]): ActionOutcome[] {
  const outcomes = [...known];
  for (const outcome of found) if (outcomes[outcome.index]?.status !== 'completed') outcomes[outcome.index] = outcome;
  return outcomes;
}

function notRun(index: number, type: string): ActionOutcome {
  return { index, type, status: 'not_run', attempts: 0, started_at: null, finished_at: null };
}

function completedIn(events: readonly HistoryEvent[]): ActionOutcome[] {
  const byId = new Map(events.map((event) => [String(event.eventId), event]));
  const scheduledBy = (id: unknown) => byId.get(String(id))?.activityTaskScheduledEventAttributes;
  return events
    .flatMap((event): ActionOutcome[] => {
      const {
        activityTaskCompletedEventAttributes: completed,
        activityTaskFailedEventAttributes: failed,
        activityTaskTimedOutEventAttributes: timedOut,
        markerRecordedEventAttributes: marker,
      } = event;
      if (completed) {
        const { activityType, input } = scheduledBy(completed.scheduledEventId) ?? {};
        const result = read<Partial<CallBatchProgress> & ActionResult>(completed.result);
        if (activityType?.name === 'executeCallBatch') return result?.outcomes ?? [];
        if (activityType?.name !== 'sendSms' && activityType?.name !== 'sendEmail') return [];
        const type = activityType.name === 'sendSms' ? 'send_sms' : 'send_email';
        return messageOutcome(type, read<ActionTarget>(input), result, toTime(event));
      }
      if (failed) return read<FailureDetail>(failed.failure?.applicationFailureInfo?.details)?.progress?.outcomes ?? [];
      if (timedOut) {
        const details = read<Partial<CallBatchProgress>>(timedOut.failure?.timeoutFailureInfo?.lastHeartbeatDetails);
        return details?.outcomes ?? [];
      }
      return read<Partial<CallBatchProgress>>(marker?.details?.['result'])?.outcomes ?? [];
    })
    .filter(({ status }) => status === 'completed');
}

function messageOutcome(
  type: string,
  input: ActionTarget | undefined,
  result: ActionResult | undefined,
  finished_at: string | null,
): ActionOutcome[] {
  const index = Number(/\/action-(\d+)$/.exec(input?.key ?? '')?.[1] ?? NaN);
  if (!Number.isInteger(index)) return [];
  const { attempts = 1, ...rest } = result ?? {};
  return [
    {
      index,
      type,
      status: 'completed',
      attempts,
      ...reported(rest),
      started_at: null,
      finished_at,
    },
  ];
}

function read<Value>(payloads: Payloads): Value | undefined {
  const payload: Payload | undefined = payloads?.payloads?.[0];
  return payload === undefined ? undefined : (defaultPayloadConverter.fromPayload<Value | null>(payload) ?? undefined);
}

function toTime({ eventTime }: HistoryEvent): string | null {
  return eventTime?.seconds ? new Date(Number(eventTime.seconds) * 1000).toISOString() : null;
}
