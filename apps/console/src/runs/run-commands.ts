/** What an administrator may ask of a run. */
import type { ActionOutcome, LiveRun } from '../shared/client.ts';

export const commands = ['pause', 'resume', 'cancel', 'retry', 'release', 'discard'] as const;
export type Command = (typeof commands)[number];

type Run = Pick<LiveRun, 'status' | 'live' | 'paused_by' | 'reason'>;

export function commandsFor({ status, live, paused_by, reason }: Run): Command[] {
  if (status === 'held') return reason === 'released' ? ['release'] : ['release', 'discard'];
  if (status === 'failed') return ['retry'];
  if (status !== 'running' && status !== 'paused') return [];
  // Whether an operator has paused it, the run alone knows: one that waits for people may be paused, too.
  if (!live) return status === 'paused' ? ['pause', 'resume', 'cancel'] : ['pause', 'cancel'];
  return [paused_by === null ? 'pause' : 'resume', 'cancel'];
}

export type RetryPart = 'kept' | 'repeated' | 'executed';

/** What a retry does about each action: what comes before the one that failed is not done again. */
export function retryPlan({ actions, error }: Pick<LiveRun, 'actions' | 'error'>): RetryPart[] {
  const named = actions.findIndex(({ index }) => `action-${index}` === error?.action);
  const from = named >= 0 ? named : Math.max(0, actions.findIndex(isOpen));
  return actions.map(({ attempts }, place) => {
    if (place < from) return 'kept';
    return place === from && attempts > 0 ? 'repeated' : 'executed';
  });
}

function isOpen({ status }: ActionOutcome): boolean {
  return status !== 'completed' && status !== 'skipped';
}
