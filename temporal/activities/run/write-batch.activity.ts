/**
 * Executes consecutive effects of a run, one after the other, together with what the run has to tell before and
 * after them: one local activity where there would be one for each, since each costs the worker more than what it does.
 * An effect that fails ends the batch; the workflow tries it again by itself. Everything here may be repeated.
 */
import { reported } from '#libs/domain/runs/action-report.ts';
import { ApplicationFailure } from '@temporalio/common';
import type { ActionOutcome } from '#libs/domain/runs/run.ts';
import { completeRun, toRunOutcome, withOutcomes, type RunOutcome } from '#libs/domain/runs/run-completion.ts';
import type { RunRecorder } from '#libs/store/runs/run-recorder.ts';
import type {
  StateChangeActivities,
  StateChangeCall,
  FailureDetail,
  RecordInput,
  RecordResult,
  ActionResult,
  WriteBatchInput,
  WriteBatchResult,
  BatchedAction,
} from '#temporal/contract/activities.ts';
import { toApplicationFailure } from '../failure.ts';

export interface WriteBatchPorts {
  effects: StateChangeActivities;
  record: (input: RecordInput) => Promise<RecordResult | void>;
  runs: Pick<RunRecorder, 'ending'>;
}

export function writeBatchActivity({ effects, record, runs }: WriteBatchPorts) {
  return async ({
    executionId,
    at,
    before: first,
    started,
    steps,
    end,
  }: WriteBatchInput): Promise<WriteBatchResult> => {
    const now = clockFrom(at);
    if (first !== undefined) {
      const written = await writeBefore({ executionId, ...first }, record);
      if (written.outcome !== null) {
        return (await endedBefore(executionId, steps, runs)) ?? endedResult([], written.outcome);
      }
      if (!written.isPrompt) return { ...nothing, isWritten: written.isWritten };
    }
    const start = started === null ? null : record({ executionId, run: null, events: [started] });
    // Its failure surfaces where it is awaited; until then it must not count as unhandled.
    start?.catch(() => undefined);
    const { outcomes, failure } = await executeActions(steps, effects, now);
    await start;
    if (end !== null && failure === null) {
      const { run, event } = completeRun(withOutcomes(end, outcomes), now());
      const recorded = await record({ executionId, run, events: [event] });
      return endedResult(outcomes, recorded?.outcome ?? toRunOutcome(run));
    }
    const before = end === null ? null : await endedBefore(executionId, steps, runs);
    if (before !== null) return before;
    const mayBeRetried = failure !== null && failure.nonRetryable !== true;
    return { outcomes, mayBeRetried, durationMs: null, outcome: null };
  };
}

const nothing: WriteBatchResult = { outcomes: [], mayBeRetried: false, durationMs: null, outcome: null };
/** After a longer time the run may have been cancelled. */
const promptMs = 1_000;

interface WrittenBefore {
  isWritten: boolean;
  isPrompt: boolean;
  /** How the run has ended by its record; null while it goes on. */
  outcome: RunOutcome | null;
}

async function writeBefore(told: RecordInput, record: WriteBatchPorts['record']): Promise<WrittenBefore> {
  const begun = performance.now();
  try {
    const result = await record(told);
    return { isWritten: true, isPrompt: performance.now() - begun <= promptMs, outcome: result?.outcome ?? null };
  } catch {
    // The workflow writes it by itself then, for as long as it takes, and says what fails.
    return { isWritten: false, isPrompt: false, outcome: null };
  }
}

/** An effect may fail when it is repeated after an attempt whose result was lost: what that one did holds. */
async function endedBefore(
  executionId: string,
  steps: BatchedAction[],
  runs: WriteBatchPorts['runs'],
): Promise<WriteBatchResult | null> {
  const stored = await runs.ending(executionId);
  if (stored === null) return null;
  const outcomes = steps.flatMap(({ index }): ActionOutcome | [] => stored.actions[index] ?? []);
  return endedResult(outcomes, toRunOutcome(stored));
}

function endedResult(outcomes: ActionOutcome[], outcome: RunOutcome): WriteBatchResult {
  return { outcomes, mayBeRetried: false, durationMs: outcome.durationMs, outcome };
}

async function executeActions(
  steps: BatchedAction[],
  effects: StateChangeActivities,
  now: () => string,
): Promise<{ outcomes: ActionOutcome[]; failure: ApplicationFailure | null }> {
  const outcomes: ActionOutcome[] = [];
  for (const { index, type, call } of steps) {
    const begun = { index, type, started_at: now() };
    if (call === null) {
      const skipped = {
        status: 'skipped',
        attempts: 0,
        detail: 'action_disabled',
        report: { code: 'action_disabled' },
      } as const;
      outcomes.push({ ...begun, ...skipped, finished_at: now() });
      continue;
    }
    try {
      const { attempts = 1, ...result } = await perform(effects, call);
      const end = { status: 'completed', attempts, ...reported(result) } as const;
      outcomes.push({ ...begun, ...end, finished_at: now() });
    } catch (thrown) {
      const failure = toFailure(thrown);
      const attempts = (failure.details?.[0] as Partial<FailureDetail> | undefined)?.attempts ?? 1;
      const error = { code: failure.type ?? 'unexpected', message: failure.message };
      outcomes.push({ ...begun, status: 'failed', attempts, error, finished_at: now() });
      return { outcomes, failure };
    }
  }
  return { outcomes, failure: null };
}

function perform(effects: StateChangeActivities, { activity, input }: StateChangeCall): Promise<ActionResult> {
  // Which input belongs to which effect is known to `EffectCall`, but not kept by looking the function up.
  return (effects[activity] as (input: unknown) => Promise<ActionResult>)(input);
}

/** @throws what is no failure of the effect: Temporal's own, such as a cancelled activity */
function toFailure(thrown: unknown): ApplicationFailure {
  const failure = toApplicationFailure(thrown);
  if (failure instanceof ApplicationFailure) return failure;
  throw failure;
}

/** Workflow time goes on from where the workflow read it: its server's clock may differ from this machine's. */
function clockFrom(at: string): () => string {
  const start = Date.parse(at);
  const begun = performance.now();
  return () => new Date(start + Math.round(performance.now() - begun)).toISOString();
}
