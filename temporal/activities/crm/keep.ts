/**
 * Keeps what became of a call before anything is built upon it. Temporal has it as soon as it has answered; while
 * Temporal is away, or has given the attempt up, the store has it. So another attempt, in whatever process, does not
 * repeat a call that was answered.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallOutcomes, KeptOutcome } from '#libs/domain/runs/call-outcome.ts';
import type { Taken } from '../outbound/attempt-line.ts';

/** How long Temporal may be silent before the store is asked. */
const storeAfterMs = 1_000;
const pauseMs = 250;
/** A request that has no end by itself is made again: another attempt may wait for this one. */
const maxAskMs = 15_000;

export interface KeepPorts {
  callOutcomes: CallOutcomes;
  /** Aborted when the process is to end: what is in the store is then enough. */
  ending: AbortSignal;
}

/**
 * Resolves once Temporal has answered, however long that takes. Outcomes of which Temporal knows nothing are in the
 * store by then.
 * @param send is repeated until it succeeds
 * @returns `gone` also when the process ends before Temporal has answered
 */
export async function keep(
  send: () => Promise<Taken>,
  outcomes: readonly KeptOutcome[],
  { callOutcomes, ending }: KeepPorts,
): Promise<Taken> {
  let isStored = outcomes.length === 0;
  const ask = (): Promise<Taken | 'away'> =>
    Promise.race([send().catch(() => 'away' as const), sleep(maxAskMs, 'away' as const, { ref: false })]);
  for (let asked = ask(); ;) {
    const answer = await Promise.race([asked, sleep(storeAfterMs, 'silent' as const, { ref: false })]);
    if (answer === 'taken') return answer;
    if (!isStored) isStored = await isDone(callOutcomes.put(outcomes));
    if (isStored && (answer === 'gone' || ending.aborted)) return 'gone';
    await sleep(pauseMs);
    if (answer === 'away') asked = ask();
  }
}

function isDone(work: Promise<void>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}
