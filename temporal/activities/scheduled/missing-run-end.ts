/** The end of a run that Temporal closed before it could write one, given in its place. */
import { maskText } from '#libs/domain/masking/masking.ts';
import { afterStarted, millisecondsBetween, type EndPatch } from '#libs/domain/runs/run-completion.ts';
import { nodeId, type ActionOutcome, type RunRecord } from '#libs/domain/runs/run.ts';
import type { RunStory } from './closed-run.ts';
import type { ClosedRun } from './closed-run.ts';

const texts: Record<ClosedRun['status'], string> = {
  Terminated: 'The workflow was terminated in Temporal',
  TimedOut: 'The workflow ran out of the time Temporal was told to give it',
  Failed: 'The workflow failed in Temporal before it could say so',
  Canceled: 'The workflow was cancelled in Temporal before it could say so',
};

/** @param record as it is now: what the run wrote of its actions last, when no worker could tell more */
export function abandonedEnd(run: ClosedRun, story: RunStory, record: RunRecord): EndPatch {
  const { status: code, closedAt } = run;
  const { startedAt, reason, input } = story;
  const actions = story.outcomes ?? (record.actions.length > 0 ? record.actions : input.rule.actions.map(notRun));
  const open = actions.findIndex(({ status }) => status === 'running' || status === 'not_run');
  const index = Math.max(0, open);
  const error = { code, message: reason ? `${texts[code]}: ${maskText(reason)}` : texts[code] };
  return {
    status: 'failed',
    started_at: startedAt,
    finished_at: closedAt,
    duration_ms: millisecondsBetween(startedAt, closedAt),
    error: { ...error, action: nodeId(index) },
    // If it told more than its start, the record says so and counts on.
    end_sequence: afterStarted,
    actions: actions.map((action) =>
      action.status === 'running' ? { ...action, status: 'failed', finished_at: closedAt, error } : action,
    ),
  };
}

function notRun({ type }: { type: string }, index: number): ActionOutcome {
  return { index, type, status: 'not_run', attempts: 0, started_at: null, finished_at: null };
}
