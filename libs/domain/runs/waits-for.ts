/** What a run that is under way waits for, as its record tells. */
import type { RunRecord } from './run.ts';

/** `approval`: people's answer; `delay`: a time; `operator`: an operator has paused it and has to let it go on. */
export const waitReasons = ['approval', 'delay', 'operator'] as const;
export type WaitReason = (typeof waitReasons)[number];

/** @returns null when it waits for none of them */
export function waitReasonOf({ status, actions }: Pick<RunRecord, 'status' | 'actions'>): WaitReason | null {
  const present = actions.findLast((one) => one.status === 'running')?.type;
  if (status === 'paused') return present === 'approval.request' ? 'approval' : 'operator';
  return status === 'running' && present === 'delay' ? 'delay' : null;
}
