/** Matching one event to its end however long that takes, unless one of its rules alone takes too long. */
import type { MatchTask } from '#libs/domain/matching/match-task.ts';
import type { Rule } from '#libs/domain/rules/rule.ts';
import type { Pace } from '#libs/matching/pace.ts';

export interface PacedMatch {
  /** Milliseconds of work. */
  tookMs: number;
  /** The rule that took longer than a rule may; null = the task is done. */
  overrun: Rule | null;
}

/** @param ruleMs how long one rule may take, in milliseconds @throws the signal's reason */
export async function matchPaced(
  task: MatchTask,
  pace: Pace,
  ruleMs: number,
  signal: AbortSignal,
): Promise<PacedMatch> {
  let tookMs = 0;
  let ofRuleMs = 0;
  for (;;) {
    const rule = task.current;
    const stopTimer = startTimer();
    const isDone = task.run(pace.isOver);
    const sliceMs = stopTimer();
    tookMs += sliceMs;
    if (isDone) return { tookMs, overrun: null };
    ofRuleMs = task.current?.id === rule?.id ? ofRuleMs + sliceMs : 0;
    if (ofRuleMs > ruleMs) return { tookMs, overrun: rule };
    await pace.rest(signal);
  }
}

/** Of the time on the clock and that on the processor the shorter: on a busy machine a process may stand still. */
function startTimer(): () => number {
  const since = performance.now();
  const { user, system } = process.cpuUsage();
  return () => {
    const worked = process.cpuUsage();
    return Math.min(performance.now() - since, (worked.user + worked.system - user - system) / 1000);
  };
}
