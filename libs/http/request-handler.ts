/**
 * One call on the wire, from its place in the queue to the end of the answer. It settles exactly once; whatever undici
 * still reports afterwards is ignored, and a call that settled before it was written is never written.
 */
import type { Dispatcher } from 'undici';

/** The call's own time is over. */
export class RequestTimeoutError extends Error {
  override name = 'RequestTimeoutError';

  constructor(timeoutMs: number, phase: string) {
    super(`no complete answer within ${timeoutMs} ms (${phase})`);
  }
}

/** The caller's signal ended the call. */
export class RequestAbortedError extends Error {
  override name = 'RequestAbortedError';
}

export interface ExchangeOptions {
  timeoutMs: number;
  maxBytes: number;
  signal?: AbortSignal | undefined;
  /** Called once: with null when there is an answer, else with what went wrong. */
  onEnd: (error: Error | null) => void;
}

export class Exchange implements Dispatcher.DispatchHandler {
  status = 0;
  headers: Record<string, string | string[] | undefined> = {};
  private readonly chunks: Buffer[] = [];
  private received = 0;
  private truncated = false;
  private settled = false;
  private phase = 'still connecting';
  private controller: Dispatcher.DispatchController | null = null;
  private readonly timer: NodeJS.Timeout;
  private readonly options: ExchangeOptions;
  private readonly onAbort = (): void => this.settle(new RequestAbortedError());

  constructor(options: ExchangeOptions) {
    this.options = options;
    this.timer = setTimeout(
      () => this.settle(new RequestTimeoutError(options.timeoutMs, this.phase)),
      options.timeoutMs,
    );
    options.signal?.addEventListener('abort', this.onAbort);
  }

  /** True once it was written to a connection, or may have been: the other side may act on it. */
  get isHandedOver(): boolean {
    return this.controller !== null;
  }

  /** What was received of the body. */
  text(): string {
    const bytes = Buffer.concat(this.chunks);
    // `stream` leaves out a character that the cut went through.
    return new TextDecoder().decode(bytes, { stream: this.truncated });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    this.phase = 'waiting for the answer';
    if (this.settled) controller.abort(new Error('the call ended before it was sent'));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.status = status;
    this.headers = headers;
    this.phase = 'reading the body';
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.settled) return;
    const room = this.options.maxBytes - this.received;
    this.received += chunk.length;
    this.chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
    if (chunk.length <= room) return;
    this.truncated = true;
    this.settle(null);
  }

  onResponseEnd(): void {
    this.settle(null);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.settle(error);
  }

  private settle(error: Error | null): void {
    if (this.settled) return;
    this.settled = true;
    clearTimeout(this.timer);
    this.options.signal?.removeEventListener('abort', this.onAbort);
    this.options.onEnd(error);
    // Frees the connection of a call that ends before its answer does; without effect when the answer is complete.
    if (error !== null || this.truncated) this.controller?.abort(new Error('the call is over'));
  }
}
