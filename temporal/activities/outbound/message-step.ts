/**
 * A message to a customer. It is handed over only after Temporal has noted so: whatever becomes of this process, a
 * message that may have been delivered is never taken for one that was not sent. Few are handed over again, since
 * providers and mail servers that do not answer have mostly taken what they were given.
 */
import { reported } from '#libs/domain/runs/action-report.ts';
import { CompleteAsyncError, Context } from '@temporalio/activity';
import type { CallOutcomes } from '#libs/domain/runs/call-outcome.ts';
import { RetryableError, SignalboxError } from '#libs/domain/errors/errors.ts';
import type { ActionResult, ActionTarget, TriesSoFar } from '#temporal/contract/activities.ts';
import type { AttemptLine } from './attempt-line.ts';
import { toApplicationFailure } from '../failure.ts';
import { keep } from '../crm/keep.ts';
import { isOwnOutage, TriedError } from './tried.ts';

export interface MessageActivityPorts {
  callOutcomes: CallOutcomes;
  attemptLine: (taskToken: Uint8Array) => AttemptLine;
  /** How often a message is handed over without an answer. */
  maxUnanswered: number;
}

export interface MessageInput extends ActionTarget {
  tries?: TriesSoFar;
}

/** What is read before a message can be sent, and then the sending itself. */
export type Prepare<Input> = (input: Input) => Promise<() => Promise<ActionResult>>;

const handedOver = 'handed_over';
/** Shows Temporal that the worker still waits for the answer. */
const beatMs = 10_000;

export function messageActivity<Input extends MessageInput>(prepare: Prepare<Input>, ports: MessageActivityPorts) {
  return async (input: Input): Promise<never> => {
    const { info, cancellationSignal: ending, heartbeat } = Context.current();
    const line = ports.attemptLine(info.taskToken);
    const before = input.tries ?? { made: 0, unanswered: 0 };
    const attempts = before.made + 1;
    const end = async (result: ActionResult & { attempts: number }, started_at: string): Promise<never> => {
      const kept = { key: input.key, ...result, started_at, finished_at: now() };
      await keep(() => line.complete(result), [kept], { ...ports, ending });
      throw new CompleteAsyncError();
    };
    const started_at = now();
    const known = info.attempt > 1 || attempts > 1 || isRetry(input) ? await ports.callOutcomes.get([input.key]) : [];
    for (const { attempts: made, ...kept } of known) {
      return end({ attempts: made, ...reported(kept) }, started_at);
    }
    let beat: NodeJS.Timeout | undefined;
    let result: ActionResult;
    try {
      if (info.heartbeatDetails === handedOver) throw new TriedError(lost);
      const send = await prepare(input);
      const taken = await keep(() => line.heartbeat(handedOver), [], { ...ports, ending });
      // Another attempt is in its place.
      if (taken === 'gone') throw new CompleteAsyncError();
      beat = setInterval(() => heartbeat(handedOver), beatMs);
      result = await asTried(send);
    } catch (thrown) {
      if (thrown instanceof CompleteAsyncError || isOwnOutage(thrown)) throw thrown;
      const judged = judge(thrown instanceof TriedError ? thrown : new TriedError(thrown), before, ports.maxUnanswered);
      throw toApplicationFailure(judged, { attempts });
    } finally {
      clearInterval(beat);
    }
    return end({ ...result, attempts }, started_at);
  };
}

const lost = new RetryableError('worker_lost', 'The worker that was sending the message was lost before the answer', {
  unanswered: true,
});

async function asTried(send: () => Promise<ActionResult>): Promise<ActionResult> {
  try {
    return await send();
  } catch (error) {
    throw new TriedError(error);
  }
}

/** Says of a message that may have been delivered that it may, and ends the trying after a few of them. */
function judge({ cause, tried }: TriedError, { unanswered }: TriesSoFar, most: number): TriedError {
  const times = unanswered + (tried.unanswered === true ? 1 : 0);
  if (times === 0) return new TriedError(cause, tried);
  const how = `handed over ${times === 1 ? 'once' : `${times} times`} without an answer, so it may have been delivered`;
  const message = `${cause instanceof Error ? cause.message : String(cause)} (${how})`;
  const code = cause instanceof SignalboxError ? cause.code : 'internal_error';
  return new TriedError(new RetryableError(code, message, { cause }), { ...tried, again: tried.again && times < most });
}

/** A retry of a run has the keys of the first one. */
function isRetry({ key, executionId }: ActionTarget): boolean {
  return !key.startsWith(`${executionId}/`);
}

function now(): string {
  return new Date().toISOString();
}
