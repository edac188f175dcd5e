/**
 * Calls the handlers of an event: one after the other, each within its time and apart from the others. One that failed is
 * called again by itself, when the others have had their turn.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { LimitFunction } from 'p-limit';
import { rejection } from '#libs/async/rejection.ts';
import { backoff, type Pauses } from '#libs/async/backoff.ts';
import { messageOf, RetryableError, SignalboxError } from '#libs/domain/errors/errors.ts';
import { maskText } from '#libs/domain/masking/masking.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import type { RegisteredHandler } from './handler-registry.ts';
import type { WorkflowEvent } from './workflow-event.ts';

export interface HandlerCallOptions {
  timeoutMs: number;
  attempts: number;
  pauses: Pauses;
  /** Bounds the calls under way. */
  limit: LimitFunction;
  log: Logger;
}

export interface CallSignals {
  /** Aborted when no further call is to begin. */
  closing: AbortSignal;
  /** Aborted when calls under way are to end, too. */
  ending: AbortSignal;
}

/** A handler that has failed for good. */
export interface HandlerFailure {
  handler: string;
  error: unknown;
  attempts: number;
}

export class HandlerCalls {
  readonly #options: HandlerCallOptions;

  constructor(options: HandlerCallOptions) {
    this.#options = options;
  }

  /**
   * @returns the handlers that have failed for good; all others have handled the event
   * @throws the reason of a signal: it is then unknown which handlers have
   */
  async deliver(
    event: WorkflowEvent,
    handlers: readonly RegisteredHandler[],
    signals: CallSignals,
  ): Promise<HandlerFailure[]> {
    const failed: { handler: RegisteredHandler; failure: HandlerFailure }[] = [];
    for (const handler of handlers) {
      const failure = await this.#attempt(handler, event, 1, signals);
      if (failure !== null) failed.push({ handler, failure });
    }
    const ends = failed.map(({ handler, failure }) => this.#repeat(handler, event, failure, signals));
    return (await Promise.all(ends)).filter((failure) => failure !== null);
  }

  /** @returns null when an attempt was good after all */
  async #repeat(
    handler: RegisteredHandler,
    event: WorkflowEvent,
    first: HandlerFailure,
    signals: CallSignals,
  ): Promise<HandlerFailure | null> {
    const pauses = backoff(this.#options.pauses);
    let failure: HandlerFailure | null = first;
    while (failure !== null && failure.attempts < this.#options.attempts && !isFinal(failure.error)) {
      const pauseMs: number = pauses.next().value;
      await sleep(pauseMs, undefined, { signal: signals.closing }).catch(() => signals.closing.throwIfAborted());
      failure = await this.#attempt(handler, event, failure.attempts + 1, signals);
    }
    return failure;
  }

  #attempt(
    handler: RegisteredHandler,
    event: WorkflowEvent,
    attempts: number,
    { closing, ending }: CallSignals,
  ): Promise<HandlerFailure | null> {
    return this.#options.limit(async () => {
      closing.throwIfAborted();
      try {
        await this.#call(handler, event, ending);
        return null;
      } catch (error) {
        ending.throwIfAborted();
        this.#tell(handler.name, event, attempts, error);
        return { handler: handler.name, error, attempts };
      }
    });
  }

  /** Rejects at the time limit, also when the handler goes on. */
  async #call(handler: RegisteredHandler, event: WorkflowEvent, ending: AbortSignal): Promise<void> {
    const { timeoutMs } = this.#options;
    const call = new AbortController();
    const end = (): void => call.abort(ending.reason);
    const timer = setTimeout(() => call.abort(timeoutError(timeoutMs)), timeoutMs);
    ending.addEventListener('abort', end, { once: true });
    if (ending.aborted) end();
    try {
      await Promise.race([handler.handle(event, call.signal), rejection(call.signal)]);
    } finally {
      clearTimeout(timer);
      ending.removeEventListener('abort', end);
    }
  }

  /** Nothing of the event's content, and of the error only what it says of itself: its members may hold a whole request. */
  #tell(handler: string, event: WorkflowEvent, attempt: number, error: unknown): void {
    const { eventId, eventType, executionId } = event;
    const { name, stack } = error instanceof Error ? error : { name: typeof error, stack: undefined };
    const about = { handler, eventId, eventType, executionId, attempt, error: name, stack: maskText(stack ?? '') };
    this.#options.log.warn(about, `a handler of workflow events failed: ${maskText(messageOf(error))}`);
  }
}

function timeoutError(timeoutMs: number): RetryableError {
  return new RetryableError('handler_timeout', `the handler did not end within ${timeoutMs} ms`);
}

function isFinal(error: unknown): boolean {
  return error instanceof SignalboxError && !error.retryable;
}
