/**
 * One stream of lifecycle events as Server-Sent Events. It holds a position and no events: what its reader does not take
 * is read again later.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
import type { ServerResponse } from 'node:http';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KeptEvent, LifecycleFilter } from '#libs/domain/runs/lifecycle-log.ts';
import { PositionTooOldError, type EventPage, type EventReader } from '#libs/lifecycle/event-reader.ts';
import { formatPosition, type Position } from '#libs/lifecycle/position.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import type { RecentEvents } from './recent-events.ts';

export interface EventStreamOptions {
  reader: EventReader;
  recent: RecentEvents;
  /** Null: from now on. */
  after: Position | null;
  filter: LifecycleFilter;
  /** What of an event is sent. */
  textOf(event: KeptEvent): Promise<string>;
  /** How long the reader may take nothing of what is there, in milliseconds. */
  stallMs: number;
  /** Aborted when the stream has to end, in order. */
  ending: AbortSignal;
  log: Logger;
}

/** How often a comment is sent when there is nothing else, in milliseconds: proxies end connections that are silent. */
const keepAliveMs = 15_000;
/** Read from the store in one go. */
const pageSize = 100;
const pauseMs = 1_000;

const headers = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  // Of nginx: it would collect what is sent.
  'X-Accel-Buffering': 'no',
};

export class EventStream {
  readonly #response: ServerResponse;
  readonly #options: EventStreamOptions;
  readonly #closed = new AbortController();
  readonly #signal: AbortSignal;
  #position: Position | null;
  /** The store was empty when "now" was looked for: each event that it keeps later is new. */
  #wasEmpty = false;
  #sentAt = performance.now();

  constructor(response: ServerResponse, options: EventStreamOptions) {
    this.#response = response;
    this.#options = options;
    this.#position = options.after;
    this.#signal = AbortSignal.any([options.ending, this.#closed.signal]);
    response.once('close', () => this.#closed.abort());
  }

  /** Resolves when the stream has ended, by whatever. */
  async run(): Promise<void> {
    const leave = this.#options.recent.follow();
    try {
      await this.#beginNow();
      this.#response.writeHead(200, headers);
      await this.#send('retry: 1000\n: connected\n\n');
      while (!this.#signal.aborted) await this.#next();
    } finally {
      leave();
      this.#response.end();
    }
  }

  /**
   * "From now on" begins before the reader hears that it follows: it may read what is, and then counts on the stream for
   * what follows. A store that is away does not keep it waiting for long.
   */
  async #beginNow(): Promise<void> {
    if (this.#position !== null) return;
    const waiting = new AbortController();
    const late = sleep(pauseMs, null, { signal: AbortSignal.any([this.#signal, waiting.signal]) }).catch(() => null);
    this.#position = await Promise.race([this.#findNow().catch(() => null), late]);
    waiting.abort();
  }

  async #findNow(): Promise<Position | null> {
    const { reader } = this.#options;
    const position = await (this.#wasEmpty ? reader.earliest() : reader.latest());
    this.#wasEmpty = position === null;
    return position;
  }

  async #next(): Promise<void> {
    const { recent, log } = this.#options;
    const before = recent.changes;
    try {
      if (await this.#sendWhatIsThere()) return;
    } catch (error) {
      if (this.#signal.aborted) return;
      log.debug({ err: error }, 'a stream waits for the store');
      await sleep(pauseMs, undefined, { signal: this.#signal }).catch(() => {});
    }
    const silentMs = performance.now() - this.#sentAt;
    if (silentMs >= keepAliveMs) await this.#send(': keep-alive\n\n');
    else await recent.changed(before, keepAliveMs - silentMs, this.#signal);
  }

  /** @returns whether it has come further */
  async #sendWhatIsThere(): Promise<boolean> {
    const { reader, recent, filter } = this.#options;
    this.#position ??= await this.#findNow();
    // Nothing was ever kept.
    if (this.#position === null) return false;
    const position = { topicId: this.#position.topicId, next: [...this.#position.next] };
    const held = recent.behind(position);
    if (held !== null) {
      for (const event of held.events) {
        position.next[event.partition] = event.offset + 1;
        if (isWanted(event, filter)) await this.#sendEvent(event, position);
        if (this.#signal.aborted) return true;
      }
      this.#position = held.next;
      return held.events.length > 0;
    }
    let page: EventPage | null;
    try {
      page = await reader.read(position, filter, pageSize);
    } catch (error) {
      if (!(error instanceof PositionTooOldError)) throw error;
      await this.#tellGap(error.earliest);
      return true;
    }
    // Nothing was ever kept.
    if (page === null) return false;
    for (const { event, position: behind } of page.events) {
      await this.#sendEvent(event, behind);
      if (this.#signal.aborted) return true;
    }
    this.#position = page.next;
    return !page.isAtEnd || page.events.length > 0;
  }

  /** Events are gone: says from where the stream goes on. */
  async #tellGap(earliest: Position): Promise<void> {
    this.#position = earliest;
    const id = formatPosition(earliest);
    const data = JSON.stringify({ message: 'Events are missing here: they are kept no longer', goes_on_behind: id });
    await this.#send(`id: ${id}\nevent: gap\ndata: ${data}\n\n`);
  }

  async #sendEvent(event: KeptEvent, behind: Position): Promise<void> {
    const text = await this.#options.textOf(event);
    await this.#send(`id: ${formatPosition(behind)}\nevent: ${event.type}\ndata: ${text}\n\n`);
    this.#position = { topicId: behind.topicId, next: [...behind.next] };
  }

  /** Resolves when the reader has taken what was sent before; lets one go that takes nothing. */
  async #send(text: string): Promise<void> {
    if (this.#signal.aborted) return;
    this.#sentAt = performance.now();
    if (this.#response.write(text)) return;
    const late = AbortSignal.timeout(this.#options.stallMs);
    try {
      await once(this.#response, 'drain', { signal: AbortSignal.any([this.#signal, late]) });
    } catch {
      if (late.aborted) this.#response.destroy();
    }
  }
}

function isWanted(event: KeptEvent, { tenants, processId, executionId, types }: LifecycleFilter): boolean {
  return (
    (tenants === undefined || tenants.includes(event.tenantId)) &&
    (processId === undefined || processId === event.processId) &&
    (executionId === undefined || executionId === event.executionId) &&
    (types === undefined || types.includes(event.type))
  );
}
